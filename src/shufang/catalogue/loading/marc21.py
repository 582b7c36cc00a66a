"""MARC 21 bibliographic records to title values. Tag numbers are those of the format's own documentation."""

from functools import lru_cache

from shufang.catalogue.loading.classification import clc_main_class, lcc_main_class
from shufang.catalogue.loading.material import marc21_is_electronic, material
from shufang.catalogue.loading.numbers import isbn_identifier, issn_identifier, merged, system_number
from shufang.catalogue.loading.texts import clean, has_hanzi, known, statement, unique, year_in
from shufang.catalogue.loading.title_values import TitleValues
from shufang.marc.record import DELIMITER, Dialect, Field, Record

_AUTHORS = ("100", "110", "111", "700", "710", "711")
_SUBJECTS = ("600", "610", "611", "630", "650", "651", "653", "655")
_OTHER_TITLES = ("130", "240", "246", "247", "730", "740")
_MOST_OTHERS = 60
_LINK = f"{DELIMITER}6"
_TO_880 = f"{_LINK}880-"


class _Fields:
    """A record's fields by tag, each with its other script: 880 is paired by $6 (MARC 21, Appendix A)."""

    def __init__(self, record: Record) -> None:
        self.by_tag: dict[str, list[Field]] = {}
        self.linked: dict[str, Field] = {}
        self.unpaired: dict[str, list[Field]] = {}
        by_tag = self.by_tag
        for field in record.fields:
            tag, text = field
            if tag != "880":
                if tag in by_tag:
                    by_tag[tag].append(field)
                else:
                    by_tag[tag] = [field]
                continue
            link = text[4:10] if text[2:4] == _LINK else field.first("6")[:6]
            self.linked.setdefault(link, field)
            if link[4:6] == "00":
                self.unpaired.setdefault(link[:3], []).append(field)

    def all(self, *tags: str) -> list[Field]:
        by_tag = self.by_tag
        return [field for tag in tags if tag in by_tag for field in by_tag[tag]]

    def control(self, tag: str) -> str:
        fields = self.by_tag.get(tag)
        return fields[0].text if fields else ""

    def scripts(self, field: Field) -> tuple[Field, Field | None]:
        """Return the field in hanzi first and its romanised form; the second is None where there is one script."""
        text = field.text
        if _TO_880 not in text:
            return field, None
        link = text[4:10] if text[2:4] == _LINK else field.first("6")
        other = self.linked.get(f"{field.tag}-{link[4:6]}")
        if other is None:
            return field, None
        return (field, other) if has_hanzi(field.text) and not has_hanzi(other.text) else (other, field)

    def first(self, *tags: str) -> tuple[Field | None, Field | None]:
        """Return the first field of the tags in both scripts, also one that stands in 880 alone (occurrence 00)."""
        for tag in tags:
            if fields := self.by_tag.get(tag):
                return self.scripts(fields[0])
            if fields := self.unpaired.get(tag):
                return fields[0], None
        return None, None


def extract(record: Record, source: str) -> TitleValues:
    """Return the title of a MARC 21 record; `title` is empty where the record has none."""
    fields = _Fields(record)
    values = TitleValues(source, fields.control("001").strip())
    designation = next((field.first("h") for field in fields.by_tag.get("245", ())), "")
    is_electronic = marc21_is_electronic(fields.control("008"), designation)
    values.material = material(record.leader, Dialect.MARC21, is_electronic=is_electronic)
    _title(fields, values)
    _author(fields, values)
    _publication(fields, values)
    _class(fields, values)
    _series_and_subjects(fields, values)
    _numbers(fields, values)
    return values


def _proper(field: Field) -> str:
    """Title proper and remainder; where a careless record has neither $a nor $b, its first text ($k, a lost code)."""
    text = statement(" ".join(field.values("ab")))
    if text:
        return text
    rest = [value for code, value in field.subfields() if code not in "6chnp8" and statement(value)]
    return statement(rest[0]) if rest else statement(" ".join(field.values("np")))


def _title(fields: _Fields, values: TitleValues) -> None:
    shown, romanised = fields.first("245")
    if shown is None:
        return
    values.title = _proper(shown)
    values.volume = statement(" ".join(shown.values("np")))
    values.responsibility = statement(shown.first("c"))
    if romanised is not None:
        values.title_romanised = _proper(romanised)
    edition, _ = fields.first("250")
    if edition is not None:
        values.edition = statement(" ".join(edition.values("ab")))
    extent = fields.all("300")
    if extent:
        values.extent = clean(" ".join(extent[0].values("abc")))
    summary, _ = fields.first("520")
    if summary is not None:
        values.summary = clean(" ".join(summary.values("ab")))


