"""Loans, and the items that are lent."""

# ruff: noqa: S608  # the queries are put together from constants of this file alone

from shufang.config.invariants.rule import Invariant

_OPEN = "l.status <> 'closed'"
_UNUSUAL = (
    "NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.subject_kind = 'item' AND a.subject_id = l.item_id "
    "AND a.action LIKE 'override%limit%' AND a.at >= l.borrowed_at) "
    "AND NOT EXISTS (SELECT 1 FROM circulation_event e WHERE e.item_id = l.item_id AND e.loan_id = l.id "
    "AND (e.verb = 'checkout' AND e.detail LIKE '% happened=%' OR e.verb = 'cancel_checkin'))"
)
"""Loans that may stand above a limit: staff overrode it, the line was down, or a return was undone."""

INVARIANTS = (
    Invariant(
        "one_open_loan_an_item",
        "Item {0} has {1} open loans.",
        f"SELECT l.item_id, count(*) FROM circulation_loan l WHERE {_OPEN} GROUP BY l.item_id HAVING count(*) > 1",
    ),
    Invariant(
        "lent_item_has_its_loan",
        "Item {0} ({1}) is {2} by its status, but no open loan has it.",
        "SELECT i.id, i.barcode, i.status FROM catalogue_item i "
        "WHERE i.status IN ('on_loan', 'lost', 'claimed_returned') "
        f"AND NOT EXISTS (SELECT 1 FROM circulation_loan l WHERE l.item_id = i.id AND {_OPEN})",
    ),
    Invariant(
        "open_loan_has_a_lent_item",
        "Loan {0} is {1}, but its item {2} is {3}.",
        "SELECT l.id, l.status, l.item_id, i.status FROM circulation_loan l JOIN catalogue_item i ON i.id = l.item_id "
        f"WHERE {_OPEN} AND i.status <> CASE l.status WHEN 'open' THEN 'on_loan' ELSE l.status END",
    ),
    Invariant(
        "closed_loan_forgets_its_patron",
        "Loan {0} is closed, but still says who had the item.",
        "SELECT id FROM circulation_loan WHERE status = 'closed' AND patron_id IS NOT NULL",
    ),
    Invariant(
        "open_loan_has_a_patron",
        "Loan {0} is open, but nobody has it.",
        "SELECT id FROM circulation_loan WHERE status <> 'closed' AND patron_id IS NULL",
    ),
    Invariant(
        "loan_times_in_order",
        "Loan {0} was due or returned before it was borrowed.",
        "SELECT id FROM circulation_loan WHERE due_at < borrowed_at OR returned_at < borrowed_at",
    ),
    Invariant(
        "loan_of_the_owner",
        "Loan {0} is of library {1}, but its item belongs to library {2}.",
        "SELECT l.id, l.library_id, i.library_id FROM circulation_loan l JOIN catalogue_item i ON i.id = l.item_id "
        "WHERE l.status <> 'closed' AND l.library_id <> i.library_id",
    ),
    Invariant(
        "nobody_above_the_limit",
        "Patron {0} has {1} loans, {2} are allowed, and nobody overrode the limit.",
        "SELECT l.patron_id, count(*), x.most FROM circulation_loan l "
        "JOIN patrons_card c ON c.patron_id = l.patron_id AND c.status = 'active' AND c.kind_id = l.card_kind_id "
        "JOIN circulation_limit x ON x.card_kind_id = c.kind_id AND x.counts = 'loans' AND x.group_id IS NULL "
        f"WHERE {_OPEN} AND {_UNUSUAL} GROUP BY l.patron_id, x.most HAVING count(*) > x.most",
    ),
    Invariant(
        "nobody_above_a_group_limit",
        "Patron {0} has {1} loans of group {2}, {3} are allowed, and nobody overrode the limit.",
        "SELECT l.patron_id, count(*), l.group_id, x.most FROM circulation_loan l "
        "JOIN patrons_card c ON c.patron_id = l.patron_id AND c.status = 'active' AND c.kind_id = l.card_kind_id "
        "JOIN circulation_limit x ON x.card_kind_id = c.kind_id AND x.counts = 'loans' AND x.group_id = l.group_id "
        f"WHERE {_OPEN} AND {_UNUSUAL} GROUP BY l.patron_id, l.group_id, x.most HAVING count(*) > x.most",
    ),
)
