"""Select the demonstration's records from the Library of Congress's Chinese ones, the same ones on every run.

`python scripts/select_demo_records.py loc_chinese_8030.mrc.xz` writes src/shufang/demo/records.mrc.xz. The records are
works of the United States Government without copyright there (Books All 2016, part 1); NOTICE beside it says so.

What a reader of a study would take from a shelf comes first: every main class has its share, short titles in hanzi with
an ISBN before long ones, stories, travels and pictures before statistics, statutes and gazetteers. The first 128 of the
file are literature and history with the shortest titles; the named cast's items are copies of them (docs/demo.md).

Each record gets invented holdings in 952 as Koha writes them: $p barcode, $a branch, $o call number, $y kind, $g price,
$7 where it is not for loan. So the file can be loaded with `shufang load_marc` like any other.
"""

import lzma
import re
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from shufang.catalogue.loading.source import source_of, title_values
from shufang.catalogue.loading.title_values import TitleValues
from shufang.marc.reading import read_records
from shufang.marc.record import Record, data_field
from shufang.marc.writing import to_iso2709

TARGET = Path(__file__).resolve().parent.parent / "src/shufang/demo/records.mrc.xz"
WANTED = 3000
CAST = 128
SHARES = {
    "I": 700, "K": 620, "J": 270, "B": 220, "G": 170, "C": 90, "D": 180, "F": 240, "H": 120, "N": 60, "O": 60, "P": 60,
    "Q": 80, "R": 70, "S": 60, "T": 110, "U": 20, "V": 10, "X": 30, "Z": 60, "A": 20, "E": 30,
}  # fmt: skip
"""How many of each main class at most; what is missing is filled up from all."""

COPIES = {"GMD": 673, "HC": 800, "YZ": 800, "XHM": 400, "QY": 400, "DX": 1500, "SD": 300}
"""Items a branch gets beside those of the cast."""

_DULL = re.compile(
    r"志|年[鉴鑑]|统计|統計|法[规規律令]|条例|條例|目[录錄]|索引|论文集|論文集|[报報]告|汇[编編]|彙編|[资資]料|手[册冊]|[会會][议議]"
    r"|[辞詞词]典|大全|全[书書]|概[论論]|[档檔]案|硏究|研究|政策|[经經][济濟]|[规規]划"
)
_LIVELY = re.compile(
    r"小[说說]|散文|[诗詩]|故事|童|[传傳]|游|遊|茶|[画畫]|[书書]法|[红紅]楼|人生|[爱愛]|梦|夢|花|[鸟鳥]|山|海|生活|老照片|食|[历歷]史"
)
_HANZI = re.compile("[\u4e00-\u9fff]")


class Choice(NamedTuple):
    """A record that may be chosen, and how gladly (lower is gladder)."""

    dullness: float
    digest: str
    values: TitleValues
    record: Record


def dullness(values: TitleValues) -> float:
    """Return how little a reader in a study would ask for a title; 0 to about 20."""
    title = values.title
    value = min(len(title), 40) / 4
    value += 4 * bool(_DULL.search(title)) - 3 * bool(_LIVELY.search(title))
    value += 3 * (not any(one.kind == "isbn" for one in values.identifiers))
    value += 2 * (not values.author) + 1 * ((values.year or 0) < 1980)
    return value


def choices(path: Path) -> list[Choice]:
    """Return the whole records with a hanzi title, the most readable first."""
    found: list[Choice] = []
    with path.open("rb") as stream:
        for record in read_records(stream):
            if not isinstance(record, Record) or not record.is_valid or record.control("001") == "":
                continue
            values = title_values(record, source_of(record, "demo"))
            if _HANZI.search(values.title) and values.main_class and len(values.title) <= 60:
                found.append(Choice(dullness(values), sha256(record.raw).hexdigest(), values, record))
    return sorted(found, key=lambda one: one[:2])


def select(found: list[Choice]) -> list[Choice]:
    """Return the chosen ones: each class its share, then the rest by readability."""
    left = dict(SHARES)
    chosen: list[Choice] = []
    passed: list[Choice] = []
    for one in found:
        if left.get(one.values.main_class, 0):
            left[one.values.main_class] -= 1
            chosen.append(one)
        else:
            passed.append(one)
    return (chosen + passed)[:WANTED]


def order(chosen: list[Choice]) -> list[Choice]:
    """Return the chosen ones in the file's order: the cast's first, no two of these with one title, then mixed."""
    first: list[Choice] = []
    titles: set[str] = set()
    for one in chosen:
        suits = one.values.main_class in {"I", "K"} and one.values.author and one.values.title not in titles
        if suits and len(first) < CAST:
            titles.add(one.values.title)
            first.append(one)
    cast = {one.digest for one in first}
    return first + sorted((one for one in chosen if one.digest not in cast), key=lambda one: one.digest)


def cast_barcode(place: int) -> str:
    """Return the barcode of the single copy of one of the first records."""
    special = ["DX00000201", "DX00000202", "DX00000203", "DX00000204", "SD00000001"]
    if place < 100:
        return f"DX{place + 1:08}"
    place -= 100
    if place < len(special):
        return special[place]
    place -= len(special)
    return f"DX{211 + place:08}" if place < 5 else f"DX{221 + place - 5:08}"


def holdings(ordered: list[Choice]) -> dict[str, list[tuple[str, str]]]:
    """Return (branch, barcode) pairs for each record, by its digest: each branch takes the titles its dice like best."""
    found: dict[str, list[tuple[str, str]]] = {one.digest: [] for one in ordered}
    for place, one in enumerate(ordered[:CAST]):
        barcode = cast_barcode(place)
        found[one.digest].append(("SD" if barcode.startswith("SD") else "GMD", barcode))
    numbers: Counter[str] = Counter()
    for branch, copies in COPIES.items():
        taken = [one for one in ordered[CAST:] if one.values.main_class != "Z" or branch == "DX"]
        taken.sort(key=lambda one: sha256(f"{branch}{one.digest}".encode()).digest())
        for one in taken[:copies]:
            prefix = "SD" if branch == "SD" else "DX"
            numbers[prefix] += 1
            found[one.digest].append((branch, f"{prefix}{1000 + numbers[prefix]:08}"))
    return found


def with_holdings(one: Choice, call_number: str, copies: list[tuple[str, str]]) -> bytes:
    """Return the record with its copies in 952."""
    is_reference = one.values.main_class == "Z"
    price = 12 + int(one.digest[:4], 16) % 60
    for branch, barcode in copies:
        subfields = [("p", barcode), ("a", branch), ("o", call_number), ("g", f"{price}.00")]
        subfields.append(("y", "reference" if is_reference else "book"))
        if barcode == "DX00000203":
            subfields.append(("7", "1"))
        one.record.fields.append(data_field("952", "  ", subfields))
    return to_iso2709(one.record)


def main(path: Path) -> None:
    """Write the selection."""
    ordered = order(select(choices(path)))
    copies = holdings(ordered)
    shelf: Counter[str] = Counter()
    parts: list[bytes] = []
    for one in ordered:
        letter = one.values.main_class
        shelf[letter] += 1
        parts.append(with_holdings(one, f"{letter}/{shelf[letter]:04}", copies[one.digest]))
    TARGET.write_bytes(lzma.compress(b"".join(parts), preset=9 | lzma.PRESET_EXTREME))
    items = sum(map(len, copies.values()))
    sys.stdout.write(f"{len(ordered)} records, {items} items, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
