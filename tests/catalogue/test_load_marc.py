"""`load_marc` from end to end on the database: titles, items, matching, rejects, the search index, export."""

import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shufang.accounts.models import Organisation
from shufang.branches.models import Branch, Library
from shufang.catalogue.loading.indexing import indexable_titles
from shufang.catalogue.loading.preparing import content_digest
from shufang.catalogue.models import (
    Item,
    ItemGroup,
    ItemKind,
    LinkedRecord,
    MainClass,
    MarcRecord,
    PossibleDuplicate,
    SearchDocument,
    Title,
    TitleIdentifier,
)  # fmt: skip
from shufang.marc.record import Record
from shufang.marc.writing import COLLECTION_END, COLLECTION_START, to_marcxml
from tests.catalogue.records import book, f, xiangzi_cnmarc

pytestmark = pytest.mark.django_db

ISBN = "9787020002207"


@pytest.fixture
def network() -> Branch:
    """One library with one study and one kind of item."""
    organisation = Organisation.objects.create(code="DX", name="大兴区图书馆", kind="library")
    library = Library.objects.create(code="DX", name="大兴区图书馆", organisation=organisation)
    group = ItemGroup.objects.create(code="books", name="图书", name_en="Books")
    ItemKind.objects.create(code="book", name="图书", name_en="Book", group=group)
    return Branch.objects.create(code="GMD", name="高米店", kind="city_study", library=library)


class Desk:
    """Loads records as a librarian does, and reads what the command says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = ""

    def load(self, *records: Record | bytes, name: str = "file.mrc", **options: object) -> str:
        path = self.folder / name
        path.write_bytes(b"".join(each if isinstance(each, bytes) else each.raw for each in records))
        return self.load_path(path, **options)

    def load_path(self, *paths: Path, **options: object) -> str:
        out = io.StringIO()
        call_command("load_marc", *map(str, paths), rejects=self.folder / "rejects", stdout=out, **options)
        return out.getvalue()

    def rejects(self, suffix: str) -> list[Path]:
        return sorted((self.folder / "rejects").glob(f"*{suffix}"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_written_is_what_the_model_reads(desk: Desk) -> None:
    record = xiangzi_cnmarc()
    before = datetime.now(UTC)
    assert "1 new titles" in desk.load(record)
    title = Title.objects.select_related("main_class", "marc").get()
    assert (title.source, title.control_number) == ("NLC", "012001000001")
    assert (title.title, title.title_romanised, title.volume) == ("骆驼祥子 : 插图本", "luo tuo xiang zi", "第二册")
    assert (title.author, title.author_romanised, title.responsibility) == ("老舍", "lao she", "老舍著")
    assert (title.publisher, title.place, title.year, title.language) == ("人民文学出版社", "北京", 2008, "chi")
    assert (title.edition, title.series, title.extent) == ("第2版", "中国现代长篇小说丛书", "258页 ; 插图 ; 21cm")
    assert (title.class_number, title.class_scheme, title.material) == ("I246.5", "clc", "book")
    assert title.main_class == MainClass.objects.get(letter="I")
    assert title.subjects == ["长篇小说 -- 中国 -- 现代"]
    assert (title.popularity, title.is_suppressed, title.summary) == (0, False, "一个人力车夫的故事。")
    assert before <= title.created_at == title.updated_at
    assert bytes(title.marc.raw) == record.raw
    assert bytes(title.marc.digest) == content_digest(record)
    assert (title.marc.syntax, title.marc.format, title.marc.encoding) == ("iso2709", "cnmarc", "utf-8")
    assert title.marc.profile == "cnmarc_905"
    assert list(title.identifiers.values_list("kind", "value", "matches")) == [("isbn", ISBN, True)]
    assert SearchDocument.objects.get().title == title


def test_ids_taken_by_the_loader_do_not_clash_with_the_orms(desk: Desk) -> None:
    now = datetime.now(UTC)
    hand_made = Title.objects.create(source="x", control_number="1", title="甲", created_at=now, updated_at=now)
    desk.load(book("1"), book("2", "乙"))
    after = Title.objects.create(source="x", control_number="2", title="丙", created_at=now, updated_at=now)
    ids = list(Title.objects.order_by("id").values_list("id", flat=True))
    assert len(set(ids)) == 4
    assert (ids[0], ids[-1]) == (hand_made.id, after.id)


# Scenario 26
def test_loading_twice_changes_nothing(desk: Desk, network: Branch) -> None:
    records = [book(str(n), f"书{n}", f("952", ("p", f"DX0000030{n}"), ("a", "GMD"))) for n in range(5)]
    desk.load(*records)
    before = [list(model.objects.order_by("pk").values()) for model in (Title, TitleIdentifier, Item, MarcRecord)]
    said = desk.load(*records)
    assert "0 new titles, 0 changed, 5 unchanged, 0 linked" in said
    assert "0 new items, 0 changed, 0 holdings" in said
    after = [list(model.objects.order_by("pk").values()) for model in (Title, TitleIdentifier, Item, MarcRecord)]
    assert after == before


def _rows() -> object:
    models = (Title, TitleIdentifier, Item, MarcRecord, LinkedRecord)
    return [list(model.objects.order_by("pk").values()) for model in models]


# Scenario 26
def test_a_file_with_one_title_from_two_sources_changes_nothing_the_second_time(desk: Desk, network: Branch) -> None:
    """The other record cites ours, or both cite a third system's number: it adds its items and takes no turns with ours."""
    ours = book("1", "骆驼祥子", f("035", ("a", "(OCoLC)77")))
    cites = book(
        "900", "骆驼祥子(别馆)", f("035", ("a", "(DX)1")), f("952", ("p", "SD00000301"), ("a", "GMD")), source="SD"
    )
    shares = book("5", "骆驼祥子 [另]", f("035", ("a", "(OCoLC)77")), source="BJ")
    assert "1 new titles, 0 changed, 0 unchanged, 2 linked" in desk.load(ours, cites, shares)
    before = _rows()
    assert Title.objects.get().title == "骆驼祥子"
    assert Item.objects.get().title == Title.objects.get()
    for _ in range(2):
        assert "0 new titles, 0 changed, 3 unchanged, 0 linked" in desk.load(ours, cites, shares)
        assert _rows() == before
    changed = book("900", "改过的", f("035", ("a", "(DX)1")), source="SD")
    assert "1 changed, 0 unchanged, 0 linked" in desk.load(changed)
    assert Title.objects.get().title == "骆驼祥子"


