"""What a MARC record says of a title, as plain values; the two dialects fill it, the store writes it."""

from dataclasses import dataclass
from typing import NamedTuple


class Identifier(NamedTuple):
    """`kind` is isbn (13 digits), issn or 035; `matches` is false for numbers that belong to other books too."""

    kind: str
    value: str
    matches: bool = True


@dataclass(slots=True)
class TitleValues:
    """One title. Texts are as displayed, hanzi first; the fields are those of `catalogue.models.Title`.

    `publishers` and `others` hold all forms in which somebody may search; `numbers` ISBNs and ISSNs as printed, valid
    or not; `call_numbers` the class with its book number. `price` is what the record says a copy costs, unparsed.
    """

    source: str
    control_number: str
    title: str = ""
    title_romanised: str = ""
    volume: str = ""
    author: str = ""
    author_romanised: str = ""
    responsibility: str = ""
    edition: str = ""
    publisher: str = ""
    place: str = ""
    year: int | None = None
    language: str = ""
    series: str = ""
    class_number: str = ""
    class_scheme: str = ""
    main_class: str = ""
    material: str = "book"
    subjects: tuple[str, ...] = ()
    extent: str = ""
    summary: str = ""
    identifiers: tuple[Identifier, ...] = ()
    all_series: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
