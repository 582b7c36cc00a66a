"""What a record says of its title: both dialects, both scripts, classes, numbers, material."""

import pytest

from shufang.catalogue.loading.classification import clc_main_class, lcc_main_class, main_classes
from shufang.catalogue.loading.material import material
from shufang.catalogue.loading.numbers import isbn_identifier, issn_identifier, merged, system_number
from shufang.catalogue.loading.source import source_of, title_values
from shufang.catalogue.loading.texts import clean, known, statement, year_in
from shufang.catalogue.loading.title_values import Identifier
from shufang.marc.record import Dialect, Field
from tests.catalogue.records import CODED, book, cnmarc, f, marc21, xiangzi_cnmarc

PSYCHOLOGY = marc21(
    Field("001", "   00049919 "),
    Field("003", "DLC"),
    Field("008", CODED),
    f("020", ("a", "9578929560 (平裝)")),
    f("035", ("a", "(CStRLIN)DCLP00-B11493")),
    f("050", ("a", "BF128.C5"), ("b", "P46 1988"), ind="00"),
    f("100", ("6", "880-01"), ("a", "Peng, Jiaxin,"), ("d", "1930-"), ind="1 "),
    f(
        "245",
        ("6", "880-02"),
        ("a", "Xin li xue gai yao :"),
        ("b", "han jie shi ming ci /"),
        ("n", "2"),
        ("c", "P."),
        ind="10",
    ),
    f("260", ("6", "880-04"), ("a", "Taibei Shi :"), ("b", "Feng yun chu ban she,"), ("c", "Minguo 87 [1988]")),
    f("300", ("a", "12, 345 p. :"), ("b", "ill. ;"), ("c", "22 cm.")),
    f("490", ("6", "880-05"), ("a", "Xin li xue cong shu ;"), ("v", "5"), ind="1 "),
    f("650", ("a", "Psychology"), ("x", "History."), ind=" 0"),
    f("700", ("6", "880-07"), ("a", "Li, Si."), ind="1 "),
    f("880", ("6", "100-01/$1"), ("a", "彭駕騂,"), ("d", "1930-"), ind="1 "),
    f(
        "880",
        ("6", "245-02/$1"),
        ("a", "心理學槪要 :"),
        ("b", "含解釋名詞 /"),
        ("n", "第二冊"),
        ("c", "彭駕騂編著."),
        ind="10",
    ),
    f("880", ("6", "260-04/$1"), ("a", "台北市 :"), ("b", "風雲出版社,"), ("c", "民國87 [1988]")),
    f("880", ("6", "490-05/$1"), ("a", "心理學叢書 ;"), ("v", "5"), ind="1 "),
    f("880", ("6", "700-07/$1"), ("a", "李四."), ind="1 "),
)


def test_marc21_pairs_both_scripts() -> None:
    values = title_values(PSYCHOLOGY, "DLC")
    assert (values.source, values.control_number) == ("DLC", "00049919")
    assert values.title == "心理學槪要 : 含解釋名詞"
    assert values.title_romanised == "Xin li xue gai yao : han jie shi ming ci"
    assert (values.volume, values.responsibility) == ("第二冊", "彭駕騂編著")
    assert (values.author, values.author_romanised) == ("彭駕騂", "Peng, Jiaxin")
    assert (values.place, values.publisher, values.year) == ("台北市", "風雲出版社", 1988)
    assert values.publishers == ("風雲出版社", "Feng yun chu ban she")
    assert (values.language, values.material) == ("chi", "book")
    assert (values.class_number, values.class_scheme, values.main_class) == ("BF128.C5", "lcc", "B")
    assert values.call_numbers == ("BF128.C5 P46 1988",)
    assert values.series == "心理學叢書"
    assert values.all_series == ("心理學叢書", "Xin li xue cong shu")
    assert values.subjects == ("Psychology -- History",)
    assert values.identifiers == (Identifier("isbn", "9789578929562"), Identifier("035", "(CStRLIN)DCLP00-B11493"))
    assert values.others == ("李四", "Li, Si")