@lru_cache(maxsize=64)
def _name(field: Field) -> str:
    return statement(" ".join(field.values("abq" if field.tag[1:] == "00" else "ab")))


def _author(fields: _Fields, values: TitleValues) -> None:
    shown, romanised = fields.first(*_AUTHORS)
    if shown is not None:
        values.author = _name(shown)
        values.author_romanised = _name(romanised) if romanised is not None else ""
    elif values.responsibility:
        values.author = values.responsibility


def _publication(fields: _Fields, values: TitleValues) -> None:
    made = [field for field in fields.all("264") if field.indicators[1] == "1"]
    chosen = fields.all("260") + made
    if chosen:
        shown, romanised = fields.scripts(chosen[0])
        values.place = known(statement(shown.first("a")))
        values.publisher = known(statement(shown.first("b")))
        names = [known(statement(name)) for name in shown.values("b")]
        if romanised is not None:
            names += [known(statement(name)) for name in romanised.values("b")]
        values.publishers = unique(names)
    coded = fields.control("008")
    first = coded[7:11]
    values.year = int(first) if first.isdecimal() and "1000" <= first <= "2099" else None
    if values.year is None and chosen:
        values.year = year_in(chosen[0].first("c"))
    values.language = _language(coded[35:38], fields)


def _language(coded: str, fields: _Fields) -> str:
    if coded.isascii() and coded.isalpha() and len(coded) == 3:
        return coded.lower()
    said = next((field.first("a")[:3] for field in fields.all("041")), "")
    return said.lower() if said.isascii() and said.isalpha() and len(said) == 3 else ""


def _class(fields: _Fields, values: TitleValues) -> None:
    """CLC stands in 084 or 093 by agreement, in 690 in many Chinese systems; LCC in 050, or 090 as a local number."""
    for field in fields.all("690", "093", "084"):
        number = clean(field.first("a"))
        scheme = field.first("2").lower()
        if clc_main_class(number) and (field.tag != "084" or scheme.startswith("clc")) and not scheme.startswith("lc"):
            values.class_number, values.class_scheme = number, "clc"
            values.main_class = clc_main_class(number)
            values.call_numbers = unique([clean(" ".join(field.values("ab")))])
            break
    for field in fields.all("050", "090"):
        number = clean(field.first("a"))
        if lcc_main_class(number):
            values.call_numbers = unique([*values.call_numbers, clean(" ".join(field.values("ab")))])
            if not values.class_number:
                values.class_number, values.class_scheme = number, "lcc"
                values.main_class = lcc_main_class(number)
            break


def _both(fields: _Fields, field: Field, codes: str) -> list[str]:
    shown, romanised = fields.scripts(field)
    texts = [statement(" ".join(shown.values(codes)))]
    if romanised is not None:
        texts.append(statement(" ".join(romanised.values(codes))))
    return texts


def _subject(field: Field) -> str:
    return " -- ".join([statement(part) for part in field.values("abcdtvxyz")])


def _series_and_subjects(fields: _Fields, values: TitleValues) -> None:
    series = [_both(fields, field, "a") for field in fields.all("490", "440") or fields.all("830", "800", "810", "811")]
    values.series = " ; ".join(unique(forms[0] for forms in series))
    values.all_series = unique(text for forms in series for text in forms)
    subjects: list[str] = []
    for field in fields.all(*_SUBJECTS):
        subjects += [_subject(form) for form in fields.scripts(field) if form is not None]
    values.subjects = unique(subjects)
    others: list[str] = []
    for field in fields.all(*_OTHER_TITLES):
        others += _both(fields, field, "abnp")
    for field in fields.all(*_AUTHORS):
        others += [_name(form) for form in fields.scripts(field) if form is not None]
    others += [clean(" ".join(field.values("agrt")))[:2000] for field in fields.all("505")]
    said = {values.author, values.author_romanised, values.title, values.title_romanised}
    values.others = unique(text for text in others if text not in said)[:_MOST_OTHERS]


def _numbers(fields: _Fields, values: TitleValues) -> None:
    found = []
    printed = []
    for field in fields.all("020"):
        qualifier = " ".join(field.values("q"))
        for code, value in field.subfields():
            if code in "az":
                number = isbn_identifier(value, qualifier, cancelled=code == "z")
                found.append(number)
                if number is None:
                    printed.append(value.split(" ")[0])
    for field in fields.all("022"):
        found.append(issn_identifier(field.first("a")))
        printed.append(field.first("a").strip())
    found += [system_number(field.first("a")) for field in fields.all("035")]
    values.identifiers = merged(found)
    values.numbers = unique([*(one.value for one in values.identifiers if one.kind != "035"), *printed])
