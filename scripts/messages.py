"""Which texts the code and the templates translate, and the bringing of the two catalogues up to date with them.

Run it after a text has changed: `python scripts/messages.py` adds new texts, empty, to both .po files and takes out
those that nothing uses. A test fails while a text is empty.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "shufang"
LANGUAGES = ("zh_Hans", "en")

_CALLS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
_STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_IN_TEMPLATE = re.compile(rf"(?<!\w)(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?")


class Text(NamedTuple):
    """A text to translate: its context, itself and its plural; empty where it has none."""

    context: str
    single: str
    plural: str


def used(package: Path = PACKAGE) -> set[Text]:
    """Return every text that a template or a module marks for translation."""
    found: set[Text] = set()
    for template in package.rglob("templates/**/*.*"):
        found.update(_in_template(template))
    for module in package.rglob("*.py"):
        found.update(_in_module(module))
    return found


def _in_template(path: Path) -> Iterator[Text]:
    for match in _IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        name, *literals = match.groups()
        yield _text(name, [ast.literal_eval(literal) for literal in literals if literal])


def _in_module(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _CALLS:
            continue
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if words:
            yield _text(node.func.id, words)


def _text(call: str, words: list[str]) -> Text:
    name = call.removesuffix("_lazy").removesuffix("_noop")
    context, rest = (words[0], words[1:]) if name in {"pgettext", "npgettext"} else ("", words)
    return Text(context, rest[0], rest[1] if name.startswith("n") else "")


def known(language: str, package: Path = PACKAGE) -> polib.POFile:
    """Return the catalogue of a language."""
    return polib.pofile(str(package / "locale" / language / "LC_MESSAGES" / "django.po"))


def text_of(entry: polib.POEntry) -> Text:
    """Return what an entry translates."""
    return Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def main() -> None:
    """Bring both catalogues up to date and say how many texts want a translation."""
    texts = used()
    for language in LANGUAGES:
        catalogue = known(language)
        catalogue[:] = [entry for entry in catalogue if text_of(entry) in texts]
        there = {text_of(entry) for entry in catalogue}
        for text in sorted(texts - there):
            plurals = {0: ""} if language == "zh_Hans" else {0: "", 1: ""}
            catalogue.append(
                polib.POEntry(
                    msgctxt=text.context or None,
                    msgid=text.single,
                    msgid_plural=text.plural,
                    msgstr_plural=plurals if text.plural else {},
                )
            )
        catalogue.sort(key=text_of)
        catalogue.save()
        empty = len(catalogue.untranslated_entries())
        sys.stdout.write(f"{language}: {len(catalogue)} texts, {empty} without a translation\n")


if __name__ == "__main__":
    main()
