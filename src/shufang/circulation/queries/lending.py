"""What checkout and renewal must know, read by one statement under the locks; an open loan by a second one.

Every column costs time in the driver, so only what every checkout needs stands here; what is rare is asked for apart.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from shufang.circulation.queries.stored import as_stored, as_stored_day, from_cents, from_stored, known_time
from shufang.circulation.rules.card import ShownCard
from shufang.circulation.rules.lending import OpenLoan, Standing
from shufang.kernel.numbers import as_number

_LOANS = "FROM circulation_loan x WHERE x.patron_id = c.patron_id"

_GATHER = f"""
SELECT c.patron_id, c.status, c.expires_on, c.kind_id, p.birth_date, p.revision,
EXISTS (SELECT 1 FROM patrons_block b WHERE b.patron_id = c.patron_id AND b.lifted_at IS NULL),
i.id, i.title_id, i.library_id, i.kind_id, i.status, i.is_for_loan, t.title, t.material, l.patron_id,
(SELECT count(*) {_LOANS}), (SELECT count(*) {_LOANS} AND x.group_id = k.group_id),
EXISTS (SELECT 1 {_LOANS} AND x.due_at < %s AND x.status = 'open'),
(SELECT CAST(ROUND(SUM(m.amount - m.settled) * 100) AS BIGINT) FROM money_charge m
 WHERE m.patron_id = c.patron_id AND m.settled_at IS NULL),
EXISTS (SELECT 1 FROM circulation_readermonth y WHERE y.patron_id = c.patron_id AND y.month = %s AND y.branch_id = %s),
EXISTS (SELECT 1 FROM circulation_hold h WHERE h.title_id = i.title_id AND h.patron_id IS NOT NULL),
EXISTS (SELECT 1 FROM branches_storedreply r WHERE r.subject = 'item' AND r.subject_id = i.id AND r.key = %s),
(SELECT n.at FROM circulation_event n ORDER BY n.at DESC LIMIT 1),
(SELECT s.stamp FROM circulation_rulesstamp s), p.language, i.current_branch_id, p.pin_version
FROM (SELECT 1 AS one) one
LEFT JOIN patrons_card c ON c.number = %s
LEFT JOIN patrons_patron p ON p.id = c.patron_id
LEFT JOIN catalogue_item i ON i.barcode = %s
LEFT JOIN catalogue_itemkind k ON k.id = i.kind_id
LEFT JOIN catalogue_title t ON t.id = i.title_id
LEFT JOIN circulation_loan l ON l.item_id = i.id AND NOT (l.status = 'closed')
"""  # noqa: S608  # no value stands in the text

_LOAN = """
SELECT id, patron_id, due_at, renewals, status, policy_id, calendar_branch_id, borrowed_at, card_kind_id
FROM circulation_loan WHERE item_id = %s AND NOT (status = 'closed')
"""


class SeenItem(NamedTuple):
    """An item as its row says; what its kind adds is a rule."""

    item_id: int
    title_id: int
    library_id: int
    kind_id: int
    status: str
    is_for_loan: bool
    title: str
    material: str
    stands_at: int


class Gathered(NamedTuple):
    """Everything about one card and one item. None: unknown card, unknown item, no open loan.

    `has_holds`: an open hold stands on the title. `may_repeat`: the item's stored reply is of a request with this key.
    """

    card: ShownCard | None
    item: SeenItem | None
    loan: OpenLoan | None
    standing: Standing
    revision: int
    is_reader_of_month: bool
    has_holds: bool
    may_repeat: bool
    newest_event_at: datetime | None
    rules_stamp: int | None
    language: str
    pin_version: int | None


def gather(
    cursor: CursorWrapper, card_number: str, barcode: str, branch_id: int, month: date, key: bytes, now: datetime
) -> Gathered:
    """Read what is known of a card and an item, for lending at a branch. One statement, two where a loan is open."""
    numbers = as_number(card_number), as_number(barcode)
    cursor.execute(_GATHER, (as_stored(now), as_stored_day(month), branch_id, key, *numbers))
    row = cursor.fetchone()
    card = None
    if row[0] is not None:
        card = ShownCard(row[0], row[1], row[2], row[3], row[4], bool(row[6]))
    item = loan = None
    if row[7] is not None:
        item = SeenItem(row[7], row[8], row[9], row[10], row[11], bool(row[12]), row[13], row[14], row[26])
        if row[15] is not None:
            loan = _open_loan(cursor, row[7])
    return Gathered(
        card,
        item,
        loan,
        Standing(row[16], row[17], bool(row[18]), from_cents(row[19])),
        row[5] or 0,
        bool(row[20]),
        bool(row[21]),
        bool(row[22]),
        from_stored(row[23]),
        row[24],
        row[25] or "",
        row[27],
    )


def _open_loan(cursor: CursorWrapper, item_id: int) -> OpenLoan | None:
    cursor.execute(_LOAN, (item_id,))
    row = cursor.fetchone()
    if row is None:
        return None
    return OpenLoan(row[0], row[1], known_time(row[2]), row[3], row[4], row[5], row[6], known_time(row[7]), row[8])