# Scenario 30
def test_a_linked_record_is_kept_whole_and_given_back(desk: Desk, tmp_path: Path) -> None:
    """Linked by ISBN or by 035, it stands behind its title's own record; changed, it takes its former self's place."""
    ours = book("1", "骆驼祥子", isbn=ISBN)
    by_isbn = book("900", "駱駝祥子", f("500", ("a", "别馆的附注")), source="SD", isbn=ISBN)
    by_035 = book("5", "骆驼祥子(别馆)", f("035", ("a", "(DX)1")), source="BJ")
    other = book("2", "四世同堂")
    desk.load(ours, other, by_isbn, by_035)

    def exported(name: str, **options: object) -> bytes:
        call_command("export_marc", str(tmp_path / name), stdout=io.StringIO(), **options)
        return (tmp_path / name).read_bytes()

    assert exported("all.mrc") == ours.raw + by_035.raw + by_isbn.raw + other.raw
    assert exported("one.mrc", title=[Title.objects.get(control_number="1").id]) == ours.raw + by_035.raw + by_isbn.raw
    changed = book("900", "駱駝祥子", f("500", ("a", "改过的附注")), source="SD", isbn=ISBN)
    title = Title.objects.get(control_number="1")
    assert "0 new titles, 1 changed, 0 unchanged, 0 linked" in desk.load(changed)
    assert "0 new titles, 0 changed, 1 unchanged, 0 linked" in desk.load(changed)
    after = Title.objects.get(control_number="1")
    assert (after.title, after.updated_at) == (title.title, title.updated_at)
    assert exported("changed.mrc") == ours.raw + by_035.raw + changed.raw + other.raw
    Title.objects.all().delete()
    assert "4 records: 2 new titles, 0 changed, 0 unchanged, 2 linked" in desk.load_path(tmp_path / "changed.mrc")


