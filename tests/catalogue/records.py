"""Small records for the tests of loading: one book of each dialect, to be varied."""

from collections.abc import Sequence

from shufang.marc.record import Dialect, Field, Form, Position, Record, data_field
from shufang.marc.writing import to_iso2709

Subfields = Sequence[tuple[str, str]]


def marc21(*fields: Field, leader: str = "00000nam a2200000 a 4500") -> Record:
    """A MARC 21 record as if it had been read, with its bytes."""
    record = Record(leader, list(fields), b"", Position(1, 0), Dialect.MARC21, Form.ISO2709, "utf-8")
    record.raw = to_iso2709(record)
    return record


def cnmarc(*fields: Field, leader: str = "00000nam0 2200000   450 ") -> Record:
    """A CNMARC record as if it had been read, with its bytes."""
    record = Record(leader, list(fields), b"", Position(1, 0), Dialect.CNMARC, Form.ISO2709, "utf-8")
    record.raw = to_iso2709(record)
    return record


def f(tag: str, *subfields: tuple[str, str], ind: str = "  ") -> Field:
    """A data field."""
    return data_field(tag, ind, subfields)


CODED = "000906s1988    ch a          000 0 chi  "


def book(
    number: str,
    title: str = "骆驼祥子",
    *more: Field,
    source: str = "DX",
    isbn: str = "",
    publisher: str = "人民文学出版社",
    year: str = "1988",
) -> Record:
    """A MARC 21 book with what matching looks at."""
    fields = [Field("001", number), Field("003", source), Field("008", CODED.replace("1988", year))]
    if isbn:
        fields.append(f("020", ("a", isbn)))
    fields += [
        f("245", ("a", title), ("c", "老舍著."), ind="10"),
        f("260", ("a", "北京 :"), ("b", publisher), ("c", year)),
    ]
    return marc21(*fields, *more)


def xiangzi_cnmarc(*more: Field) -> Record:
    """A CNMARC book with everything that its extraction knows."""
    return cnmarc(
        Field("001", "012001000001"),
        f("010", ("a", "978-7-02-000220-7"), ("d", "CNY24.00")),
        f("100", ("a", "20190611d2008    em y0chiy50      ea")),
        f("101", ("a", "chi"), ind="0 "),
        f(
            "200",
            ("a", "骆驼祥子"),
            ("9", "luo tuo xiang zi"),
            ("e", "插图本"),
            ("h", "第二册"),
            ("f", "老舍著"),
            ind="1 ",
        ),
        f("205", ("a", "第2版")),
        f("210", ("a", "北京"), ("c", "人民文学出版社"), ("d", "2008.5")),
        f("215", ("a", "258页"), ("c", "插图"), ("d", "21cm")),
        f("225", ("a", "中国现代长篇小说丛书"), ind="2 "),
        f("330", ("a", "一个人力车夫的故事。")),
        f("517", ("a", "祥子"), ("9", "xiang zi"), ind="1 "),
        f("606", ("a", "长篇小说"), ("y", "中国"), ("z", "现代"), ind="0 "),
        f("690", ("a", "I246.5"), ("v", "5")),
        f("701", ("a", "老舍"), ("9", "lao she"), ("4", "著"), ind=" 0"),
        f("801", ("a", "CN"), ("b", "DXL"), ("c", "20190611"), ind=" 2"),
        f("801", ("a", "CN"), ("b", "NLC"), ("c", "20190610"), ind=" 0"),
        *more,
    )
