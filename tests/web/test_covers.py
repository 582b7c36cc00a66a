"""Drawn covers: the same book always gets the same one, and it is plain SVG."""

from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shufang.catalogue.models import Title
from shufang.web.covers.cover import CLOTH, cover, short_author

ANY_CLASS = st.sampled_from(sorted(CLOTH))


@given(st.text(max_size=60), st.text(max_size=40), ANY_CLASS)
def test_any_title_gets_a_whole_picture_without_script_or_style(title: str, author: str, clc: str) -> None:
    picture = ET.fromstring(cover(title, author, clc))
    assert picture.get("viewBox") == "0 0 240 336"
    tags = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in picture.iter()}
    assert tags <= {"svg", "g", "path", "text", "title", "circle", "ellipse"}
    assert not any(name == "style" or name.startswith("on") for element in picture.iter() for name in element.attrib)


def test_the_same_book_gets_the_same_cover_and_another_author_another() -> None:
    assert cover("三体", "刘慈欣", "I247.5") == cover("三体", "刘慈欣", "I247.5")
    assert cover("三体", "刘慈欣", "I247.5") != cover("三体", "李淼", "I247.5")


@pytest.mark.parametrize(
    ("author", "short"),
    [
        ("刘慈欣著", "刘慈欣"),
        ("佟洵主编.", "佟洵"),
        ("毛谷風選編", "毛谷風"),
        ("（法）安托万·德·圣埃克苏佩里著", "圣埃克苏佩里"),
        ("李淼，王爽著", "李淼等"),
        ("Liu Cixin", "Liu Cixin"),
    ],
)
def test_the_author_is_named_as_short_as_a_slip_allows(author: str, short: str) -> None:
    assert short_author(author) == short


@pytest.mark.usefixtures("cast")
def test_a_browser_keeps_the_picture(client: Client) -> None:
    title = Title.objects.order_by("id").first()
    assert title is not None
    first = client.get(f"/covers/{title.pk}.svg")
    assert first.status_code == 200
    assert first.headers["Content-Type"].startswith("image/svg+xml")
    again = client.get(f"/covers/{title.pk}.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/covers/999999999.svg").status_code == 404
