"""Draw the cover of a book that has none: title, author and class in, one SVG out.

The same book always gets the same picture: every variation comes from SHA-256 of title and author.
Units are SVG user units on a cover of 240 × 336 (5:7). No embedded fonts, no style attributes, no scripts.
"""

import hashlib
import math
import re
from html import escape

from shufang.web.covers.motifs import MOTIFS

WIDTH, HEIGHT, SPINE = 240, 336, 22
SERIF = "'Songti SC','Noto Serif CJK SC','Source Han Serif SC',STSong,SimSun,serif"
SERIF_LATIN = "Charter,'Noto Serif','Source Serif 4','Noto Serif CJK SC',Georgia,serif"
INK, INK_SOFT, THREAD = "#241d15", "#5d5143", "#e6dcc6"
SLIP_PAPERS = ("#f5eddb", "#efe4ca", "#f8f3e6")
SLIP_FRAMES = (
    ((5, 1.1),),
    ((4.5, 2.4), (8, 0.8)),
    ((5, 2.0),),
)  # single; thick and thin (wen-wu); thick: (inset, width)

# Class of the Chinese Library Classification, longest prefix wins: OKLCH hue in degrees, chroma, and how much lighter
# than usual its dark dyes are (a deep yellow is mud, and children's books are never dark).
CLOTH = {
    "A": (30, 0.098, 0), "B": (20, 0.048, 0), "C": (70, 0.030, 0.05), "D": (268, 0.024, 0), "E": (112, 0.040, 0.03),
    "F": (52, 0.072, 0.04), "G": (132, 0.052, 0), "H": (96, 0.052, 0.06), "I": (200, 0.044, 0), "I2": (254, 0.062, 0),
    "I28": (66, 0.092, 0.18), "J": (8, 0.082, 0), "K": (58, 0.044, 0.05), "N": (234, 0.030, 0), "O": (214, 0.052, 0),
    "P": (284, 0.056, 0), "Q": (160, 0.050, 0), "R": (148, 0.028, 0.03), "S": (82, 0.074, 0.09), "T": (240, 0.012, 0),
    "U": (242, 0.074, 0), "V": (228, 0.046, 0), "X": (186, 0.048, 0), "Z": (322, 0.040, 0), "": (80, 0.014, 0.05),
}  # fmt: skip
# Lightness and share of chroma: deep, middle, faded, pale. Eight tickets: two, three, two, one.
DYES = {"deep": (0.35, 0.9), "middle": (0.43, 1.0), "faded": (0.55, 0.85), "pale": (0.84, 0.36)}
TICKETS = ("deep", "deep", "middle", "middle", "middle", "faded", "faded", "pale")


def cover(title: str, author: str, clc: str) -> str:
    """The SVG of one book. *clc* is a class number such as I247.5, or '' where there is none."""
    title, author = ("".join(c if c.isprintable() else " " for c in words).strip() for words in (title, author))
    title = title or "无题"
    family = next(key for key in (clc[:3], clc[:2], clc[:1], "") if key in CLOTH)
    seed = hashlib.sha256(f"{title}\n{author}".encode()).digest()
    (light, share), (hue, chroma, lift) = DYES[TICKETS[seed[0] % 8]], CLOTH[family]
    hue, chroma, pale = hue + seed[1] % 13 - 6, chroma * share, light > 0.7
    light += lift if light < 0.5 else 0
    base, soft, clear = (oklch(light + step, chroma, hue) for step in ((0, -0.05, -0.10) if pale else (0, -0.05, 0.07)))
    thread = oklch(0.38, chroma, hue) if pale else THREAD
    vertical = is_vertical(title)
    slip = vertical_slip if vertical else horizontal_slip
    mirror = "" if vertical else f' transform="matrix(-1 0 0 1 {WIDTH} 0)"'
    cloth = WIDTH - SPINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<title>{escape(title)}</title><g{mirror}><path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="{base}"/>'
        f'<svg width="{cloth}" height="{HEIGHT}"><g fill="none" stroke-linecap="round">'
        f"{MOTIFS[family[:1]](soft, clear, seed[8:])}</g></svg>{binding(soft, thread)}</g>"
        f"{slip(main_title(title), short_author(author), SLIP_PAPERS[seed[2] % 3], SLIP_FRAMES[seed[3] % 3])}</svg>"
    )


def binding(corner: str, thread: str) -> str:
    """Four-hole thread binding along the right edge, with silk corners."""
    x, loops = WIDTH - SPINE, "".join(f"M{WIDTH - SPINE} {y}h{SPINE}" for y in (24, 120, 216, 312))
    return (
        f'<path d="M{x} 0h{SPINE}v24h-{SPINE}zM{x} 312h{SPINE}v24h-{SPINE}z" fill="{corner}"/>'
        f'<path d="M{x} 0v{HEIGHT}{loops}" stroke="{thread}" stroke-width="1.7" fill="none"/>'
    )