def test_cnmarc() -> None:
    record = xiangzi_cnmarc()
    values = title_values(record, source_of(record, "profile"))
    assert (values.source, values.control_number) == ("NLC", "012001000001")
    assert values.title == "骆驼祥子 : 插图本"
    assert values.title_romanised == "luo tuo xiang zi"
    assert (values.volume, values.edition) == ("第二册", "第2版")
    assert (values.author, values.author_romanised, values.responsibility) == ("老舍", "lao she", "老舍著")
    assert (values.place, values.publisher, values.year, values.language) == ("北京", "人民文学出版社", 2008, "chi")
    assert (values.class_number, values.class_scheme, values.main_class) == ("I246.5", "clc", "I")
    assert (values.series, values.extent) == ("中国现代长篇小说丛书", "258页 ; 插图 ; 21cm")
    assert values.summary == "一个人力车夫的故事。"
    assert values.subjects == ("长篇小说 -- 中国 -- 现代",)
    assert values.identifiers == (Identifier("isbn", "9787020002207"),)
    assert values.others == ("祥子", "xiang zi")


def test_pinyin_of_the_national_library_stands_in_capitals() -> None:
    record = cnmarc(Field("001", "1"), f("200", ("a", "书"), ("A", "Shu"), ("f", "甲编"), ("F", "Jia Bian"), ind="1 "))
    values = title_values(record, "x")
    assert (values.title_romanised, values.author, values.author_romanised) == ("Shu", "甲编", "Jia Bian")


def test_source_is_003_or_801_or_the_profile() -> None:
    assert source_of(PSYCHOLOGY, "profile") == "DLC"
    assert source_of(marc21(f("245", ("a", "x"))), "profile") == "profile"
    assert source_of(cnmarc(f("200", ("a", "x"))), "profile") == "profile"


def test_a_record_without_a_number_gets_one_from_its_bytes() -> None:
    first, second = (title_values(marc21(f("245", ("a", text))), "x") for text in ("甲", "乙"))
    assert first.control_number.startswith("sha256:")
    assert len(first.control_number) <= 60
    assert first.control_number != second.control_number


@pytest.mark.parametrize(
    ("field", "title"),
    [
        (f("245", ("a", "Kiss me, creep.")), "Kiss me, creep"),
        (f("245", ("a", "Vol. 1 ...")), "Vol. 1 ..."),
        (f("245", ("k", "Letters,"), ("f", "1882-1901.")), "Letters"),
        (f("245", ("á", "ActivePerl /"), ("c", "Tobias.")), "ActivePerl"),
        (f("245", ("a", "."), ("c", "x")), ""),
        (f("245", ("a", "鲁  迅\u3000与\u3000浙东  文化 /")), "鲁迅与浙东文化"),
        (f("245", ("a", "评说 鼓励 鞭策")), "评说 鼓励 鞭策"),
    ],
)
def test_titles_as_displayed(field: Field, title: str) -> None:
    record = book("1")
    record.fields = [field]
    assert title_values(record, "x").title == title


def test_texts() -> None:
    assert clean("cafe\u0301 :") == "café"
    assert clean("a\x00\x98b\u3000c") == "ab c"
    assert statement("彭駕騂編著.") == "彭駕騂編著"
    assert statement("Congreve, W.") == "Congreve, W."
    assert [known(text) for text in ("[s.n.]", "S.n.", "[北京]", "出版者不详", "s.n")] == ["", "", "北京", "", ""]
    assert [year_in(text) for text in ("民國87 [1998]", "c1962", "[19--]", "2008.5", "12345")] == [
        1998,
        1962,
        None,
        2008,
        None,
    ]


@pytest.mark.parametrize(
    ("printed", "qualifier", "cancelled", "expected"),
    [
        ("9578929560 (平裝)", "", False, Identifier("isbn", "9789578929562")),
        ("978-7-02-000220-7", "", False, Identifier("isbn", "9787020002207")),
        ("9578929561", "", False, None),
        ("7805837139 (set)", "", False, Identifier("isbn", "9787805837130", matches=False)),
        ("7-80583-713-9", "全套", False, Identifier("isbn", "9787805837130", matches=False)),
        ("7805837139", "v. 1-3", False, Identifier("isbn", "9787805837130", matches=False)),
        ("7805837139 (v. 1)", "", False, Identifier("isbn", "9787805837130")),
        ("7805837139", "", True, Identifier("isbn", "9787805837130", matches=False)),
    ],
)
def test_isbns_of_sets_and_cancelled_ones_never_match(
    printed: str, qualifier: str, cancelled: bool, expected: Identifier | None
) -> None:
    assert isbn_identifier(printed, qualifier, cancelled=cancelled) == expected


