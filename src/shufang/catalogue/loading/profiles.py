"""Mapping profiles: which fields of a record are its items, as data. Shipped ones stand in profiles/, yours anywhere."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from shufang.kernel.numbers import as_number
from shufang.marc.record import Dialect

PLAUSIBLE_BARCODE = r"(?=.*[0-9]{3})[0-9A-Za-z][0-9A-Za-z.-]{3,29}"
AUTOMATIC = {Dialect.CNMARC: "cnmarc_905", Dialect.MARC21: "marc21_952"}


class ProfileError(ValueError):
    """A mapping profile that cannot be used; the message says which line of it and why."""


@dataclass(frozen=True, slots=True)
class ItemMapping:
    """Where an item's values stand in one field. Each text holds subfield codes; empty: not there.

    `barcode` may be repeated in the field, one item each. `call_number` lists ways in order of preference, the codes of
    one way joined by a slash. `price_field` is another field of the record that has the price (CNMARC 010 $d).
    """

    tag: str
    barcode: str
    branch: str = ""
    current_branch: str = ""
    library: str = ""
    kind: str = ""
    call_number: tuple[str, ...] = ()
    volume: str = ""
    shelf: str = ""
    price: str = ""
    price_field: str = ""
    note: str = ""
    not_for_loan: str = ""
    withdrawn: str = ""
    lost: str = ""
    damaged: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one source's records become items. Codes that stand in no table must be those of branches, libraries, kinds.

    `clash` says what becomes of an item whose barcode another title's item has: "reject", or "prefix" with
    `barcode_prefix` put before it. `barcode_prefix_always` puts it before every barcode.
    """

    name: str
    dialect: Dialect | None = None
    items: tuple[ItemMapping, ...] = ()
    source: str = ""
    branches: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    default_branch: str = ""
    default_library: str = ""
    default_kind: str = "book"
    barcode_pattern: re.Pattern[str] = re.compile(PLAUSIBLE_BARCODE)
    barcode_prefix: str = ""
    barcode_prefix_always: bool = False
    clash: str = "reject"


def shipped() -> tuple[str, ...]:
    """Return the names of the profiles that come with Shufang."""
    folder = files(__package__) / "profiles"
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".json")))


def read_profile(name_or_path: str) -> Profile:
    """Return a shipped profile by name, or the one in a JSON file. ProfileError."""
    if name_or_path in shipped():
        return parse_profile((files(__package__) / "profiles" / f"{name_or_path}.json").read_text("utf-8"))
    path = Path(name_or_path)
    try:
        return parse_profile(path.read_text("utf-8-sig"))
    except OSError as error:
        known = ", ".join(shipped())
        raise ProfileError(f"no mapping profile {name_or_path!r}: it is none of {known}, nor a file") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: a mapping profile is JSON in UTF-8") from error


def parse_profile(text: str) -> Profile:
    """Return the profile that a JSON text describes. ProfileError for a key or value that is not understood."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProfileError(f"a mapping profile is a JSON object: {error}") from error
    if not isinstance(content, dict):
        raise ProfileError("a mapping profile is a JSON object")
    content.pop("note", None)
    unknown = set(content) - set(Profile.__dataclass_fields__)
    if unknown:
        raise ProfileError(f"a mapping profile has no {min(unknown)!r}")
    name = _text(content, "name")
    if not name or len(name) > 60:
        raise ProfileError("a mapping profile needs a name of at most 60 characters")
    clash = _text(content, "clash") or "reject"
    if clash not in {"reject", "prefix"}:
        raise ProfileError("clash is either reject or prefix")
    return Profile(
        name=name,
        dialect=_dialect(content),
        items=tuple(_mapping(each) for each in _list(content, "items")),
        source=_text(content, "source"),
        branches=_table(content, "branches"),
        libraries=_table(content, "libraries"),
        kinds=_table(content, "kinds"),
        default_branch=_text(content, "default_branch"),
        default_library=_text(content, "default_library"),
        default_kind=_text(content, "default_kind") or "book",
        barcode_pattern=_pattern(content),
        barcode_prefix=as_number(_text(content, "barcode_prefix")),
        barcode_prefix_always=content.get("barcode_prefix_always") is True,
        clash=clash,
    )


def _text(content: Mapping[str, object], key: str) -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        raise ProfileError(f"{key} is a text")
    return value


def _list(content: Mapping[str, object], key: str) -> list[object]:
    value = content.get(key, [])
    if not isinstance(value, list):
        raise ProfileError(f"{key} is a list")
    return value


def _table(content: Mapping[str, object], key: str) -> dict[str, str]:
    value = content.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ProfileError(f"{key} is an object of texts: what stands in the record, and our code")
    return {str(left): str(right) for left, right in value.items()}


def _dialect(content: Mapping[str, object]) -> Dialect | None:
    said = _text(content, "dialect")
    if said not in {"", *Dialect}:
        raise ProfileError("dialect is marc21 or cnmarc")
    return Dialect(said) if said else None


def _pattern(content: Mapping[str, object]) -> re.Pattern[str]:
    try:
        return re.compile(_text(content, "barcode_pattern") or PLAUSIBLE_BARCODE)
    except re.error as error:
        raise ProfileError(f"barcode_pattern is no regular expression: {error}") from error


def _mapping(entry: object) -> ItemMapping:
    if not isinstance(entry, dict):
        raise ProfileError("an entry of items is an object")
    ways = entry.pop("call_number", [])
    if not isinstance(ways, list) or not all(isinstance(way, str) for way in ways):
        raise ProfileError('call_number is a list of subfield codes, as in ["f", "de"]')
    allowed = set(ItemMapping.__dataclass_fields__) - {"call_number"}
    rest = set(entry) - allowed
    if rest:
        raise ProfileError(f"an entry of items has no {min(rest)!r}")
    texts = {key: _text(entry, key) for key in entry}
    if len(texts.get("tag", "")) != 3 or not texts.get("barcode"):
        raise ProfileError("an entry of items needs a tag of three signs and the subfield code of the barcode")
    return ItemMapping(**texts, call_number=tuple(ways))
