"""Reserving from the title's page, and my reservations: place, estimate, pause, another branch, giving up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shufang.branches.models import Branch
from shufang.catalogue.models import Item
from shufang.circulation.hold_queue import OPEN
from shufang.circulation.models import Hold
from shufang.patrons.models import Patron
from tests.web.lending.books import DAY, ME, OTHER, give_back, lend, patron_id, reserve, said, title_id, words

AsReader = Callable[[str], Client]
LENT = "DX00000201"


def mine() -> Hold:
    return Hold.objects.get(patron_id=patron_id(ME), status__in=OPEN)


def ask(client: Client, barcode: str = LENT, **fields: object) -> str:
    return said(client, f"/titles/{title_id(barcode)}/reserve/", **{"pickup": "GMD", **fields})


def test_reserving_tells_the_place_and_when_to_expect_it(reader: Client) -> None:
    page = ask(reader, pickup="HC")
    assert "Reserved, number 1 in the queue. About" in page
    assert "at Huangcun City Study" in page
    assert "You have reserved it, to pick up at Huangcun" in page
    assert mine().pickup_branch.code == "HC"


def test_the_second_in_the_queue_waits_longer(reader: Client) -> None:
    reserve("D0000008", LENT)
    assert "Reserved, number 2 in the queue." in ask(reader)
    page = words(reader.get("/me/reservations/"))
    assert "Number 2 in the queue" in page
    assert "if everybody keeps it to the last day" in page


def test_a_free_copy_is_fetched(reader: Client) -> None:
    assert "A copy is free; it is fetched for you to Yizhuang City Study." in ask(reader, "DX00000230", pickup="YZ")
    assert "A copy is free; it is fetched for you to Yizhuang" in words(reader.get("/me/reservations/"))


@pytest.mark.parametrize(
    ("barcode", "fields", "why"),
    [
        (LENT, {"pickup": "nowhere"}, "Books cannot be picked up there. Choose another branch."),
        ("DX00000203", {}, "This one cannot be reserved"),
        (LENT, {"until": "2020-01-01"}, "That day has passed. Choose another."),
    ],
)
def test_refusals_in_words(reader: Client, barcode: str, fields: dict[str, str], why: str) -> None:
    assert why in ask(reader, barcode, **fields)
    assert not Hold.objects.filter(patron_id=patron_id(ME)).exists()


def test_what_one_has_already_is_not_offered_again(reader: Client) -> None:
    ask(reader)
    page = reader.get(f"/titles/{title_id(LENT)}/")
    assert "Keep one for me" not in words(page)
    assert "You have reserved it already" in ask(reader)
    lend(ME, "DX00000001")
    page = reader.get(f"/titles/{title_id('DX00000001')}/")
    assert "You have it; it goes back by" in words(page)
    assert "Keep one for me" not in words(page)


def test_a_last_day_is_kept(reader: Client) -> None:
    until = timezone.localdate() + 30 * DAY
    ask(reader, until=until.isoformat())
    assert mine().not_needed_after == until
    assert "Wanted until" in words(reader.get("/me/reservations/"))


def test_a_volume_of_a_set(reader: Client) -> None:
    Item.objects.filter(barcode=LENT).update(volume="上册")
    page = reader.get(f"/titles/{title_id(LENT)}/")
    assert '<option value="上册">' in page.content.decode()
    ask(reader, volume="上册")
    assert mine().volume == "上册"
    assert "上册" in words(reader.get("/me/reservations/"))


def test_pause_and_resume(reader: Client) -> None:
    ask(reader)
    path = f"/me/reservations/{mine().pk}/"
    until = timezone.localdate() + 10 * DAY
    assert "Paused until" in said(reader, path + "pause/", until=until.isoformat())
    assert (mine().is_suspended, mine().suspended_until) == (True, until)
    assert "It waits again" in said(reader, path + "resume/")
    assert not mine().is_suspended
    assert "This reservation is not suspended" in said(reader, path + "resume/")
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "That day has passed" in said(reader, path + "pause/", until=past)
    assert "That is no day. Choose one." in said(reader, path + "pause/", until="soon")
    assert "That is no day. Choose one." in said(reader, path + "pause/", until="2026-02-31")
    assert not mine().is_suspended


def test_another_branch(reader: Client) -> None:
    ask(reader)
    path = f"/me/reservations/{mine().pk}/branch/"
    assert "You will pick it up at Yizhuang City Study" in said(reader, path, pickup="YZ")
    assert mine().pickup_branch.code == "YZ"
    Branch.objects.filter(code="HC").update(is_pickup=False)
    assert "Books cannot be picked up there" in said(reader, path, pickup="HC")
    assert "Books cannot be picked up there" in said(reader, path, pickup="")
    assert mine().pickup_branch.code == "YZ"


def test_giving_up(reader: Client) -> None:
    ask(reader)
    title = mine().title.title
    page = said(reader, f"/me/reservations/{mine().pk}/cancel/")
    assert f"The reservation of “{title}” is cancelled" in page
    assert "You have reserved nothing" in page
    assert not Hold.objects.filter(patron_id=patron_id(ME)).exists()


def test_what_is_ready_comes_first_and_says_until_when(reader: Client) -> None:
    reserve(ME, "DX00000230", "YZ")
    ask(reader)
    give_back(LENT)
    page = words(reader.get("/me/reservations/"))
    assert page.index("Ready at Gaomidian") < page.index("A copy is free")
    assert "On the hold shelf until the evening of" in page
    moved = said(reader, f"/me/reservations/{Hold.objects.get(status='ready', patron_id=patron_id(ME)).pk}/pause/")
    assert "A book is on its way or ready; this can only be cancelled." in moved


def test_other_readers_reservations_are_nobodys_here(reader: Client) -> None:
    other = Hold.objects.get(patron_id=patron_id("D0000008"))
    for verb in ("cancel", "pause", "resume", "branch"):
        assert reader.post(f"/me/reservations/{other.pk}/{verb}/", {"pickup": "HC"}).status_code == 404
    other.refresh_from_db()
    assert (other.status, other.pickup_branch.code) == (Hold.Status.READY, "GMD")
    assert str(other.title_id) not in words(reader.get("/me/reservations/"))


def test_strangers_are_asked_to_sign_in(cast: None) -> None:
    client, path = Client(headers={"Accept-Language": "en"}), f"/titles/{title_id(LENT)}/"
    page = client.get(path)
    assert f"/sign-in/?next={path}" in page.content.decode()
    assert client.post(path + "reserve/", {"pickup": "GMD"}).status_code == 302
    assert Hold.objects.filter(status__in=OPEN).count() == 1


def test_how_many_wait_is_told_to_everybody_and_never_who(cast: None) -> None:
    reserve(ME, LENT)
    page = Client(headers={"Accept-Language": "en"}).get(f"/titles/{title_id(LENT)}/")
    assert "1 reader is waiting for it" in words(page)
    assert "王小红" not in page.content.decode()


def test_the_home_branch_is_offered_first(as_reader: AsReader) -> None:
    Patron.objects.filter(pk=patron_id(OTHER)).update(home_branch=Branch.objects.get(code="YZ"))
    page = as_reader(OTHER).get(f"/titles/{title_id('DX00000230')}/").content.decode()
    options = [part.split('"')[0] for part in page.split('<option value="')[1:]]
    assert options[0] == "YZ"
    assert set(options) >= {"GMD", "HC", "DX"}
