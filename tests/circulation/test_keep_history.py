"""A history is kept from a reader's word on, and erased at his word."""

from datetime import timedelta

import pytest

from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.keep_history import (
    EraseHistory,
    HistoryChanged,
    KeepHistory,
    StopHistory,
    erase_history,
    keep_history,
    stop_history,
)
from shufang.circulation.models import History
from shufang.circulation.place import PinCheck
from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card, HistoryConsent
from tests.circulation.readers import DAY, NOW, WANG, ZHANG, at, copy, lend, patron, settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def test_what_is_returned_after_the_consent_is_kept_and_erased_on_request() -> None:
    for barcode in ("K1", "K2", "K3"):
        lend(copy(barcode, barcode), ZHANG)
    lend(copy("K4"), WANG)
    assert isinstance(keep_history(KeepHistory(WANG), NOW), HistoryChanged)
    checkin(Checkin("K4", at("GMD")), NOW + DAY)
    checkin(Checkin("K1", at("GMD")), NOW)
    assert keep_history(KeepHistory(ZHANG), NOW + DAY) == HistoryChanged(
        patron(ZHANG).pk, patron(ZHANG).revision, keeps_history=True
    )
    keep_history(KeepHistory(ZHANG), NOW + 2 * DAY)
    assert HistoryConsent.objects.get(patron=patron(ZHANG)).given_at == NOW + DAY
    checkin(Checkin("K2", at("GMD")), NOW + 3 * DAY)
    assert History.objects.get(patron=patron(ZHANG)).title.title == "K2"
    gone = erase_history(EraseHistory(ZHANG), NOW + 4 * DAY)
    assert isinstance(gone, HistoryChanged)
    assert (gone.erased, gone.keeps_history) == (1, False)
    assert HistoryConsent.objects.get(patron=patron(ZHANG)).withdrawn_at == NOW + 4 * DAY
    checkin(Checkin("K3", at("GMD")), NOW + 5 * DAY)
    assert not History.objects.filter(patron=patron(ZHANG)).exists()
    assert History.objects.filter(patron=patron(WANG)).exists()


def test_erasing_what_was_read_may_leave_the_consent() -> None:
    lend(copy("K1"), ZHANG)
    keep_history(KeepHistory(ZHANG), NOW)
    checkin(Checkin("K1", at("GMD")), NOW + DAY)
    gone = erase_history(EraseHistory(ZHANG, goes_on=True), NOW + DAY)
    assert isinstance(gone, HistoryChanged)
    assert (gone.erased, gone.keeps_history, patron(ZHANG).keeps_history) == (1, True, True)


def test_a_return_from_before_the_consent_is_not_kept() -> None:
    lend(copy("K1"), ZHANG)
    lend(copy("K2"), ZHANG)
    keep_history(KeepHistory(ZHANG), NOW + 2 * DAY)
    for barcode, back in (("K1", NOW + DAY), ("K2", NOW + 2 * DAY + timedelta(hours=1))):
        assert isinstance(checkin(Checkin(barcode, at("GMD"), returned_at=back), NOW + 3 * DAY), CheckedIn)
    assert History.objects.get().returned_at == NOW + 2 * DAY + timedelta(hours=1)


@pytest.mark.parametrize(
    ("number", "pin", "code"),
    [
        ("nobody", PinCheck.NOT_ASKED, "card_unknown"),
        (WANG, PinCheck.RIGHT, "card_lost"),
        (ZHANG, PinCheck.WRONG, "pin_wrong"),
    ],
)
def test_a_stranger_changes_nothing(number: str, pin: PinCheck, code: str) -> None:
    Card.objects.filter(number=WANG).update(status="lost")
    for answer in (keep_history(KeepHistory(number, pin), NOW), erase_history(EraseHistory(number, pin), NOW)):
        assert isinstance(answer, Refusal)
        assert answer.code == code
    assert not HistoryConsent.objects.exists()


def test_stopping_leaves_what_was_kept_and_keeps_no_more() -> None:
    lend(copy("K1"), ZHANG)
    lend(copy("K2"), ZHANG)
    keep_history(KeepHistory(ZHANG), NOW)
    checkin(Checkin("K1", at("GMD")), NOW + DAY)
    stopped = stop_history(StopHistory(ZHANG), NOW + 2 * DAY)
    assert isinstance(stopped, HistoryChanged)
    assert (stopped.keeps_history, stopped.erased, patron(ZHANG).keeps_history) == (False, 0, False)
    checkin(Checkin("K2", at("GMD")), NOW + 3 * DAY)
    assert [line.title.title for line in History.objects.all()] == ["三体"]
    assert HistoryConsent.objects.get().withdrawn_at == NOW + 2 * DAY
    refused = stop_history(StopHistory(ZHANG, PinCheck.WRONG), NOW + 4 * DAY)
    assert isinstance(refused, Refusal)
    assert refused.code == "pin_wrong"


@pytest.mark.parametrize("keeps", [True, False])
def test_single_lines_are_erased_and_only_ones_own(keeps: bool) -> None:
    for number, barcode in ((ZHANG, "K1"), (ZHANG, "K2"), (WANG, "K3")):
        keep_history(KeepHistory(number), NOW)
        lend(copy(barcode, barcode), number)
        checkin(Checkin(barcode, at("GMD")), NOW + DAY)
    if not keeps:
        stop_history(StopHistory(ZHANG), NOW + 2 * DAY)
    mine, _, foreign = History.objects.order_by("id")
    gone = erase_history(EraseHistory(ZHANG, only=(mine.pk, foreign.pk)), NOW + 3 * DAY)
    assert isinstance(gone, HistoryChanged)
    assert (gone.erased, gone.keeps_history) == (1, keeps)
    assert sorted(line.title.title for line in History.objects.all()) == ["K2", "K3"]
