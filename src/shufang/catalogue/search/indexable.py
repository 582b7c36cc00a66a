"""What the search index has to know of a title: the loader hands this over, so that no row is read twice."""

from dataclasses import dataclass

KEY_LENGTH = 40
"""Suggestions compare so many characters of a title or an author."""


@dataclass(frozen=True, slots=True)
class IndexableTitle:
    """One title as the index takes it. Texts are as displayed (hanzi, Latin or both); empty means absent.

    `id`, `language`, `year`, `main_class`, `material`, `popularity` are as in `catalogue.models.Title` (`main_class`
    is the letter). `identifiers` are ISBNs and ISSNs in any spelling, 10 or 13 digits, valid or not. `call_numbers`
    are those of the class (690, 050) and of the items. `subjects`, `series`, `publishers` are one text each entry.
    `others` are further texts by which the title may be found: parallel titles, added authors, notes of contents.
    A romanised text is only the record's own (MARC 21's 245 beside its 880, CNMARC 200 $A or $9).
    """

    id: int
    title: str
    title_romanised: str = ""
    volume: str = ""
    author: str = ""
    author_romanised: str = ""
    responsibility: str = ""
    series: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    language: str = ""
    year: int | None = None
    main_class: str = ""
    material: str = "book"
    popularity: int = 0
    is_suppressed: bool = False
