"""What a return must know of an item and its loan, read by one statement under the locks."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from shufang.circulation.queries.stored import known_time
from shufang.circulation.rules.lending import OpenLoan
from shufang.kernel.numbers import as_number

_GATHER = """
SELECT i.id, i.title_id, i.library_id, i.home_branch_id, i.kind_id, i.status, i.status_since, i.call_number, i.shelf,
i.is_floating, t.title, t.material,
l.id, l.patron_id, l.due_at, l.renewals, l.status, l.policy_id, l.calendar_branch_id, l.borrowed_at, l.card_kind_id,
p.revision, p.keeps_history, p.birth_date,
(SELECT c.number FROM patrons_card c WHERE c.patron_id = l.patron_id
 ORDER BY CASE c.status WHEN 'active' THEN 0 WHEN 'issued' THEN 1 ELSE 2 END, c.id DESC LIMIT 1),
EXISTS (SELECT 1 FROM circulation_hold h WHERE h.title_id = i.title_id AND h.patron_id IS NOT NULL),
EXISTS (SELECT 1 FROM circulation_transit x WHERE x.item_id = i.id AND x.received_at IS NULL),
EXISTS (SELECT 1 FROM branches_storedreply r WHERE r.subject = 'item' AND r.subject_id = i.id AND r.key = %s),
(SELECT s.stamp FROM circulation_rulesstamp s), i.current_branch_id
FROM catalogue_item i
JOIN catalogue_title t ON t.id = i.title_id
LEFT JOIN circulation_loan l ON l.item_id = i.id AND NOT (l.status = 'closed')
LEFT JOIN patrons_patron p ON p.id = l.patron_id
WHERE i.barcode = %s
"""


class Borrowed(NamedTuple):
    """An open loan and what of its patron its closing needs. `card_number`: his good card, else his newest."""

    loan: OpenLoan
    revision: int
    keeps_history: bool
    birth_date: date | None
    card_number: str


class Returning(NamedTuple):
    """An item that lies at a place. `has_holds`: an open hold stands on the title; `is_travelling`: a transit is open.

    `may_repeat`: the item's stored reply is of a request with this key.
    """

    item_id: int
    title_id: int
    library_id: int
    home_branch_id: int
    kind_id: int
    status: str
    status_since: datetime
    call_number: str
    shelf: str
    is_floating: bool
    title: str
    material: str
    borrowed: Borrowed | None
    has_holds: bool
    is_travelling: bool
    may_repeat: bool
    rules_stamp: int | None
    stands_at: int


def gather(cursor: CursorWrapper, barcode: str, key: bytes = b"") -> Returning | None:
    """Read what is known of an item; None: unknown barcode. `key`: of the request. One statement."""
    cursor.execute(_GATHER, (key, as_number(barcode)))
    row = cursor.fetchone()
    if row is None:
        return None
    borrowed = None
    if row[12] is not None:
        due_at, borrowed_at = known_time(row[14]), known_time(row[19])
        loan = OpenLoan(row[12], row[13], due_at, row[15], row[16], row[17], row[18], borrowed_at, row[20])
        borrowed = Borrowed(loan, row[21], bool(row[22]), row[23], row[24] or "")
    return Returning(
        item_id=row[0],
        title_id=row[1],
        library_id=row[2],
        home_branch_id=row[3],
        kind_id=row[4],
        status=row[5],
        status_since=known_time(row[6]),
        call_number=row[7],
        shelf=row[8],
        is_floating=bool(row[9]),
        title=row[10],
        material=row[11],
        borrowed=borrowed,
        has_holds=bool(row[25]),
        is_travelling=bool(row[26]),
        may_repeat=bool(row[27]),
        rules_stamp=row[28],
        stands_at=row[29],
    )
