"""`shufang search WORDS`: search the catalogue as readers do (docs/search.md)."""

import json
import unicodedata
from itertools import accumulate

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.catalogue.search.query import MOST_HITS, search
from shufang.catalogue.search.results import Chosen, Hit, Results

_COLUMNS = (("id", 8), ("title", 44), ("author", 18), ("published", 24), ("on the shelf at", 24))


class Command(BaseCommand):
    """Print the titles that have all words, best first."""

    help = "Search the catalogue: hanzi in any script, pinyin, initials, words, ISBN or call number."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the words and what narrows them down."""
        parser.add_argument("words", nargs="+", metavar="WORDS")
        parser.add_argument("--json", action="store_true", help='print {"results": [{"id": …}], "count": …}')
        parser.add_argument("--limit", type=int, default=20, help=f"hits to print (1 to {MOST_HITS}; else 20)")
        parser.add_argument("--offset", type=int, default=0, help="hits to leave out at the beginning")
        parser.add_argument("--branch", default="", help="code of a branch that has it on the shelf now")
        parser.add_argument("--language", default="", help="MARC code of a language, as chi")
        parser.add_argument("--year", type=int, help="year of publication")
        parser.add_argument("--class", dest="main_class", default="", help="letter of a main class of the CLC")
        parser.add_argument("--material", default="", help="kind of material, as book")

    def handle(self, *_: object, **options: object) -> None:
        """Search once and print."""
        text = " ".join(str(word) for word in options["words"]) if isinstance(options["words"], list) else ""
        year = options["year"]
        chosen = Chosen(
            branch=str(options["branch"]),
            language=str(options["language"]),
            year=year if isinstance(year, int) else None,
            main_class=str(options["main_class"]).upper(),
            material=str(options["material"]),
        )
        if not text.strip():
            raise CommandError("say what to search for")
        limit, offset = int(str(options["limit"])), int(str(options["offset"]))
        try:
            found = search(text, facets=chosen, limit=limit, offset=offset, with_facets=False)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_json(found) if options["json"] else _table(found))


def _json(found: Results) -> str:
    rows = [
        {
            "id": hit.title.id,
            "title": hit.title.title,
            "author": hit.title.author,
            "publisher": hit.title.publisher,
            "year": hit.title.year,
            "places": [
                {"branch": place.branch, "copies": place.copies, "on_shelf": place.on_shelf} for place in hit.places
            ],
        }
        for hit in found.hits
    ]
    return json.dumps({"results": rows, "count": found.count, "is_more": found.is_more}, ensure_ascii=False)


def _table(found: Results) -> str:
    count = f"more than {found.count}" if found.is_more else str(found.count)
    summary = f"{count} title{'' if count == '1' else 's'}"
    if not found.hits:
        return summary
    lines = [_line([name for name, _ in _COLUMNS]), _line(["-" * width for _, width in _COLUMNS])]
    return "\n".join([*lines, *(_line(_cells(hit)) for hit in found.hits), summary])


def _cells(hit: Hit) -> list[str]:
    title = hit.title
    published = " ".join(filter(None, [title.publisher, str(title.year or "")]))
    shelves = ", ".join(f"{place.branch} {place.on_shelf}" for place in hit.places if place.on_shelf)
    return [str(title.id), title.title, title.author, published, shelves]


def _line(cells: list[str]) -> str:
    return "  ".join(_fitted(cell, width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True)).rstrip()


def _fitted(text: str, width: int) -> str:
    """Return a text cut or filled to so many columns of a terminal; hanzi take two."""
    shown = " ".join(text.split())
    ends = list(accumulate(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in shown))
    if ends and ends[-1] > width:
        kept = sum(end < width for end in ends)
        shown, ends = shown[:kept] + "…", [*ends[:kept], (ends[kept - 1] if kept else 0) + 1]
    return shown + " " * (width - (ends[-1] if ends else 0))
