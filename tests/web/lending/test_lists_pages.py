"""The bookmark, lists of one's own, and the link that shows one."""

from collections.abc import Callable

import pytest
from django.test import Client

from shufang.lists.models import BookList
from tests.web.lending.books import ME, OTHER, patron_id, said, title_id, words

AsReader = Callable[[str], Client]


def only(kind: BookList.Kind = BookList.Kind.OWN) -> BookList:
    return BookList.objects.get(kind=kind)


def book() -> int:
    return title_id("DX00000001")


def test_the_bookmark(reader: Client) -> None:
    path = f"/titles/{book()}/"
    assert 'aria-pressed="false"' in reader.get(path).content.decode()
    assert "On the list of what you want to read" in said(reader, path + "want/")
    assert 'aria-pressed="true"' in reader.get(path).content.decode()
    assert "Want to read" in words(reader.get("/me/lists/"))
    assert "Taken off what you want to read" in said(reader, path + "want/", off="1")
    assert 'aria-pressed="false"' in reader.get(path).content.decode()


def test_a_list_is_made_filled_renamed_and_deleted(reader: Client) -> None:
    assert "Nothing in it yet" in said(reader, "/me/lists/new/", name="Summer")
    mine = only()
    assert "It stands in “Summer”" in said(reader, f"/titles/{book()}/lists/", list=mine.pk)
    page = words(reader.get(f"/me/lists/{mine.pk}/"))
    assert "Gaomidian" in page
    assert "The list is called “Winter” now" in said(reader, f"/me/lists/{mine.pk}/rename/", name="Winter")
    said(reader, f"/me/lists/{mine.pk}/titles/{book()}/out/")
    assert mine.entries.count() == 0
    assert "The list is deleted" in said(reader, f"/me/lists/{mine.pk}/delete/")
    assert not BookList.objects.exists()


def test_a_new_list_from_the_books_page(reader: Client) -> None:
    assert "It stands in “Summer”" in said(reader, f"/titles/{book()}/lists/", list="new", name="Summer")
    assert only().entries.get().title_id == book()
    assert "The list has no name yet" in said(reader, f"/titles/{book()}/lists/", list="new", name=" ")
    assert reader.post(f"/titles/{book()}/lists/", {"list": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "why"), [("", "The list has no name yet"), ("Summer", "You have a list of this name")]
)
def test_refusals_stand_beside_the_field(reader: Client, name: str, why: str) -> None:
    said(reader, "/me/lists/new/", name="Summer")
    answer = reader.post("/me/lists/new/", {"name": name})
    assert answer.status_code == 422
    assert why in words(answer)
    said(reader, "/me/lists/new/", name="Winter")
    winter = BookList.objects.get(name="Winter")
    renamed = reader.post(f"/me/lists/{winter.pk}/rename/", {"name": name})
    assert renamed.status_code == 422
    assert why in words(renamed)


# Scenario 45
def test_a_list_is_private_until_its_link_is_switched_on(reader: Client) -> None:
    said(reader, f"/titles/{book()}/lists/", list="new", name="Summer")
    mine = only()
    assert "You alone." in words(reader.get(f"/me/lists/{mine.pk}/"))
    assert "Whoever has this link" in said(reader, f"/me/lists/{mine.pk}/share/")
    mine.refresh_from_db()
    link = f"/lists/{mine.share_key}/"
    stranger = Client(headers={"Accept-Language": "en"})
    seen = stranger.get(link)
    assert "Summer" in words(seen)
    assert "Gaomidian" in words(seen)
    assert seen["X-Robots-Tag"] == "noindex, nofollow"
    for text in ("王小红", ME, "Take ", "Rename"):
        assert text not in seen.content.decode()
    assert "its link leads nowhere" in said(reader, f"/me/lists/{mine.pk}/share/", off="1")
    assert stranger.get(link).status_code == 404


def test_lists_of_others_are_nobodys_here(reader: Client, as_reader: AsReader) -> None:
    said(reader, f"/titles/{book()}/lists/", list="new", name="Summer")
    other, mine = as_reader(OTHER), only()
    paths = [f"/me/lists/{mine.pk}/{verb}/" for verb in ("rename", "share", "delete")]
    paths.append(f"/me/lists/{mine.pk}/titles/{book()}/out/")
    assert other.get(f"/me/lists/{mine.pk}/").status_code == 404
    for path in paths:
        assert other.post(path, {"name": "x"}).status_code == 404
    assert other.post(f"/titles/{book()}/lists/", {"list": mine.pk}).status_code == 404
    mine.refresh_from_db()
    assert (mine.name, mine.share_key, mine.entries.count()) == ("Summer", None, 1)
    assert mine.patron_id == patron_id(ME)
