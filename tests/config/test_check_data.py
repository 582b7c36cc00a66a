"""Every invariant holds for what the verbs do, and each is seen when it is broken."""

import json
from collections.abc import Iterable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, Title
from shufang.circulation.models import Conflict, Event, History, Hold, Loan, Transit
from shufang.config.invariants.running import all_invariants, run_all
from shufang.demo.cast import settle
from shufang.kernel import clock
from shufang.money.models import Charge, Deposit, Payment, RefundDue
from shufang.patrons.models import Card, HistoryConsent, Patron

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    cache.clear()
    settle(clock.now())


def broken() -> set[str]:
    """Return the names of the invariants that do not hold."""
    return {found.invariant.name for found in run_all() if found.violations}


def set_column(model: type[Item | Loan | Hold | Card | Patron | Charge], pk: int, **values: object) -> None:
    model.objects.filter(pk=pk).update(**values)


def test_the_cast_keeps_every_rule() -> None:
    assert broken() == set()
    out = StringIO()
    call_command("check_data", stdout=out)
    assert "keeps every rule" in out.getvalue()


def test_names_are_told_apart_and_sentences_fit_their_queries() -> None:
    names = [invariant.name for invariant in all_invariants()]
    assert len(names) == len(set(names))
    with connection.cursor() as cursor:
        for invariant in all_invariants():
            cursor.execute(invariant.sql)
            columns = len(cursor.description or ())
            assert invariant.sentence.format(*range(columns))


def the_loan() -> Loan:
    return Loan.objects.get(item__barcode="DX00000201")


def the_hold() -> Hold:
    return Hold.objects.get(item__barcode="DX00000202")


def test_an_item_lent_by_its_status_alone() -> None:
    Item.objects.filter(barcode="DX00000001").update(status=ItemStatus.ON_LOAN)
    assert "lent_item_has_its_loan" in broken()


def test_a_loan_whose_item_stands_on_the_shelf() -> None:
    Item.objects.filter(barcode="DX00000201").update(status=ItemStatus.AVAILABLE)
    assert "open_loan_has_a_lent_item" in broken()


def test_a_loan_without_an_event_and_before_its_time() -> None:
    loan = the_loan()
    Loan.objects.filter(pk=loan.pk).update(due_at=loan.borrowed_at - timedelta(days=1))
    item = Item.objects.get(barcode="DX00000001")
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.ON_LOAN)
    loan.pk, loan.item = None, item
    loan.save()
    assert broken() >= {"loan_has_its_event", "loan_times_in_order"}


def test_a_patron_above_the_limit() -> None:
    loan = Loan.objects.filter(patron__cards__number="D0000006").first()
    assert loan is not None
    item = Item.objects.get(barcode="DX00000001")
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.ON_LOAN)
    loan.pk, loan.item = None, item
    loan.save()
    assert "nobody_above_the_limit" in broken()


def test_holds_that_do_not_fit_their_items() -> None:
    Item.objects.filter(barcode="DX00000202").update(status=ItemStatus.AVAILABLE)
    assert "hold_and_item_agree" in broken()
    hold = the_hold()
    Hold.objects.filter(pk=hold.pk).update(pickup_until=None, queued_at=hold.placed_at - timedelta(days=1))
    assert broken() >= {"ready_hold_has_its_time", "no_place_before_its_time"}


def test_items_and_transits_that_do_not_fit() -> None:
    Item.objects.filter(barcode="DX00000001").update(status=ItemStatus.IN_TRANSIT)
    Item.objects.filter(barcode="DX00000002").update(status=ItemStatus.ON_HOLD_SHELF)
    other = Item.objects.get(barcode="DX00000003")
    branch = other.home_branch
    Transit.objects.create(item=other, origin=branch, destination=branch, reason="move", sent_at=clock.now())
    assert broken() >= {
        "travelling_item_has_its_transit",
        "held_item_has_its_hold",
        "open_transit_has_a_travelling_item",
    }


