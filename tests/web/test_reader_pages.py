"""The reader's pages, in both languages, without a browser."""

import re

import pytest
from django.test import Client

from shufang.branches.models import Branch
from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item, MarcRecord, Title
from shufang.circulation.models import Loan
from shufang.web.content_security import POLICY
from shufang.web.whereabouts import State, all_branches, whereabouts

pytestmark = pytest.mark.usefixtures("cast")

ENGLISH = {"Accept-Language": "en"}
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}


def text_of(page: bytes) -> str:
    """Return a page's words without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.decode()).split())


def a_title() -> Title:
    return Item.objects.select_related("title").get(barcode="DX00000001").title


def test_the_first_page_names_the_studies_and_counts_what_stands_there(client: Client) -> None:
    page = text_of(client.get("/", headers=CHINESE).content)
    assert "三间书房" in page
    for name in ("高米店", "黄村", "亦庄", "大兴区图书馆"):
        assert name in page
    here = Item.objects.filter(current_branch__code="GMD", status=ItemStatus.AVAILABLE).count()
    assert f"{here:,} 在架" in page


def test_the_first_page_counts_today(client: Client) -> None:
    page = text_of(client.get("/", headers=ENGLISH).content)
    assert f"{Title.objects.count():,} titles" in re.sub(r"titles\s+([\d,]+)", r"\1 titles", page)
    assert re.search(r"borrowed\s+6\b", page)  # D0000002 has one, D0000006 five


def test_an_empty_house_says_how_to_begin(client: Client) -> None:
    Branch.objects.update(is_enabled=False)
    assert "shufang demo" in text_of(client.get("/", headers=ENGLISH).content)


@pytest.mark.parametrize("path", ["/", "/search/", "/search/?q=zhongguo", "/health/"])
@pytest.mark.parametrize("headers", [ENGLISH, CHINESE])
def test_pages_speak_the_readers_language_and_hold_nothing_inline(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    answer = client.get(path, headers=headers)
    page = answer.content.decode()
    assert f'<html lang="{"en" if headers is ENGLISH else "zh-CN"}"' in page
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_the_language_is_chosen_with_a_button_and_kept(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/search/"}, headers=CHINESE)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/search/"
    assert '<html lang="en"' in client.get("/", headers=CHINESE).content.decode()


# Scenario 29
def test_a_search_says_where_a_book_is_before_its_name(client: Client) -> None:
    title = a_title()
    page = client.get("/search/", {"q": title.title}, headers=CHINESE).content.decode()
    hit = page[page.index(f'href="/titles/{title.pk}/"') :]
    assert hit.index('class="where here"') < hit.index('class="title"')
    assert "高米店" in hit[: hit.index('class="title"')]


def test_facets_narrow_a_search_down_and_take_it_back(client: Client) -> None:
    page = client.get("/search/", {"q": "", "branch": "GMD"}, headers=CHINESE).content.decode()
    assert re.search(r'href="/search/" *>\s*全部', page)
    assert 'aria-current="true"' in page
    nothing = client.get("/search/", {"q": "", "branch": "HC", "year": "1066"}, headers=ENGLISH)
    assert "Look everywhere" in text_of(nothing.content)


@pytest.mark.parametrize(
    "parameters",
    [{"year": "abc"}, {"page": "0"}, {"page": "-1"}, {"page": "9999"}, {"q": "\x00"}, {"q": "“”"}, {"class": "'"}],
)
def test_odd_addresses_are_answered_all_the_same(client: Client, parameters: dict[str, str]) -> None:
    assert client.get("/search/", parameters).status_code == 200


def test_what_is_not_found_says_what_to_do(client: Client) -> None:
    page = text_of(client.get("/search/", {"q": "qqqxxx没有这本"}, headers=CHINESE).content)
    assert "没找到“qqqxxx没有这本”" in page
    assert "拼音" in page


def test_a_search_page_costs_few_queries(client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # pytest-django gives a context manager
        client.get("/search/", {"q": ""})


def test_while_typing_titles_are_suggested(client: Client) -> None:
    title = a_title()
    page = client.get("/search/suggestions/", {"q": title.title[:2]}, headers=CHINESE).content.decode()
    assert title.title[:2] in page
    assert text_of(client.get("/search/suggestions/", {"q": ""}).content) == ""


def test_a_title_page_shows_shelves_and_the_way_back(client: Client) -> None:
    title = a_title()
    back = client.get(f"/titles/{title.pk}/", headers={**CHINESE, "Referer": "http://testserver/search/?q=a"})
    page = back.content.decode()
    assert 'href="/search/?q=a"' in page
    assert "高米店" in text_of(back.content)
    other = client.get(f"/titles/{title.pk}/", headers={**CHINESE, "Referer": "https://example.org/search/?q=a"})
    assert "example.org" not in other.content.decode()


def test_a_suppressed_title_is_not_shown(client: Client) -> None:
    title = a_title()
    Title.objects.filter(pk=title.pk).update(is_suppressed=True)
    for path in (f"/titles/{title.pk}/", f"/titles/{title.pk}/marc/", f"/titles/{title.pk}/record"):
        assert client.get(path).status_code == 404


def test_a_marc_record_is_shown_in_the_encoding_in_which_it_was_read(client: Client) -> None:
    title = a_title()
    field = '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">书房夜读</subfield></datafield>'
    raw = f"<record><leader>00000nam a2200000 a 4500</leader>{field}</record>".encode("gb18030")
    MarcRecord.objects.filter(title=title).update(raw=raw, syntax="xml", format="marc21", encoding="gb18030")
    assert "书房夜读" in text_of(client.get(f"/titles/{title.pk}/marc/", headers=CHINESE).content)
    assert client.get(f"/titles/{title.pk}/record").headers["Content-Type"].endswith("; charset=gb18030")


def test_the_marc_record_is_shown_and_comes_out_as_it_came_in(client: Client) -> None:
    title = a_title()
    page = text_of(client.get(f"/titles/{title.pk}/marc/", headers=ENGLISH).content)
    assert "245" in page
    assert "$a" in page
    assert client.get(f"/titles/{title.pk}/record").content == bytes(title.marc.raw)


def test_whereabouts_tell_each_state_of_a_copy() -> None:
    title = a_title()
    item = title.items.order_by("id").first()
    assert item is not None
    title.items.exclude(pk=item.pk).update(status=ItemStatus.MISSING)
    states = {
        ItemStatus.AVAILABLE: State.HERE,
        ItemStatus.TO_BE_SHELVED: State.SHELVING,
        ItemStatus.ON_HOLD_SHELF: State.KEPT,
    }
    for status, state in states.items():
        Item.objects.filter(pk=item.pk).update(status=status)
        best = whereabouts([title.pk], all_branches())[title.pk].best
        assert best is not None
        assert best.state is state
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.AVAILABLE, is_for_loan=False)
    best = whereabouts([title.pk], all_branches())[title.pk].best
    assert best is not None
    assert best.state is State.STAYS
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.MISSING)
    assert whereabouts([title.pk], all_branches())[title.pk].best is None


def test_a_lent_copy_is_expected_on_its_day() -> None:
    loan = Loan.objects.select_related("item").get(item__barcode="DX00000201")
    best = whereabouts([loan.item.title_id], all_branches())[loan.item.title_id]
    due = [place.expected for place in best.places if place.state is State.DUE]
    assert due
    assert all(due)


def test_no_page_of_a_reader_names_another(client: Client) -> None:
    for path in ("/", "/search/?q=", f"/titles/{a_title().pk}/", "/health/", "/health/?format=json"):
        page = client.get(path).content.decode()
        for word in ("王小红", "李文静", "D0000002"):
            assert word not in page
