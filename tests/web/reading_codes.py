"""Reading codes off pictures the way a scanner does."""

import io
import re

import zxingcpp
from PIL import Image, ImageDraw

from shufang.web.codes import Drawing

_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z")


def drawn(drawing: Drawing, scale: int = 4) -> Image.Image:
    """Return the drawing as a picture, black on white."""
    left, top, width, height = map(int, drawing.view_box.split())
    picture = Image.new("L", (width * scale, height * scale), 255)
    pen = ImageDraw.Draw(picture)
    for start, y, length, high in (map(int, run) for run in _RUN.findall(drawing.d)):
        x, y0 = (start - left) * scale, (y - top) * scale
        pen.rectangle((x, y0, x + length * scale - 1, y0 + high * scale - 1), fill=0)
    return picture


def read(picture: Image.Image) -> dict[str, str]:
    """Return what the codes on a picture say, by their format's name."""
    return {found.format.name: found.text for found in zxingcpp.read_barcodes(picture)}


def read_png(picture: bytes) -> dict[str, str]:
    """Return what the codes on a screenshot say."""
    return read(Image.open(io.BytesIO(picture)).convert("RGB"))
