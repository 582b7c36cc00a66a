"""QR codes and barcodes as one SVG path each: what a page draws that must work without JavaScript."""

from dataclasses import dataclass
from itertools import groupby

import barcode  # type: ignore[import-untyped]
import segno

QUIET_QR, QUIET_BARS = 4, 10
"""Modules that must stay light around the code: ISO/IEC 18004 and 15417."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG path `d` of dark modules of one unit each, and the `view_box` that holds it with its quiet zone."""

    d: str
    view_box: str


def qr_code(text: str) -> Drawing:
    """Return the QR code of `text` at level Q: a quarter of it may be smeared. The mode is the smallest that fits."""
    code = segno.make_qr(text, error="q", boost_error=False)
    rows = [_dark_runs([bool(module) for module in row]) for row in code.matrix]
    path = "".join(f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in row)
    side = len(code.matrix) + 2 * QUIET_QR
    return Drawing(path, f"-{QUIET_QR} -{QUIET_QR} {side} {side}")


def code_128(text: str, height: int = 24) -> Drawing:
    """Return the Code 128 of an ASCII text, `height` modules high. ValueError for what the bars cannot say."""
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError(f"Code 128 cannot say {text!r}")
    (modules,) = barcode.get("code128", text).build()
    runs = _dark_runs([module == "1" for module in modules])
    path = "".join(f"M{start} 0h{length}v{height}h-{length}z" for start, length in runs)
    return Drawing(path, f"-{QUIET_BARS} 0 {len(modules) + 2 * QUIET_BARS} {height}")


def _dark_runs(modules: list[bool]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules."""
    runs, place = [], 0
    for is_dark, run in groupby(modules):
        length = len(list(run))
        if is_dark:
            runs.append((place, length))
        place += length
    return runs