# Scenario 26
def test_a_title_that_its_source_renumbers_has_the_new_number_and_is_known_by_the_old_one(desk: Desk) -> None:
    old = book("1", "骆驼祥子")
    new = book("b-1", "骆驼祥子 (新)", f("035", ("a", "(DX)1")))
    assert "1 new titles, 1 changed" in desk.load(old, new)
    title = Title.objects.get()
    assert (title.control_number, title.title) == ("b-1", "骆驼祥子 (新)")
    before = _rows()
    for _ in range(2):
        assert "0 new titles, 0 changed, 1 unchanged, 1 linked" in desk.load(old, new)
        assert _rows() == before
    cites_the_old = book("900", "别馆", f("035", ("a", "(DX)1")), source="SD")
    assert "1 linked" in desk.load(cites_the_old)
    newer = book("b-1", "骆驼祥子 (再新)", f("035", ("a", "(DX)1")))
    assert "1 changed" in desk.load(newer)
    assert Title.objects.get().title == "骆驼祥子 (再新)"


# Scenario 26
def test_a_changed_record_updates_title_record_numbers_and_index(desk: Desk) -> None:
    desk.load(book("1", "骆驼祥子", isbn=ISBN))
    title_id = Title.objects.get().id
    changed = book("1", "四世同堂", isbn="7805837139")
    assert "1 changed" in desk.load(changed)
    title = Title.objects.get()
    assert (title.id, title.title) == (title_id, "四世同堂")
    assert bytes(title.marc.raw) == changed.raw
    assert list(title.identifiers.values_list("value", flat=True)) == ["9787805837130"]
    assert "四世" in SearchDocument.objects.get().in_title or SearchDocument.objects.get().title_key.startswith("四世")
    assert title.updated_at > title.created_at


def test_the_same_record_twice_in_a_file(desk: Desk) -> None:
    """The same bytes are one record; other content under the same number is put before a librarian, and nothing lost."""
    records = book("1"), book("1"), book("1", "四世同堂")
    assert (
        "3 records: 1 new titles, 0 changed, 1 unchanged, 0 linked to a title that was there, 1 rejected"
        in desk.load(*records)
    )
    assert "0 new titles, 0 changed, 2 unchanged" in desk.load(*records)
    assert Title.objects.get().title == "骆驼祥子"
    (first, _) = desk.rejects(".mrc")
    assert first.read_bytes() == records[2].raw
    assert "1 changed" in desk.load_path(first)
    assert Title.objects.get().title == "四世同堂"


# Scenario 27
def test_isbn_proposes_and_links_only_if_all_agrees(desk: Desk, network: Branch) -> None:
    desk.load(book("1", "骆驼祥子", isbn=ISBN))
    agreeing = book("900", "駱駝祥子", f("952", ("p", "SD00000301"), ("a", "GMD")), source="SD", isbn=ISBN)
    differing = book("901", "四世同堂", source="SD", isbn=ISBN)
    said = desk.load(agreeing, differing)
    assert "1 new titles, 0 changed, 0 unchanged, 1 linked" in said
    first, second = Title.objects.order_by("id")
    assert (first.title, second.title) == ("骆驼祥子", "四世同堂")
    assert Item.objects.get().title == first
    duplicate = PossibleDuplicate.objects.get()
    assert (duplicate.title, duplicate.other, duplicate.isbn, duplicate.differs_in) == (second, first, ISBN, "title")
    again = desk.load(agreeing, differing)
    assert "0 new titles, 0 changed, 2 unchanged, 0 linked" in again
    assert PossibleDuplicate.objects.count() == 1


def test_a_barcode_in_small_letters_is_the_same_item(desk: Desk, network: Branch) -> None:
    desk.load(xiangzi_cnmarc(f("905", ("a", "GMD"), ("b", "dx00000301"), ("d", "I246.5"))))
    assert Item.objects.get().barcode == "DX00000301"
    twice = (f("905", ("a", "GMD"), ("b", number), ("d", "I246.5")) for number in ("DX00000301", "Dx00000301"))
    desk.load(xiangzi_cnmarc(*twice))
    assert Item.objects.count() == 1