def test_other_numbers() -> None:
    assert issn_identifier("0009-7330") == Identifier("issn", "0009-7330")
    assert issn_identifier("0009-7331") is None
    assert system_number(" (OCoLC)ocm1 ") == Identifier("035", "(OCoLC)ocm1")
    assert [system_number(text) for text in ("12345", "()x1", "(OCoLC) ")] == [None, None, None]
    both = merged([Identifier("isbn", "1", matches=False), Identifier("isbn", "1"), None, Identifier("isbn", "2")])
    assert both == (Identifier("isbn", "1", matches=False), Identifier("isbn", "2"))


def test_there_are_22_main_classes_with_names_in_both_languages() -> None:
    assert "".join(row.letter for row in main_classes()) == "ABCDEFGHIJKNOPQRSTUVXZ"
    assert all(row.name and row.name_en.isascii() for row in main_classes())


@pytest.mark.parametrize(
    ("number", "letter"),
    [
        ("I247.5", "I"),
        ("TP311", "T"),
        ("A", "A"),
        ("[K892]", "K"),
        ("F124", "F"),
        ("Love stories", ""),
        ("L1", ""),
        ("", ""),
    ],
)
def test_clc(number: str, letter: str) -> None:
    assert clc_main_class(number) == letter


@pytest.mark.parametrize(
    ("number", "letter"),
    [
        ("PL2274.2.O7", "I"), ("PL1271", "H"), ("QA76.73", "T"), ("QA300", "O"), ("DS793.K8", "K"), ("BF128", "B"),
        ("HD9000", "F"), ("KNQ74", "D"), ("PN1995", "J"), ("Z666", "G"), ("TL787", "V"), ("HX39.5", "A"), ("R127", "R"),
        ("WB 100", ""), ("", ""), ("[LAW]", ""),
    ],
)  # fmt: skip
def test_lcc_gets_a_main_class(number: str, letter: str) -> None:
    assert lcc_main_class(number) == letter


def test_material() -> None:
    marc = [material(f"00000n{pair} a", Dialect.MARC21) for pair in ("am", "as", "cm", "em", "gm", "jm", "km", "mm")]
    assert marc == ["book", "periodical", "score", "map", "video", "sound", "picture", "computer_file"]
    assert [material(f"00000n{pair}", Dialect.CNMARC) for pair in ("am", "as", "lm")] == [
        "book",
        "periodical",
        "computer_file",
    ]


def test_an_electronic_copy_is_not_the_printed_book() -> None:
    coded = Field("008", CODED[:23] + "o" + CODED[24:])
    online = marc21(Field("001", "1"), coded, f("245", ("a", "书"), ind="10"))
    assert title_values(online, "x").material == "computer_file"
    said = marc21(Field("001", "1"), f("245", ("a", "Book"), ("h", "[electronic resource]"), ind="10"))
    assert title_values(said, "x").material == "computer_file"
    chinese = cnmarc(Field("001", "1"), f("200", ("a", "书"), ("b", "电子资源"), ind="1 "))
    assert title_values(chinese, "x").material == "computer_file"
    assert title_values(cnmarc(f("200", ("a", "书"), ("b", "专著"), ind="1 ")), "x").material == "book"


def test_clc_in_marc21_needs_to_be_one() -> None:
    local = book("1", "书", f("690", ("a", "Chinese literature")), f("050", ("a", "PL2274")))
    assert title_values(local, "x").class_scheme == "lcc"
    real = book("1", "书", f("084", ("a", "I246.5"), ("2", "clc")), f("050", ("a", "PL2274")))
    values = title_values(real, "x")
    assert (values.class_number, values.class_scheme, values.main_class) == ("I246.5", "clc", "I")
