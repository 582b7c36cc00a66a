"""How a message class says its wire form: fixed fields in order, then variable fields by identifier.

A message is a frozen dataclass made by `@message(code)`; its fields are `fixed`, `required`, `optional`, `flag` or
`repeated`. Reading never misses a required field: one that is absent reads as empty, and the verbs refuse an empty card
or barcode. Writing always writes required fields, and optional ones when they are not empty.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Generic, TypeVar, cast, dataclass_transform

from shufang.sip2.errors import DecodingError, Fault
from shufang.sip2.text import LONGEST, clean, split, without_bar_bytes

T = TypeVar("T")
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """How a fixed field's characters are read and written."""

    read: Callable[[str], T]
    write: Callable[[T], str]


def _same(text: str) -> str:
    return text


def _read_count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


TEXT = Kind(_same, _same)
YES_NO = Kind(lambda text: text == "Y", lambda yes: "Y" if yes else "N")
ONE_ZERO = Kind(lambda text: text == "1", lambda one: "1" if one else "0")
COUNT = Kind(_read_count, lambda number: f"{min(max(number, 0), 9999):04}")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed field: so many characters, all ASCII."""

    width: int
    read: Callable[[str], object]
    write: Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable field. `is_flag`: Y or N; `is_repeated`: may stand several times, too long a value is split."""

    identifier: str
    is_required: bool = False
    is_flag: bool = False
    is_repeated: bool = False


def fixed(width: int, kind: Kind[T]) -> T:
    """A fixed field of `width` characters."""
    form = Fixed(width, kind.read, cast("Callable[[object], str]", kind.write))
    return cast("T", field(metadata={"sip2": form}))


def required(identifier: str) -> str:
    """A variable field that is always written."""
    form: str = field(metadata={"sip2": Variable(identifier, is_required=True)})
    return form


def optional(identifier: str, *, default: str) -> str:
    """A variable field that is written when it is not empty."""
    return field(default=default, metadata={"sip2": Variable(identifier)})


def flag(identifier: str, *, default: bool | None) -> bool | None:
    """A variable field Y or N; None when it is absent or something else."""
    return field(default=default, metadata={"sip2": Variable(identifier, is_flag=True)})


def repeated(identifier: str, *, default: tuple[str, ...]) -> tuple[str, ...]:
    """A variable field that may stand any number of times."""
    form = Variable(identifier, is_repeated=True)
    return field(default=default, metadata={"sip2": form})


class Layout:
    """The wire form of one message class, laid out for speed."""

    __slots__ = ("_defaults", "_fixed", "_make", "_places", "_values", "_variable", "code", "fixed_end", "identifiers")

    def __init__(self, code: str, make: Callable[..., object], forms: list[tuple[str, Fixed | Variable]]) -> None:
        self.code = code
        self._make = make
        self._values = _getter([name for name, _ in forms])
        self._defaults: list[object] = []
        self._fixed: list[tuple[int, int, int, Fixed]] = []
        self._variable: list[tuple[int, Variable]] = []
        self._places: dict[str, tuple[int, Variable]] = {}
        at = len(code)
        for index, (_, form) in enumerate(forms):
            if isinstance(form, Fixed):
                self._fixed.append((index, at, at + form.width, form))
                self._defaults.append(None)
                at += form.width
            else:
                self._variable.append((index, form))
                self._places[form.identifier] = (index, form)
                self._defaults.append(None if form.is_flag else () if form.is_repeated else "")
        self.fixed_end = at
        self.identifiers = frozenset(self._places)

    def read(self, text: str) -> object:
        """Return the message in `text` (without trailer). Of a field that stands twice the first counts.

        Blanks around a value are what some terminals and scanners fill fields up with; no number or PIN begins or ends so.
        """
        head = text[: self.fixed_end]
        if len(head) < self.fixed_end:
            raise DecodingError(Fault.TOO_SHORT)
        if "|" in head or not head.isascii():
            raise DecodingError(Fault.FIXED_PART)
        values = self._defaults.copy()
        for index, begin, end, form in self._fixed:
            values[index] = form.read(text[begin:end])
        for part in reversed(text[self.fixed_end :].split("|")):
            place = self._places.get(part[:2])
            if place is None:
                continue
            index, variable = place
            value = part[2:]
            if variable.is_repeated:
                values[index] = (value, *cast("tuple[str, ...]", values[index]))
                continue
            value = value.strip(" ")
            if variable.is_flag:
                values[index] = True if value == "Y" else False if value == "N" else None
            else:
                values[index] = value
        return self._make(*values)

    def write(self, message: object, encoding: str, *, splits_bytes: bool) -> bytes:
        """Return the message's bytes without trailer; every value cleaned, cut or split to 255 bytes."""
        parts = [self.code]
        values = self._values(message)
        for index, _, _, fixed_form in self._fixed:
            parts.append(_fit(fixed_form.write(values[index]), fixed_form.width))
        for index, form in self._variable:
            value = values[index]
            if value == "" or value is None or value == ():
                if form.is_required:
                    parts.append(form.identifier + "|")
            elif isinstance(value, str):
                parts += _fields(form, value, encoding, splits_bytes=splits_bytes)
            elif isinstance(value, tuple):
                for text in value:
                    parts += _fields(form, text, encoding, splits_bytes=splits_bytes)
            else:
                parts.append(form.identifier + ("Y|" if value else "N|"))
        return "".join(parts).encode(encoding, "replace")


def _getter(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda message: tuple(getattr(message, name) for name in names)


def _fields(form: Variable, value: str, encoding: str, *, splits_bytes: bool) -> list[str]:
    if not value.isprintable() or "|" in value:
        value = clean(value)
    if splits_bytes and not value.isascii():
        value = without_bar_bytes(value, encoding)
    if len(value) * 4 <= LONGEST:
        return [form.identifier, value, "|"]
    pieces = split(value, encoding)
    return [f"{form.identifier}{piece}|" for piece in (pieces if form.is_repeated else pieces[:1])]


def _fit(value: str, width: int) -> str:
    """Fixed fields are ours or come from a request's fixed field; a wrong width is a bug of the caller."""
    if len(value) != width or not value.isascii():
        raise ValueError(f"a fixed field of {width} characters cannot hold {len(value)}")
    return value


LAYOUTS: dict[str, Layout] = {}
LAYOUT_OF: dict[type, Layout] = {}


@dataclass_transform(frozen_default=True, field_specifiers=(fixed, required, optional, flag, repeated))
def message(code: str) -> Callable[[type[M]], type[M]]:
    """Make a class the message of this two-digit code."""

    def make(plain: type[M]) -> type[M]:
        made = dataclass(frozen=True, slots=True)(plain)
        forms = [(each.name, cast("Fixed | Variable", each.metadata["sip2"])) for each in fields(made)]  # type: ignore[arg-type]  # made by dataclass above
        LAYOUTS[code] = LAYOUT_OF[made] = Layout(code, made, forms)
        return made

    return make