def test_items_belong_to_the_branch_and_its_library(desk: Desk, network: Branch) -> None:
    desk.load(xiangzi_cnmarc(f("905", ("a", "GMD"), ("b", "DX00000301"), ("d", "I246.5"), ("e", "26"))))
    item = Item.objects.select_related("kind").get()
    assert (item.barcode, item.status, item.call_number) == ("DX00000301", "available", "I246.5/26")
    assert (item.library, item.home_branch, item.current_branch) == (network.library, network, network)
    assert (item.kind.code, item.price, item.is_for_loan) == ("book", Decimal("24.00"), True)
    (indexed,) = indexable_titles([item.title_id])
    assert "I246.5/26" in indexed.call_numbers


def test_a_changed_holding_updates_the_item_and_leaves_its_life_alone(desk: Desk, network: Branch) -> None:
    desk.load(xiangzi_cnmarc(f("905", ("a", "GMD"), ("b", "DX00000301"), ("f", "I246.5/1"))))
    Item.objects.update(status="on_loan")
    said = desk.load(xiangzi_cnmarc(f("905", ("a", "GMD"), ("b", "DX00000301"), ("f", "I246.5/2"))))
    assert "0 new items, 1 changed" in said
    item = Item.objects.get()
    assert (item.call_number, item.status) == ("I246.5/2", "on_loan")


def test_koha_says_where_a_new_item_is_and_never_where_a_known_one_is(desk: Desk, network: Branch) -> None:
    elsewhere = Branch.objects.create(code="HC", name="黄村", kind="city_study", library=network.library)

    def copies(*flags: tuple[str, str], call: str = "I1") -> Record:
        barcodes = ("DX00000301", "HC"), ("DX00000302", "XX"), ("DX00000303", "HC")
        return book("1", "书", *[f("952", ("p", p), ("a", "GMD"), ("b", b), ("o", call), *flags) for p, b in barcodes])

    desk.load(copies(("1", "0"), ("4", "1")))
    assert list(Item.objects.order_by("barcode").values_list("home_branch", "current_branch", "status")) == [
        (network.id, elsewhere.id, "damaged"), (network.id, network.id, "damaged"), (network.id, elsewhere.id, "damaged"),
    ]  # fmt: skip
    Item.objects.update(status="on_loan", current_branch=network)
    assert "0 new items, 3 changed" in desk.load(copies(("1", "1"), call="I2"))
    assert set(Item.objects.values_list("call_number", "current_branch", "status")) == {("I2", network.id, "on_loan")}
    assert "0 new items, 0 changed" in desk.load(copies(("0", "1"), call="I2"))
    assert set(Item.objects.values_list("current_branch", "status")) == {(network.id, "on_loan")}


def test_items_without_a_place_say_so(desk: Desk, network: Branch) -> None:
    record = book("1", "书", f("952", ("p", "DX00000301"), ("a", "CPL")), f("952", ("a", "GMD")))
    said = desk.load(record)
    assert "0 new items, 0 changed, 2 holdings made no item" in said
    (table,) = desk.rejects(".csv")
    text = table.read_text("utf-8")
    assert "unknown_branch" in text
    assert "no_barcode" in text
    assert desk.rejects(".mrc") == []
    assert "1 new items" in desk.load(record, branch="GMD")


def test_a_barcode_of_another_title_goes_to_the_reject_file(desk: Desk, network: Branch) -> None:
    desk.load(book("1", "甲", f("952", ("p", "DX00000301"), ("a", "GMD"))))
    clashing = book("2", "乙", f("952", ("p", "DX00000301"), ("a", "GMD")))
    desk.load(clashing)
    assert Item.objects.get().title.title == "甲"
    assert Title.objects.count() == 2
    (rejected,) = desk.rejects(".mrc")
    assert rejected.read_bytes() == clashing.raw
    assert "barcode_clash" in desk.rejects(".csv")[0].read_text("utf-8")


def test_a_clash_gets_the_profiles_prefix(desk: Desk, network: Branch, tmp_path: Path) -> None:
    profile = tmp_path / "prefix.json"
    items = [{"tag": "952", "barcode": "p", "branch": "a"}]
    profile.write_text(json.dumps({"name": "p", "clash": "prefix", "barcode_prefix": "SD-", "items": items}), "utf-8")
    first = book("1", "甲", f("952", ("p", "00000301"), ("a", "GMD")))
    second = book("2", "乙", f("952", ("p", "00000301"), ("a", "GMD")))
    for _ in range(2):
        desk.load(first, second, profile=str(profile))
        assert sorted(Item.objects.values_list("barcode", "title__title")) == [
            ("00000301", "甲"),
            ("SD-00000301", "乙"),
        ]


