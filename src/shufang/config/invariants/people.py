"""Patrons, their cards, and what may be kept about them."""

from shufang.config.invariants.rule import Invariant

_ZEROS = "0" * 20


def _on_card(value: str) -> str:
    """Return SQL for a number of range r as it stands on the card."""
    digits = f"CAST({value} AS varchar(20))"
    return f"r.prefix || substr('{_ZEROS}' || {digits}, 21 + length({digits}) - r.width)"


INVARIANTS = (
    Invariant(
        "one_person_one_record",
        "Patrons {0} and {1} have the same identity document.",
        "SELECT min(id), max(id) FROM patrons_patron WHERE identity_hash IS NOT NULL "
        "GROUP BY identity_hash HAVING count(*) > 1",
    ),
    Invariant(
        "identity_is_a_whole_hash",
        "Patron {0} has an identity hash of {1} bytes instead of 32.",
        "SELECT id, length(identity_hash) FROM patrons_patron "
        "WHERE identity_hash IS NOT NULL AND length(identity_hash) <> 32",
    ),
    Invariant(
        "one_number_a_card",
        "{1} cards have the number of card {0}.",
        "SELECT min(id), count(*) FROM patrons_card GROUP BY number HAVING count(*) > 1",
    ),
    Invariant(
        "one_good_card_a_patron",
        "Patron {0} has {1} good cards.",
        "SELECT patron_id, count(*) FROM patrons_card WHERE status IN ('issued', 'active') "
        "GROUP BY patron_id HAVING count(*) > 1",
    ),
    Invariant(
        "replaced_card_has_its_successor",
        "Card {0} is replaced, but no card replaces it.",
        "SELECT c.id FROM patrons_card c WHERE c.status = 'replaced' "
        "AND NOT EXISTS (SELECT 1 FROM patrons_card n WHERE n.replaces_id = c.id)",
    ),
    Invariant(
        "successor_of_the_same_patron",
        "Card {0} replaces card {1} of another patron, or one that is still good.",
        "SELECT n.id, o.id FROM patrons_card n JOIN patrons_card o ON o.id = n.replaces_id "
        "WHERE n.patron_id <> o.patron_id OR o.status IN ('issued', 'active')",
    ),
    Invariant(
        "closed_patron_owes_nothing",
        "Patron {0} is closed, but has open loans, holds or a good card.",
        "SELECT p.id FROM patrons_patron p WHERE p.closed_at IS NOT NULL AND ("
        "EXISTS (SELECT 1 FROM circulation_loan l WHERE l.patron_id = p.id) "
        "OR EXISTS (SELECT 1 FROM circulation_hold h WHERE h.patron_id = p.id) "
        "OR EXISTS (SELECT 1 FROM patrons_card c WHERE c.patron_id = p.id AND c.status IN ('issued', 'active')))",
    ),
    Invariant(
        "consent_is_written_down",
        "Patron {0} keeps a history without a consent that stands, or has one and keeps none.",
        "SELECT p.id FROM patrons_patron p WHERE p.keeps_history <> EXISTS (SELECT 1 FROM patrons_historyconsent c "
        "WHERE c.patron_id = p.id AND c.withdrawn_at IS NULL)",
    ),
    Invariant(
        "one_consent_at_a_time",
        "Patron {0} has {1} consents that stand.",
        "SELECT patron_id, count(*) FROM patrons_historyconsent WHERE withdrawn_at IS NULL "
        "GROUP BY patron_id HAVING count(*) > 1",
    ),
    Invariant(
        "history_under_consent_only",
        "History {0} was written without a consent of its patron.",
        "SELECT h.id FROM circulation_history h WHERE NOT EXISTS (SELECT 1 FROM patrons_historyconsent c "
        "WHERE c.patron_id = h.patron_id AND c.given_at <= h.returned_at "
        "AND (c.withdrawn_at IS NULL OR c.withdrawn_at >= h.returned_at))",
    ),
    Invariant(
        "number_given_is_on_a_card",
        "Number range {0} has given {1} numbers, but {2} cards have one of them.",
        "SELECT r.id, r.next_number - r.first, count(c.id) FROM registration_numberrange r LEFT JOIN patrons_card c "  # noqa: S608  # our own names
        f"ON length(c.number) = length(r.prefix) + r.width AND c.number >= {_on_card('r.first')} "
        f"AND c.number <= {_on_card('r.next_number - 1')} GROUP BY r.id, r.next_number, r.first "
        "HAVING r.next_number - r.first <> count(c.id)",
    ),
    Invariant(
        "card_at_a_machine_has_its_terms",
        "Application {0} has made card {1}, but its patron has agreed to nothing.",
        "SELECT a.id, a.card_id FROM registration_application a JOIN patrons_card c ON c.id = a.card_id "
        "WHERE c.replaces_id IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM registration_termsagreed t WHERE t.patron_id = c.patron_id)",
    ),
    Invariant(
        "settled_conflict_names_nobody",
        "Conflict {0} is settled, but still has the card or the barcode of the report.",
        "SELECT id FROM circulation_conflict WHERE settled_at IS NOT NULL AND (card_number <> '' OR barcode <> '')",
    ),
)
