"""CNMARC records (the Chinese UNIMARC) to title values. Pinyin stands in $A (NLC) or $9 (CALIS) beside $a."""

from shufang.catalogue.loading.classification import clc_main_class, lcc_main_class
from shufang.catalogue.loading.material import cnmarc_is_electronic, material
from shufang.catalogue.loading.numbers import isbn_identifier, issn_identifier, merged, system_number
from shufang.catalogue.loading.texts import clean, known, statement, unique, year_in
from shufang.catalogue.loading.title_values import TitleValues
from shufang.marc.record import Dialect, Field, Record

_AUTHORS = ("700", "701", "710", "711", "720", "721", "702", "712")
_SUBJECTS = ("600", "601", "602", "605", "606", "607", "610")
_OTHER_TITLES = ("500", "501", "503", "510", "512", "513", "514", "515", "516", "517", "518", "540", "541")
_MOST_OTHERS = 60

_ByTag = dict[str, list[Field]]


def extract(record: Record, source: str) -> TitleValues:
    """Return the title of a CNMARC record; `title` is empty where the record has none."""
    fields: _ByTag = {}
    for field in record.fields:
        fields.setdefault(field.tag, []).append(field)
    values = TitleValues(source, record.control("001").strip())
    designation = next((field.first("b") for field in fields.get("200", ())), "")
    is_electronic = cnmarc_is_electronic(designation, has_135="135" in fields)
    values.material = material(record.leader.replace("#", " "), Dialect.CNMARC, is_electronic=is_electronic)
    _title(fields, values)
    _author(fields, values)
    _publication(fields, values)
    _class(fields, values)
    _series_and_subjects(fields, values)
    _numbers(fields, values)
    return values


def _all(fields: _ByTag, *tags: str) -> list[Field]:
    found: list[Field] = []
    for tag in tags:
        found += fields.get(tag, ())
    return found


def _first(fields: _ByTag, *tags: str) -> Field | None:
    return next(iter(_all(fields, *tags)), None)


def _pinyin(field: Field) -> str:
    return statement(field.first("A") or field.first("9"))


def _title(fields: _ByTag, values: TitleValues) -> None:
    """200: $a titles proper, $e other title information, $h and $i the part, $f and $g responsibility."""
    field = _first(fields, "200")
    if field is None:
        return
    proper = " ; ".join(filter(None, map(statement, field.values("a")))) or statement(field.first("i"))
    remainder = [statement(text) for text in field.values("e")]
    values.title = " : ".join(filter(None, (proper, *remainder)))
    values.title_romanised = " ".join(filter(None, (_pinyin(field), statement(field.first("E")))))
    values.volume = ". ".join(unique(statement(text) for text in field.values("hi")))
    values.responsibility = " ; ".join(unique(statement(text) for text in field.values("fg")))
    values.edition = statement(next((one.first("a") for one in fields.get("205", ())), ""))
    extent = _first(fields, "215")
    if extent is not None:
        values.extent = " ; ".join(unique(clean(text) for text in extent.values("acd")))
    values.summary = clean(" ".join(one.first("a") for one in fields.get("330", ())))


def _name(field: Field) -> str:
    """A personal name's second part ($b) follows after a comma for Latin letters (UNIMARC 700), at once for hanzi."""
    entry, rest = statement(field.first("a")), statement(field.first("b"))
    if not rest or field.tag[1] != "0":
        return " ".join(filter(None, (entry, rest)))
    return f"{entry}, {rest}" if entry.isascii() else entry + rest


def _author(fields: _ByTag, values: TitleValues) -> None:
    field = _first(fields, *_AUTHORS)
    if field is not None and (name := _name(field)):
        values.author = name
        values.author_romanised = _pinyin(field)
        return
    title = _first(fields, "200")
    if title is not None:
        values.author = statement(title.first("f"))
        values.author_romanised = statement(title.first("F"))