# --- colour -----------------------------------------------------------------------------------------------------------


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """OKLCH to #rrggbb, clipped (Ottosson 2020)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l_, m, s = (
        (lightness + a * i + b * k) ** 3
        for i, k in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    )
    linear = (
        4.0767416621 * l_ - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l_ + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l_ - 0.7034186147 * m + 1.7076147010 * s,
    )
    channels = (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in (max(0.0, v) for v in linear))
    return "#" + "".join(f"{round(min(1.0, v) * 255):02x}" for v in channels)


# --- words ------------------------------------------------------------------------------------------------------------


UPRIGHT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


def is_vertical(title: str) -> bool:
    """Set vertically when at least half of the letters are Han, kana or hangul."""
    letters = [c for c in title if c.isalnum()]
    return 2 * sum(UPRIGHT.match(c) is not None for c in letters) >= len(letters)


def main_title(title: str) -> str:
    """Without book quotes; without the subtitle where the whole is longer than 14 signs (Latin: 44)."""
    title = title.strip("《》 ") or title
    if len(title) > (14 if is_vertical(title) else 44):
        title = re.split(r"\s*[：:／/=（(；;—]", title, maxsplit=1)[0] or title
    return title


def short_author(author: str) -> str:
    """First author, without nationality, dynasty or role; of a transcribed name the last part; at most 8 signs."""
    names = re.split(r"[，,、;；]", re.sub(r"[（(\[〔].*?[）)\]〕]", "", author).strip(" .。"))
    name = re.sub(
        r"\s*(编著|編著|主编|主編|选编|選編|编译|編譯|译注|譯註|校注|校註|等[编編著]|[著编編译譯注註])$", "", names[0]
    ).strip(" .。")
    if not UPRIGHT.search(name):
        return name
    if len(name) > 5 or re.search(r"[A-Za-z]", name):
        name = re.split(r"[·・.\s]", name)[-1]
    return "" if len(name) > 8 else name + ("等" if len(names) > 1 and name else "")


def cells(text: str) -> list[str]:
    """The squares of vertical setting: one Han character, one sign, one or two Latin letters or digits, or a longer
    Latin run, which lies on its side. Three or four digits stand one below the other.
    """
    parts = re.findall(r"[A-Za-z0-9]+(?:[ .'&+-]+[A-Za-z0-9]+)*|\S", text)
    return [c for part in parts for c in (part if re.fullmatch(r"\d{3,4}", part) else [part])]


def extent(cell: str) -> float:
    """Height of a cell in em."""
    return 1.0 if len(cell) <= 2 else 0.56 * len(cell) + 0.2


def columns(title: str) -> list[list[str]]:
    """One column up to six cells, else two, broken at punctuation near the middle; fourteen cells at most."""
    one = cells(title)
    if sum(map(extent, one)) <= 6.5:
        return [one]
    one = one if len(one) <= 14 else [*one[:13], "…"]
    half = math.ceil(len(one) / 2)
    for at in sorted(range(2, len(one) - 1), key=lambda i: abs(i - half)):
        if abs(at - half) <= 2 and one[at] in "：:·・，、—-":
            return [one[:at], one[at + 1 :]]
    return [one[:half], one[half:]]


# --- slips ------------------------------------------------------------------------------------------------------------


def vertical_slip(title: str, author: str, paper: str, frame: tuple[tuple[float, float], ...]) -> str:
    """Title slip at the upper left, columns from right to left, the author small at the foot of the last column."""
    cols, name = columns(title), cells(author)
    ems = [sum(map(extent, column)) for column in cols]
    small = 15.0 if len(name) <= 5 else 13.0
    foot = sum(map(extent, name)) * small * 1.12 + (18 if name else 0)
    size = min(44.0 if len(cols) == 1 else 32.0, 252 / max(ems) / 1.1, (252 - foot) / ems[-1] / 1.1)
    lead = 1.28 if max(ems) <= 2 else 1.18 if max(ems) <= 4 else 1.1
    width = 62.0 if len(cols) == 1 else 2 * size + 5 + 27
    height = min(284.0, max(190.0, max(ems[0] * size * lead, ems[-1] * size * lead + foot) + 32))
    x, y, marks = 20.0, 20.0, ""
    for i, column in enumerate(cols):
        middle = x + width / 2 + (0.5 * (len(cols) - 1) - i) * (size + 5)
        marks += run(column, middle, y + 16, size, lead, INK, 700)
    marks += run(name, middle, y + height - 14 - foot + (18 if name else 0), small, 1.12, INK_SOFT, 400)
    return slip_paper(x, y, width, height, paper, frame) + marks


def run(column: list[str], x: float, y: float, size: float, lead: float, fill: str, weight: int) -> str:
    """Cells one below the other from *y*. Each is placed by itself, so any renderer sets them vertically."""
    upright = str.maketrans(
        "（）《》〈〉「」『』【】—–-…：；，。、！？", "︵︶︽︾︿﹀﹁﹂﹃﹄︻︼︱︱︱︙︓︔︐︒︑︕︖"
    )
    out = f'<g font-family="{SERIF}" font-size="{size:.1f}" font-weight="{weight}" fill="{fill}" text-anchor="middle">'
    for cell in column:
        tall = extent(cell) * size * lead
        middle = y + tall / 2
        if len(cell) > 2:
            out += f'<text transform="translate({x - size * 0.35:.1f} {middle:.1f}) rotate(90)">{escape(cell)}</text>'
        else:
            squeeze = f' textLength="{size * 0.9:.1f}" lengthAdjust="spacingAndGlyphs"' if len(cell) == 2 else ""
            sign = cell if len(cell) == 2 else cell.translate(upright)
            out += f'<text x="{x:.1f}" y="{middle + size * 0.365:.1f}"{squeeze}>{escape(sign)}</text>'
        y += tall
    return out + "</g>"


def horizontal_slip(title: str, author: str, paper: str, frame: tuple[tuple[float, float], ...]) -> str:
    """Latin title slip at the upper right: ragged lines of words, a short rule, the author."""
    x, y, width, pad = 50, 26, 168, 18
    lines: list[str] = []
    for size in (28, 25, 22, 19, 17, 15):
        lines = wrap(title, (width - 2 * pad) / size)
        if len(lines) * size <= 104 and max(map(latin_width, lines)) * size <= width - 2 * pad:
            break
    lines = [cut(t, (width - 2 * pad) / size) for t in (lines if len(lines) <= 6 else [*lines[:5], "…"])]
    foot, small = y + pad + size * 1.16 * len(lines) + 14, 14.5
    by = wrap(author, 1.12 * (width - 2 * pad) / small)[:2]
    texts: list[tuple[str, float, float, int, str]]
    texts = [(t, y + pad + size * (0.86 + 1.16 * i), size, 700, INK) for i, t in enumerate(lines)]
    texts += [(cut(t, 9.8), foot + 23 + 17 * i, small, 400, INK_SOFT) for i, t in enumerate(by)]
    words = "".join(
        f'<text x="{x + pad}" y="{v:.1f}" font-size="{s}" font-weight="{w}" fill="{c}">{escape(t)}</text>'
        for t, v, s, w, c in texts
    )
    return (
        slip_paper(x, y, width, foot + 4 + 17 * len(by) + pad - y, paper, frame)
        + f'<path d="M{x + pad} {foot:.1f}h24" stroke="{INK}" stroke-width="1.4"/>'
        + f'<g font-family="{SERIF_LATIN}">{words}</g>'
    )


def wrap(text: str, ems: float) -> list[str]:
    """Words into lines no wider than *ems*, as near as a table of widths can tell."""
    lines: list[str] = []
    for word in text.split():
        if lines and latin_width(f"{lines[-1]} {word}") <= ems:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def cut(line: str, ems: float) -> str:
    """A line that is a single word too long for the slip, shortened."""
    short = line
    while latin_width(short) > ems:
        short = short[:-1]
    return line if short == line else short[:-1] + "…"


def latin_width(text: str) -> float:
    """Rough width of bold serif text in em; Han characters count one."""
    widths = dict.fromkeys("iljtf.,' :", 0.34) | dict.fromkeys("rs-", 0.5) | dict.fromkeys("mwMW", 0.95)
    return sum(widths.get(c, 1.0 if c > "\u2e80" else 0.78 if c.isupper() else 0.62) for c in text)


def slip_paper(x: float, y: float, w: float, h: float, paper: str, frame: tuple[tuple[float, float], ...]) -> str:
    """The slip and the lines of its frame, each (inset, width)."""
    lines = "".join(
        f'<path d="M{x + d:.1f} {y + d}h{w - 2 * d:.1f}v{h - 2 * d:.1f}h{2 * d - w:.1f}z" stroke-width="{t}"/>'
        for d, t in frame
    )
    return f'<path d="M{x} {y}h{w:.1f}v{h:.1f}h{-w:.1f}z" fill="{paper}"/><g fill="none" stroke="{INK}">{lines}</g>'
