"""MARCXML as it comes: namespaces of every kind, several documents in a file, forbidden characters, bombs, cuts."""

import io
import tracemalloc
from pathlib import Path
from typing import BinaryIO, cast

from shufang.marc import framing, marcxml
from shufang.marc.reading import read_records
from shufang.marc.record import Broken, Dialect, Record, Repair

FIELD = '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{}</subfield></datafield>'


def read(text: str | bytes) -> list[Record | Broken]:
    return list(read_records(io.BytesIO(text if isinstance(text, bytes) else text.encode())))


def titles(text: str | bytes) -> list[str]:
    return [each.all("245")[0].first("a") if isinstance(each, Record) else each.reason.value for each in read(text)]


def one(title: str, prefix: str = "") -> str:
    text = "<record><leader>00000nam a2200000 a 4500</leader>" + FIELD.format(title) + "</record>"
    if prefix:
        text = (
            text.replace("</", f"</{prefix}:")
            .replace("<", f"<{prefix}:")
            .replace(f"<{prefix}:/{prefix}:", f"</{prefix}:")
        )
    return text


def test_namespaces_default_prefixed_foreign_or_none() -> None:
    for document in (
        f"<collection>{one('甲')}</collection>",
        f'<collection xmlns="http://www.loc.gov/MARC21/slim">{one("甲")}</collection>',
        f'<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim">{one("甲", "marc")}</marc:collection>',
        f"<records><record><recordData>{one('甲')}</recordData></record></records>",
        one("甲"),
    ):
        assert titles(document) == ["甲"]


def test_several_documents_run_together() -> None:
    document = f'<?xml version="1.0"?>\n<collection>{one("甲")}</collection>\n'
    assert titles(document * 3) == ["甲"] * 3


def test_declared_encodings() -> None:
    declared = f'<?xml version="1.0" encoding="GB18030"?><collection>{one("書房")}</collection>'
    assert titles(declared.encode("gb18030")) == ["書房"]
    assert titles(f"<collection>{one('書房')}</collection>".encode("utf-16")) == ["書房"]
    wide = f'<?xml version="1.0" encoding="UTF-16"?><collection>{one("書房")}</collection>'
    assert titles(wide.encode("utf-16")) == ["書房"]


def test_forbidden_characters_are_dropped_with_a_note() -> None:
    (found,) = read(one("书\x1f房\x0b"))
    assert isinstance(found, Record)
    assert found.all("245")[0].subfields() == [("a", "书房")]
    assert found.repairs == (Repair.CONTROL_CHARACTER,)


def test_a_bad_record_spoils_no_other() -> None:
    cut = one("乙").replace("</subfield>", "")
    unended = one("丙").removesuffix("</record>")
    assert titles(one("甲") + cut + one("丁")) == ["甲", "xml", "丁"]
    assert titles(one("甲") + unended + one("丁")) == ["甲", "truncated", "丁"]
    assert titles(one("甲") + unended) == ["甲", "truncated"]
    assert titles(one("甲") + FIELD.format("无") + one("丁")) == ["甲", "not_a_record", "丁"]


def test_what_is_commented_out_is_no_record() -> None:
    assert titles(f"<collection><!-- {one('甲')} -->{one('乙')}</collection>") == ["乙"]


def test_entities_of_the_file_are_never_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(9))
    document = f"<!DOCTYPE c [{bomb}]><collection>{one('&e8;')}{one('乙')}</collection>"
    assert titles(document) == ["xml", "乙"]
    outside = '<!DOCTYPE c [<!ENTITY secret SYSTEM "file:///etc/passwd">]>' + one("&secret;")
    assert titles(outside) == ["xml"]


def test_records_across_block_borders_and_flat_memory() -> None:
    class Endless(io.RawIOBase):
        """20,000 records, made as they are read."""

        def __init__(self) -> None:
            self.left = 20_000
            self.rest = b"<collection>"

        def read(self, size: int = -1) -> bytes:
            while self.left and len(self.rest) < size:
                self.rest += (one("书" * 300) * 10).encode()
                self.left -= 10
            out, self.rest = self.rest[:size], self.rest[size:]
            return out

        def seek(self, offset: int, whence: int = 0) -> int:
            self.left, self.rest = 20_000, b"<collection>"  # Only ever sought to the start.
            return offset

    tracemalloc.start()
    count = sum(1 for each in read_records(cast("BinaryIO", Endless())) if isinstance(each, Record))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 12 * framing.BLOCK


def test_tokens_cut_by_a_block_border_are_still_seen() -> None:
    text = f"<collection>{one('甲')}<!-- {one('无')} -->{one('乙')}</collection>".encode()
    for border in range(1, len(text)):
        scanned = list(marcxml._elements(iter([text[:border], text[border:]])))
        assert len(scanned) == 2, border
        assert not any(element.trouble for element in scanned)


def test_the_real_cnmarc_answer(shared_data: Path) -> None:
    found = read((shared_data / "cnmarc" / "sample_cnmarcxml.xml").read_bytes())
    assert len(found) == 10
    assert all(isinstance(each, Record) and each.dialect is Dialect.CNMARC for each in found)
