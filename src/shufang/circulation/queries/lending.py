"""What checkout, renewal and checkin must know, read by one statement under the locks."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from shufang.branches.replies import Stored
from shufang.circulation.queries.stored import as_stored, as_stored_day, from_cents, from_stored, known_time
from shufang.circulation.rules.card import ShownCard
from shufang.circulation.rules.lending import Copy, OpenLoan, Standing

_LOANS = "FROM circulation_loan x WHERE x.patron_id = c.patron_id"

_GATHER = f"""
SELECT c.id, c.status, c.expires_on, c.kind_id, c.patron_id, p.birth_date, p.revision,
EXISTS (SELECT 1 FROM patrons_block b WHERE b.patron_id = c.patron_id AND b.lifted_at IS NULL),
i.id, i.title_id, i.library_id, i.current_branch_id, i.kind_id, k.group_id, i.status, i.is_for_loan, k.is_for_loan,
k.least_age, i.volume, t.title, t.material,
l.id, l.patron_id, l.due_at, l.renewals, l.status, l.policy_id, l.calendar_branch_id, l.borrowed_at, l.card_kind_id,
(SELECT count(*) {_LOANS}), (SELECT count(*) {_LOANS} AND x.group_id = k.group_id),
EXISTS (SELECT 1 {_LOANS} AND x.due_at < %s AND x.status = 'open'),
(SELECT CAST(ROUND(SUM(m.amount - m.settled) * 100) AS BIGINT) FROM money_charge m
 WHERE m.patron_id = c.patron_id AND m.settled_at IS NULL),
EXISTS (SELECT 1 FROM circulation_readermonth y WHERE y.patron_id = c.patron_id AND y.month = %s AND y.branch_id = %s),
EXISTS (SELECT 1 FROM circulation_hold h WHERE h.title_id = i.title_id AND h.patron_id IS NOT NULL),
(SELECT max(e.id) FROM circulation_event e WHERE e.item_id = i.id),
(SELECT n.at FROM circulation_event n ORDER BY n.id DESC LIMIT 1),
(SELECT s.stamp FROM circulation_rulesstamp s),
r.key, r.marker, r.connection, r.sequence, r.at, r.reply
FROM (SELECT 1 AS one) one
LEFT JOIN patrons_card c ON c.number = %s
LEFT JOIN patrons_patron p ON p.id = c.patron_id
LEFT JOIN catalogue_item i ON i.barcode = %s
LEFT JOIN catalogue_itemkind k ON k.id = i.kind_id
LEFT JOIN catalogue_title t ON t.id = i.title_id
LEFT JOIN circulation_loan l ON l.item_id = i.id AND NOT (l.status = 'closed')
LEFT JOIN branches_storedreply r ON r.subject = 'item' AND r.subject_id = i.id
"""  # noqa: S608  # no value stands in the text


class Gathered(NamedTuple):
    """Everything about one card and one item. None: unknown card, unknown item, no open loan.

    `has_holds`: an open hold stands on the title. `newest_event_id` is the item's, `newest_event_at` the network's.
    """

    card: ShownCard | None
    copy: Copy | None
    loan: OpenLoan | None
    standing: Standing
    revision: int
    is_reader_of_month: bool
    has_holds: bool
    newest_event_id: int
    newest_event_at: datetime | None
    rules_stamp: int | None
    stored: Stored | None


def gather(
    cursor: CursorWrapper, card_number: str, barcode: str, branch_id: int, month: date, now: datetime
) -> Gathered:
    """Read what is known of a card and an item, for lending at a branch. One statement."""
    cursor.execute(_GATHER, [as_stored(now), as_stored_day(month), branch_id, card_number, barcode])
    row = cursor.fetchone()
    card = None
    if row[0] is not None:
        card = ShownCard(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[7]))
    copy = loan = stored = None
    if row[8] is not None:
        copy = Copy(
            item_id=row[8],
            title_id=row[9],
            library_id=row[10],
            current_branch_id=row[11],
            kind_id=row[12],
            group_id=row[13],
            status=row[14],
            is_for_loan=bool(row[15]) and bool(row[16]),
            least_age=row[17],
            volume=row[18],
            title=row[19],
            material=row[20],
        )
        if row[21] is not None:
            due_at, borrowed_at = known_time(row[23]), known_time(row[28])
            loan = OpenLoan(row[21], row[22], due_at, row[24], row[25], row[26], row[27], borrowed_at, row[29])
    if row[39] is not None:
        stored = Stored(bytes(row[39]), row[40], row[41], row[42], known_time(row[43]), bytes(row[44]))
    return Gathered(
        card=card,
        copy=copy,
        loan=loan,
        standing=Standing(row[30], row[31], bool(row[32]), from_cents(row[33])),
        revision=row[6] or 0,
        is_reader_of_month=bool(row[34]),
        has_holds=bool(row[35]),
        newest_event_id=row[36] or 0,
        newest_event_at=from_stored(row[37]),
        rules_stamp=row[38],
        stored=stored,
    )