# Scenario 25
def test_a_broken_record_is_named_and_can_be_mended(desk: Desk) -> None:
    good, bad = book("1", "甲"), book("2", "乙").raw.replace("乙".encode(), b"\xff\xfe\xfd")
    said = desk.load(good, bad, book("3", "丙"))
    assert "3 records: 2 new titles" in said
    assert "1 rejected" in said
    (rejected,) = desk.rejects(".mrc")
    assert rejected.read_bytes() == bad
    head, line = desk.rejects(".csv")[0].read_text("utf-8").splitlines()
    assert head.startswith("file,record,byte_offset")
    assert line.startswith(f"file.mrc,2,{len(good.raw)},,record,encoding,")
    mended = rejected.with_name("mended.mrc")
    mended.write_bytes(rejected.read_bytes().replace(b"\xff\xfe\xfd", "乙".encode()))
    assert "1 new titles" in desk.load_path(mended)
    assert set(Title.objects.values_list("title", flat=True)) == {"甲", "乙", "丙"}
    assert rejected.read_bytes() == bad


def test_a_record_without_a_title_is_rejected(desk: Desk) -> None:
    record = book("1")
    untitled = record.raw.replace("骆驼祥子".encode(), b" /:;,= . /: ")[: len(record.raw)]
    assert "1 rejected" in desk.load(untitled)
    assert "no_title" in desk.rejects(".csv")[0].read_text("utf-8")
    assert not Title.objects.exists()


def test_broken_marcxml_is_rejected_as_marcxml(desk: Desk) -> None:
    good = to_marcxml(book("1", "甲"))
    bad = to_marcxml(book("2", "乙")).replace(b"</subfield>", b"", 1)
    desk.load(COLLECTION_START, good, bad, COLLECTION_END, name="file.xml")
    assert Title.objects.get().marc.syntax == "xml"
    (rejected,) = desk.rejects(".xml")
    mended = desk.folder / "mended.xml"
    mended.write_bytes(rejected.read_bytes().replace("乙".encode(), "乙</subfield>".encode()))
    assert "1 new titles" in desk.load_path(mended)


def test_marcxml_in_gb18030_is_kept_rejected_and_given_back_as_what_it_is(desk: Desk, tmp_path: Path) -> None:
    declared = b'<?xml version="1.0" encoding="GB18030"?><collection>'
    good, bad = (
        to_marcxml(book(number, title)).decode().encode("gb18030") for number, title in (("1", "甲"), ("2", "乙"))
    )
    bad = bad.replace(b"</subfield>", b"", 1)
    desk.load(declared, good, bad, b"</collection>", name="file.xml")
    assert Title.objects.get().title == "甲"
    assert bytes(MarcRecord.objects.get().raw) == good.strip()
    (rejected,) = desk.rejects(".xml")
    mended = tmp_path / "mended.xml"
    mended.write_bytes(rejected.read_bytes().replace("乙".encode("gb18030"), "乙</subfield>".encode("gb18030")))
    assert "1 new titles" in desk.load_path(mended)
    out = tmp_path / "out.xml"
    call_command("export_marc", str(out), form="marcxml", stdout=io.StringIO())
    assert "甲" in out.read_text("utf-8")
    assert "乙" in out.read_text("utf-8")
    assert [each.title for each in indexable_titles(list(Title.objects.values_list("id", flat=True)))] == ["甲", "乙"]


# Scenario 30
def test_export_is_byte_faithful_where_it_came_in_valid(desk: Desk, tmp_path: Path) -> None:
    valid, other = xiangzi_cnmarc(), book("2", "乙")
    damaged = book("3", "丙").raw
    damaged = b"99999" + damaged[5:]
    desk.load(valid, other, damaged)
    out = tmp_path / "out.mrc"
    call_command("export_marc", str(out), stdout=io.StringIO())
    assert out.read_bytes() == valid.raw + other.raw + book("3", "丙").raw
    xml = tmp_path / "out.xml"
    call_command("export_marc", str(xml), form="marcxml", stdout=io.StringIO())
    Title.objects.all().delete()
    assert "3 new titles" in desk.load_path(xml)
    with pytest.raises(CommandError, match="exists"):
        call_command("export_marc", str(out), stdout=io.StringIO())


