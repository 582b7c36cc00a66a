"""The first page of a reader: what is out, what is ready, which study is open."""

from collections.abc import Callable

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shufang.branches.models import Branch, ClosingDays
from shufang.circulation.models import Loan
from shufang.patrons.models import Patron
from tests.web.lending.books import ME, due, lend, patron_id, words

AsReader = Callable[[str], Client]


def test_what_is_out_with_the_urgent_first(reader: Client) -> None:
    later, soon = lend(ME, "DX00000001"), lend(ME, "DX00000002")
    due(later, 16)
    due(soon, 1)
    answer = reader.get("/")
    page = words(answer)
    assert "2 out, 1 due tomorrow" in page
    assert page.index("Tomorrow") < page.index("16 days")
    assert "The network today" not in page
    assert "no-store" in answer["Cache-Control"]
    covers = answer.content.decode().split('<ul class="shelf">')[1].split("</ul>")[0]
    assert covers.index(f"/covers/{soon.item.title_id}.svg") < covers.index(f"/covers/{later.item.title_id}.svg")


def test_what_is_ready_and_where(as_reader: AsReader) -> None:
    page = words(as_reader("D0000008").get("/"))
    assert "is here for you, at Gaomidian" in page
    assert "On the hold shelf until the evening of" in page


def test_nothing_out_shows_what_stands_on_the_shelf(reader: Client) -> None:
    page = words(reader.get("/"))
    assert "You have nothing out" in page
    assert "On the shelf now" in page


def test_ones_own_study_comes_first_and_a_closed_one_says_so(reader: Client) -> None:
    Patron.objects.filter(pk=patron_id(ME)).update(home_branch=Branch.objects.get(code="YZ"))
    hc = Branch.objects.get(code="HC")
    Branch.objects.filter(pk=hc.pk).update(always_open=False)
    ClosingDays.objects.create(branch=hc, first=timezone.localdate(), last=timezone.localdate())
    cache.clear()
    page = words(reader.get("/"))
    assert "2 studies" in page
    assert page.index("Yizhuang") < page.index("Gaomidian") < page.index("Huangcun")
    assert "Huangcun Closed today" in page


def test_strangers_see_what_is_running(reader: Client) -> None:
    lend(ME, "DX00000001")
    answer = Client(headers={"Accept-Language": "en"}).get("/")
    page = words(answer)
    assert "The network today" in page
    assert "1 out" not in page


def test_a_lost_book_is_named_so(reader: Client) -> None:
    loan = lend(ME, "DX00000001")
    Loan.objects.filter(pk=loan.pk).update(status=Loan.Status.LOST)
    assert "Counts as lost" in words(reader.get("/"))