def _publication(fields: _ByTag, values: TitleValues) -> None:
    coded = next((field.first("a") for field in fields.get("100", ())), "").replace("#", " ")
    printed = ""
    field = _first(fields, "210", "214")
    if field is not None:
        values.place = known(statement(field.first("a")))
        values.publisher = known(statement(field.first("c")))
        values.publishers = unique(known(statement(text)) for text in field.values("cC"))
        printed = field.first("d")
    first = coded[9:13]
    values.year = int(first) if first.isdecimal() and "1000" <= first <= "2099" else year_in(printed)
    language = next((one.first("a")[:3] for one in fields.get("101", ())), "") or coded[22:25]
    values.language = language.lower() if len(language) == 3 and language.isascii() and language.isalpha() else ""


def _class(fields: _ByTag, values: TitleValues) -> None:
    """690 is CLC; some systems have it only in the call number (905 $d, 096 $a); 680 is LCC."""
    for field, code in [(one, "a") for one in _all(fields, "690", "096")] + [(one, "d") for one in _all(fields, "905")]:
        number = clean(field.first(code))
        if clc_main_class(number):
            values.class_number, values.class_scheme, values.main_class = number, "clc", clc_main_class(number)
            break
    else:
        for field in _all(fields, "680"):
            number = clean(field.first("a"))
            if lcc_main_class(number):
                values.class_number, values.class_scheme, values.main_class = number, "lcc", lcc_main_class(number)
                break
    numbers = [clean(field.first("a")) for field in _all(fields, "690", "096")]
    numbers += ["/".join(filter(None, (clean(f.first("d")), clean(f.first("e"))))) for f in _all(fields, "905")]
    values.call_numbers = unique(numbers)[:10]


def _embedded(field: Field, tag: str, code: str) -> str:
    """Return a subfield of a field embedded in a linking field (UNIMARC 4--, $1 then tag, indicators, subfields)."""
    inside = ""
    for each, value in field.subfields():
        if each == "1":
            inside = value[:3]
        elif inside == tag and each == code:
            return value
    return ""


def _series_and_subjects(fields: _ByTag, values: TitleValues) -> None:
    series = [statement(field.first("a")) for field in fields.get("225", ())]
    linked = [statement(f.first("t") or _embedded(f, "200", "a") or f.first("a")) for f in fields.get("410", ())]
    values.all_series = unique([*series, *linked])
    values.series = " ; ".join(unique(series) or unique(linked))
    subjects: list[str] = []
    for field in _all(fields, *_SUBJECTS):
        if field.tag == "610":
            subjects += [statement(word) for word in field.values("a")]
        else:
            subjects.append(" -- ".join(statement(part) for part in field.values("abcfxyzj")))
    values.subjects = unique(subjects)
    others: list[str] = []
    title = _first(fields, "200")
    if title is not None:
        others += [statement(text) for text in title.values("cd")]
    for field in _all(fields, *_OTHER_TITLES):
        others += [statement(field.first("a")), _pinyin(field)]
    for field in _all(fields, *_AUTHORS):
        others += [_name(field), _pinyin(field)]
    others += [clean(field.first("a"))[:2000] for field in fields.get("327", ())]
    said = {values.author, values.author_romanised, values.title, values.title_romanised}
    values.others = unique(text for text in others if text not in said)[:_MOST_OTHERS]


def _numbers(fields: _ByTag, values: TitleValues) -> None:
    found = []
    printed = []
    for field in fields.get("010", ()):
        qualifier = " ".join(field.values("b"))
        for code, value in field.subfields():
            if code in "az":
                number = isbn_identifier(value, qualifier, cancelled=code == "z")
                found.append(number)
                if number is None:
                    printed.append(value.split(" ")[0])
    for field in fields.get("011", ()):
        found.append(issn_identifier(field.first("a")))
        printed.append(field.first("a").strip())
    found += [system_number(field.first("a")) for field in fields.get("035", ())]
    values.identifiers = merged(found)
    values.numbers = unique([*(one.value for one in values.identifiers if one.kind != "035"), *printed])
