"""Money: every charge, payment and deposit adds up."""

from shufang.config.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "charge_is_the_sum_of_its_parts",
        "Charge {0} says that {1} is settled, but its parts are {2}.",
        "SELECT c.id, c.settled, coalesce(sum(s.amount), 0) FROM money_charge c "
        "LEFT JOIN money_settlement s ON s.charge_id = c.id GROUP BY c.id, c.settled "
        "HAVING abs(c.settled - coalesce(sum(s.amount), 0)) > 0.001",
    ),
    Invariant(
        "charge_settled_when_all_is",
        "Charge {0} of {1} is settled by {2}, but its day of settlement says otherwise.",
        "SELECT id, amount, settled FROM money_charge WHERE (settled_at IS NULL) = (abs(amount - settled) < 0.001)",
    ),
    Invariant(
        "open_charge_has_a_patron",
        "Charge {0} is open, but nobody owes it.",
        "SELECT id FROM money_charge WHERE settled_at IS NULL AND patron_id IS NULL",
    ),
    Invariant(
        "payment_settles_its_amount",
        "Payment {0} of {1} settles {2}.",
        "SELECT p.id, p.amount, coalesce(sum(s.amount), 0) FROM money_payment p "
        "LEFT JOIN money_settlement s ON s.payment_id = p.id LEFT JOIN money_refunddue r ON r.surplus_of_id = p.id "
        "WHERE p.amount > 0 AND NOT EXISTS (SELECT 1 FROM money_deposit d WHERE d.payment_id = p.id) "
        "GROUP BY p.id, p.amount, r.amount "
        "HAVING abs(p.amount - coalesce(sum(s.amount), 0) - coalesce(r.amount, 0)) > 0.001",
    ),
    Invariant(
        "online_payment_counts_its_amount",
        "Order {0} of {1} counted with a payment of {2}, or under another reference.",
        "SELECT o.id, o.amount, p.amount FROM money_onlinepayment o JOIN money_payment p ON p.id = o.payment_id "
        "WHERE abs(o.amount - p.amount) > 0.001 OR o.provider <> p.scope OR o.provider_reference <> p.reference",
    ),
    Invariant(
        "deposit_is_what_was_paid",
        "Deposit {0} of {1} was paid with {2}.",
        "SELECT d.id, d.amount, p.amount FROM money_deposit d JOIN money_payment p ON p.id = d.payment_id "
        "WHERE abs(d.amount - p.amount) > 0.001",
    ),
    Invariant(
        "refund_is_what_was_left",
        "Deposit {0} of {1} with {2} kept gave {3} back.",
        "SELECT d.id, d.amount, d.kept, coalesce(p.amount, 0) FROM money_deposit d "
        "LEFT JOIN money_payment p ON p.id = d.refund_id WHERE d.refunded_at IS NOT NULL "
        "AND abs(d.amount - d.kept + coalesce(p.amount, 0)) > 0.001",
    ),
    Invariant(
        "money_goes_back_for_a_reason",
        "Payment {0} of {1} belongs to no refund.",
        "SELECT p.id, p.amount FROM money_payment p WHERE p.amount < 0 "
        "AND NOT EXISTS (SELECT 1 FROM money_deposit d WHERE d.refund_id = p.id) "
        "AND NOT EXISTS (SELECT 1 FROM money_refunddue r WHERE r.refund_id = p.id)",
    ),
    Invariant(
        "refund_is_what_was_due",
        "Refund {0} of {1} was paid with {2}.",
        "SELECT r.id, r.amount, p.amount FROM money_refunddue r JOIN money_payment p ON p.id = r.refund_id "
        "WHERE abs(r.amount + p.amount) > 0.001",
    ),
    Invariant(
        "one_deposit_held_a_patron",
        "Patron {0} has {1} deposits held.",
        "SELECT patron_id, count(*) FROM money_deposit WHERE refunded_at IS NULL "
        "GROUP BY patron_id HAVING count(*) > 1",
    ),
)
