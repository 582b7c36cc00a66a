"""What happened, compared with what is."""

from shufang.config.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "loan_has_its_event",
        "Loan {0} of item {1} was never recorded as an event.",
        "SELECT l.id, l.item_id FROM circulation_loan l WHERE l.id NOT IN "
        "(SELECT e.loan_id FROM circulation_event e WHERE e.loan_id IS NOT NULL AND e.verb = 'checkout')",
    ),
    Invariant(
        "event_of_the_loans_item",
        "Event {0} speaks of loan {1}, but of another item.",
        "SELECT e.id, l.id FROM circulation_event e JOIN circulation_loan l ON l.id = e.loan_id "
        "WHERE e.item_id <> l.item_id",
    ),
)