def test_money_that_does_not_add_up() -> None:
    charge = Charge.objects.first()
    deposit = Deposit.objects.first()
    assert charge is not None
    assert deposit is not None
    Charge.objects.filter(pk=charge.pk).update(settled=1)
    Deposit.objects.filter(pk=deposit.pk).update(amount=deposit.amount + 1)
    Payment.objects.create(patron=charge.patron, amount=7, method="cash", at=clock.now())
    Payment.objects.create(patron=charge.patron, amount=-7, method="cash", at=clock.now())
    back = Payment.objects.create(patron=charge.patron, amount=-8, method="cash", at=clock.now())
    RefundDue.objects.create(
        patron=charge.patron, library=charge.library, charge=charge, amount=9, created_at=clock.now(), refund=back
    )
    assert broken() >= {
        "refund_is_what_was_due",
        "charge_is_the_sum_of_its_parts",
        "deposit_is_what_was_paid",
        "payment_settles_its_amount",
        "money_goes_back_for_a_reason",
    }


def test_people_of_whom_more_is_kept_than_they_allow() -> None:
    patron = Patron.objects.get(cards__number="D0000002")
    title = Title.objects.first()
    assert title is not None
    History.objects.create(patron=patron, title=title, borrowed_at=clock.now(), returned_at=clock.now())
    Patron.objects.filter(pk=patron.pk).update(keeps_history=True, closed_at=clock.now(), identity_hash=b"short")
    assert broken() >= {
        "history_under_consent_only",
        "consent_is_written_down",
        "closed_patron_owes_nothing",
        "identity_is_a_whole_hash",
    }


def test_a_settled_conflict_that_still_names_somebody() -> None:
    at = clock.now()
    conflict = Conflict.objects.create(at=at, verb="checkout", code="card_lost", happened_at=at, card_number="D0000004")
    assert "settled_conflict_names_nobody" not in broken()
    Conflict.objects.filter(pk=conflict.pk).update(settled_at=at)
    assert "settled_conflict_names_nobody" in broken()


def test_a_withdrawn_consent_covers_what_was_written_before() -> None:
    patron = Patron.objects.get(cards__number="D0000002")
    now = clock.now()
    title = Title.objects.first()
    assert title is not None
    HistoryConsent.objects.create(patron=patron, given_at=now - timedelta(days=9), withdrawn_at=now)
    then = now - timedelta(days=1)
    History.objects.create(patron=patron, title=title, borrowed_at=then, returned_at=then)
    assert broken() == set()


def test_cards_replaced_by_nothing() -> None:
    Card.objects.filter(number="D0000003").update(status=Card.Status.REPLACED)
    assert "replaced_card_has_its_successor" in broken()


def test_a_search_index_that_lags_behind() -> None:
    ids = list(Title.objects.order_by("id").values_list("id", flat=True)[:2])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_searchdocument WHERE title_id = %s", [ids[0]])
    Title.objects.filter(pk=ids[1]).update(is_suppressed=True)
    assert broken() >= {"title_can_be_found", "suppressed_title_cannot_be_found"}


def test_rows_that_name_what_is_not_there() -> None:
    Event.objects.create(at=clock.now(), verb="checkout", item_id=999_999, branch_id=999_999, loan_id=999_999)
    assert names_of(broken(), "circulation_event_") >= {
        "circulation_event_item_id_of_catalogue_item",
        "circulation_event_branch_id_of_branches_branch",
        "circulation_event_loan_id_of_circulation_loan",
    }


def names_of(names: Iterable[str], start: str) -> set[str]:
    return {name for name in names if name.startswith(start)}


# Scenario 38
def test_the_command_tells_faults_with_ids_and_fails() -> None:
    item = Item.objects.get(barcode="DX00000001")
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.ON_LOAN)
    out = StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("check_data", stdout=out)
    assert f"Item {item.pk} (DX00000001) is on_loan by its status" in out.getvalue()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_data", "--json", stdout=out)
    assert json.loads(out.getvalue())["faults"] == 1


def test_numbers_in_small_letters_which_nobody_could_find() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_item SET barcode = 'dx1' WHERE barcode = 'DX00000001'")
        cursor.execute("UPDATE patrons_card SET number = 'd1' WHERE number = 'D0000001'")
    assert broken() >= {"barcode_of_catalogue_item_in_capitals", "number_of_patrons_card_in_capitals"}