def test_wrong_options_are_plain_sentences(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.mrc"
    path.write_bytes(book("1").raw)
    for options, sentence in (
        ({"branch": "NOWHERE"}, "no branch"),
        ({"encoding": "klingon"}, "no such character encoding"),
        ({"encoding": "utf-16"}, "cannot stand in ISO 2709"),
        ({"profile": "nothing"}, "no mapping profile"),
    ):
        with pytest.raises(CommandError, match=sentence):
            desk.load_path(path, **options)
    with pytest.raises(CommandError, match="no such file"):
        desk.load_path(tmp_path / "absent.mrc")
    assert not Title.objects.exists()


def test_a_folder_and_a_file_without_records_are_said_to_be_what_they_are(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is a folder: name the files in it"):
        desk.load_path(tmp_path)
    for content in (b"", b"\x00" * 5000, b"\r\n"):
        with pytest.raises(CommandError, match=r"nothing was loaded: no MARC record is in .*empty\.mrc"):
            desk.load(content, name="empty.mrc")
    (tmp_path / "good.mrc").write_bytes(book("1").raw)
    assert "1 new titles" in desk.load_path(tmp_path / "empty.mrc", tmp_path / "good.mrc")


def test_texts_longer_than_their_column_are_cut_and_kept_in_the_record(desk: Desk) -> None:
    long = book("1", "长" * 1500, f("490", ("a", "丛" * 700)))
    desk.load(long)
    title = Title.objects.get()
    assert (len(title.title), len(title.series)) == (1000, 600)
    assert bytes(title.marc.raw) == long.raw


def test_real_cnmarc_in_three_wrappings_is_one_catalogue(desk: Desk, shared_data: Path) -> None:
    folder = shared_data / "cnmarc"
    said = desk.load_path(folder / "cnmarc_10_derived_utf-8.iso")
    assert "10 records: 10 new titles" in said
    titles = list(Title.objects.order_by("id").values_list("title", "author", "publisher", "year", "class_number"))
    for other in ("cnmarc_10_derived_gb18030.iso", "sample_cnmarcxml.xml"):
        assert "10 records: 0 new titles, 0 changed, 10 unchanged" in desk.load_path(folder / other)
        assert (
            list(Title.objects.order_by("id").values_list("title", "author", "publisher", "year", "class_number"))
            == titles
        )
    assert titles[0] == ("'94中国发展报告", "叶震", "中国统计出版社", 1994, "F124")


def test_a_record_read_in_another_encoding_is_changed_though_its_bytes_are_the_same(desk: Desk) -> None:
    """Who sees nonsense and loads the file again with the right encoding gets the right texts."""
    raw = book("1", "xxxxxx").raw.replace(b"xxxxxx", "Ильина".encode("cp1251"))
    desk.load(raw, encoding="latin-1")
    assert "1 changed" in desk.load(raw, encoding="cp1251")
    assert "1 unchanged" in desk.load(raw, encoding="cp1251")
    assert Title.objects.get().title == "Ильина"


def test_very_many_numbers_of_very_many_systems(desk: Desk) -> None:
    strange = [book(str(n), f"书{n}", *[f("035", ("a", f"(s{n}-{k}){k}")) for k in range(150)]) for n in range(16)]
    assert "16 new titles" in desk.load(*strange)
    assert "16 unchanged" in desk.load(*strange)


def test_every_broken_file_loads_what_is_good(desk: Desk, shared_data: Path) -> None:
    paths = sorted(path for path in (shared_data / "marc_broken").iterdir() if path.suffix not in {".csv", ".txt"})
    said = desk.load_path(*paths)
    counts = [int(word) for word in said.split("\n")[0].replace(",", " ").replace(":", " ").split() if word.isdigit()]
    read, new, changed, same, linked, rejected = counts
    assert read == new + changed + same + linked + rejected
    assert rejected < 110
    assert MarcRecord.objects.count() == Title.objects.count() == SearchDocument.objects.count() == new
    assert Title.objects.filter(title__contains="鲁迅与浙东文化").exists()
