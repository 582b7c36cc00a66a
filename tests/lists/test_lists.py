"""Readers' lists: what is wanted, lists of their own, the link that shows them, and that they go with the account."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from shufang.catalogue.models import Title
from shufang.jobs.erase_closed_patrons import run
from shufang.kernel.refusal import Refusal
from shufang.lists import entries, keeping
from shufang.lists.models import BookList, ListEntry
from shufang.patrons.models import Patron
from tests.circulation.readers import DAY, NOW, WANG, ZHANG, patron, settle, title

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    settle()


def me() -> int:
    return patron(ZHANG).pk


def made(name: str = "夏天读") -> int:
    kept = keeping.make_list(me(), name, NOW)
    assert isinstance(kept, keeping.ListKept), kept
    return kept.list_id


def code(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_what_is_wanted_stands_once_and_comes_off() -> None:
    book = title()
    for _ in range(2):
        changed = entries.want(me(), book.pk, NOW)
        assert isinstance(changed, entries.ListChanged)
        assert changed.is_in
    assert ListEntry.objects.count() == 1
    (wanted,) = entries.summaries(me(), book.pk)
    assert (wanted.kind, wanted.books, wanted.has_title) == (BookList.Kind.WANTED, 1, True)
    assert entries.unwant(me(), book.pk) is not None
    assert [found.books for found in entries.summaries(me(), book.pk)] == [0]
    assert entries.unwant(patron(WANG).pk, book.pk) is None


def test_lists_of_ones_own_by_name() -> None:
    first, second = made("b"), made("a")
    book = title()
    assert isinstance(entries.add_title(me(), first, book.pk, NOW), entries.ListChanged)
    found = entries.summaries(me(), book.pk)
    assert [(one.list_id, one.books, one.has_title) for one in found] == [(second, 0, False), (first, 1, True)]
    entries.remove_title(me(), first, book.pk)
    assert not entries.titles_of(first)


def test_the_newest_comes_first_and_what_is_kept_from_readers_is_not_shown() -> None:
    mine = made()
    for minutes, name in enumerate(("一", "二", "三")):
        entries.add_title(me(), mine, title(name).pk, NOW + timedelta(minutes=minutes))
    Title.objects.filter(title="二").update(is_suppressed=True)
    assert [found.title for found in entries.titles_of(mine)] == ["三", "一"]
    assert entries.summaries(me())[0].books == 2


@pytest.mark.parametrize("name", ["", "  ", "\x00"])
def test_a_list_has_a_name(name: str) -> None:
    assert code(keeping.make_list(me(), name, NOW)) == "list_name_missing"
    assert code(keeping.rename_list(me(), made(), name)) == "list_name_missing"


def test_names_are_one_readers_own() -> None:
    mine = made("夏天读")
    assert code(keeping.make_list(me(), " 夏天读 ", NOW)) == "list_name_used"
    assert isinstance(keeping.make_list(patron(WANG).pk, "夏天读", NOW), keeping.ListKept)
    assert isinstance(keeping.rename_list(me(), mine, "夏天读"), keeping.ListKept)
    other = made("冬天读")
    assert code(keeping.rename_list(me(), other, "夏天读")) == "list_name_used"
    with transaction.atomic(), pytest.raises(IntegrityError):
        BookList.objects.create(patron_id=me(), name="冬天读", created_at=NOW)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_LISTS", 1)
    monkeypatch.setattr(entries, "MOST_ENTRIES", 1)
    mine = made()
    assert code(keeping.make_list(me(), "one more", NOW)) == "lists_full"
    entries.add_title(me(), mine, title("一").pk, NOW)
    assert code(entries.add_title(me(), mine, title("二").pk, NOW)) == "list_full"
    assert isinstance(entries.add_title(me(), mine, title("一").pk, NOW), entries.ListChanged)


def test_what_is_not_there() -> None:
    mine = made()
    assert code(entries.add_title(me(), mine, 999999, NOW)) == "title_unknown"
    assert code(entries.want(me(), 999999, NOW)) == "title_unknown"
    Title.objects.filter(pk=title().pk).update(is_suppressed=True)
    assert code(entries.add_title(me(), mine, title().pk, NOW)) == "title_unknown"


def test_nobody_touches_the_lists_of_others() -> None:
    mine, book, other = made(), title(), patron(WANG).pk
    entries.add_title(me(), mine, book.pk, NOW)
    for answer in (
        entries.add_title(other, mine, title("二").pk, NOW),
        keeping.rename_list(other, mine, "x"),
        keeping.share_list(other, mine),
        keeping.unshare_list(other, mine),
        keeping.delete_list(other, mine),
    ):
        assert code(answer) == "list_unknown"
    entries.remove_title(other, mine, book.pk)
    assert [found.pk for found in entries.titles_of(mine)] == [book.pk]


def test_a_link_shows_a_list_until_it_is_switched_off() -> None:
    mine = made()
    first = keeping.share_list(me(), mine)
    assert isinstance(first, keeping.ListKept)
    assert len(first.share_key) == 24
    assert keeping.share_list(me(), mine) == first
    found = entries.shared(first.share_key)
    assert found is not None
    assert found.pk == mine
    keeping.unshare_list(me(), mine)
    assert entries.shared(first.share_key) is None
    second = keeping.share_list(me(), mine)
    assert isinstance(second, keeping.ListKept)
    assert second.share_key != first.share_key
    assert entries.shared("") is None


def test_what_is_wanted_is_neither_renamed_nor_taken_for_a_list_of_ones_own() -> None:
    entries.want(me(), title().pk, NOW)
    wanted = BookList.objects.get(kind=BookList.Kind.WANTED)
    assert code(keeping.rename_list(me(), wanted.pk, "x")) == "list_unknown"


def test_lists_end_with_the_account() -> None:
    mine = made()
    entries.add_title(me(), mine, title().pk, NOW)
    shared = keeping.share_list(me(), mine)
    assert isinstance(shared, keeping.ListKept)
    Patron.objects.filter(pk=me()).update(closed_at=NOW)
    assert entries.shared(shared.share_key) is None
    run(NOW + 91 * DAY)
    assert not BookList.objects.exists()
    assert not ListEntry.objects.exists()


def test_all_of_it_for_the_download() -> None:
    mine = made()
    entries.add_title(me(), mine, title().pk, NOW)
    entries.want(me(), title("活着").pk, NOW)
    told = {found.name: [entry.title.title for entry in lines] for found, lines in entries.all_of(me())}
    assert told == {"夏天读": ["三体"], "": ["活着"]}
