"""Both languages are complete, and compiled by the package itself."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import gettext, ngettext, override

from scripts.messages import LANGUAGES, PACKAGE, Text, known, text_of, used
from shufang.config.languages import compiled

VALUES = re.compile(r"%\((\w+)\)s")
SOURCE = PACKAGE / "locale"


def test_the_texts_of_code_and_templates_are_found() -> None:
    texts = used()
    assert Text("", "Where it is", "") in texts  # a template's
    assert Text("", "%(number)s title", "%(number)s titles") in texts  # a module's, with its plural
    assert Text("", "Volume", "") in texts  # a template's, within a tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_its_translation_and_none_is_left_over(language: str) -> None:
    catalogue = known(language)
    assert {text_of(entry) for entry in catalogue} == used()
    assert not catalogue.untranslated_entries()
    assert not catalogue.fuzzy_entries()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_values(language: str) -> None:
    for entry in known(language):
        wanted = set(VALUES.findall(entry.msgid))
        for translation in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            assert set(VALUES.findall(translation)) == wanted, entry.msgid


def test_chinese_screens_do_not_sound_like_a_machine() -> None:
    for entry in known("zh_Hans"):
        said = entry.msgstr + "".join(entry.msgstr_plural.values())
        assert not re.search("请您|系统|操作失败|！", said), said


def test_the_running_programme_speaks_both() -> None:
    with override("zh-hans"):
        assert gettext("Where it is") == "都在哪里"
    with override("en"):
        assert gettext("Where it is") == "Where it is"
        assert ngettext("%(number)s title", "%(number)s titles", 2) == "%(number)s titles"
    assert Path(settings.LOCALE_PATHS[0]).is_relative_to(settings.SHUFANG_DATA)


def test_only_what_has_changed_is_compiled_and_a_read_only_package_does_not_matter(tmp_path: Path) -> None:
    source, target = tmp_path / "package", tmp_path / "data"
    catalogue = source / "en" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n')
    for folder in (source, *source.rglob("*")):
        folder.chmod(0o555)
    try:
        binary = compiled(source, target) / "en" / "LC_MESSAGES" / "django.mo"
        first = binary.stat().st_mtime_ns
        compiled(source, target)
        assert binary.stat().st_mtime_ns == first
        catalogue.chmod(0o644)
        catalogue.write_text(catalogue.read_text().replace('"b"', '"c"'))
        compiled(source, target)
        assert [entry.msgstr for entry in polib.mofile(str(binary)) if entry.msgid == "a"] == ["c"]
    finally:
        for folder in (source, *source.rglob("*")):
            folder.chmod(0o755)
