"""One motif a class, flat, in two tones of the cloth: *soft* lies back, *clear* comes forward; *s* is the seed.

They fill the cloth (218 × 336) right of and below the slip; whatever lies under the slip is covered.
"""

import math
from collections.abc import Callable

Seed = bytes


def disc(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}"/>'


def ring(x: float, y: float, r: float, stroke: str, width: float = 2.5) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" stroke="{stroke}" stroke-width="{width}"/>'


def line(d: str, stroke: str, width: float = 2.5) -> str:
    return f'<path d="{d}" stroke="{stroke}" stroke-width="{width}"/>'


def area(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def polar(x: float, y: float, r: float, degrees: float) -> str:
    return f"{x + r * math.cos(math.radians(degrees)):.1f} {y + r * math.sin(math.radians(degrees)):.1f}"


def sun(soft: str, clear: str, s: Seed) -> str:
    """A, Marxism: a rising sun."""
    x, r = 70 + s[0] % 90, 50 + s[1] % 20
    beams = "".join(f"M{polar(x, 336, r + 16, a)}L{polar(x, 336, 340, a)}" for a in range(-171, 0, 18))
    return line(beams, soft, 6) + disc(x, 336, r, clear)


def heart(soft: str, clear: str, s: Seed) -> str:
    """B, philosophy and religion: one heart, many rings."""
    x, y = 136 + s[0] % 44, 206 + s[1] % 60
    return "".join(ring(x, y, r, clear if r < 60 else soft, 4) for r in range(20, 210, 18)) + disc(x, y, 7, clear)


def links(soft: str, clear: str, s: Seed) -> str:
    """C, social sciences: rings that hold each other."""
    r, y = 42 + s[0] % 8, 150 + s[1] % 40
    return "".join(
        ring(132 + (i % 2 * 2 - 1) * r * 0.6, y + i * r * 0.95, r, (clear, soft)[i % 2], 7) for i in range(5)
    )


def measures(soft: str, clear: str, s: Seed) -> str:
    """D, politics and law: square within square."""
    x, y = 130 + s[0] % 24, 214 + s[1] % 36
    turned = "".join(f"M{x} {y - k}l{k} {k}l{-k} {k}l{-k} {-k}z" for k in (58, 76, 94))
    return line(turned, soft, 6) + line(f"M{x - 22} {y - 22}h44v44h-44z", clear, 6)


def armour(soft: str, clear: str, s: Seed) -> str:
    """E, military science: ranks of armour."""
    step, y = 26 + s[0] % 8, 120 + s[1] % 40
    rank = f"l{step} {step * 0.7:.1f}l{step} {-step * 0.7:.1f}" * 5
    return "".join(line(f"M-10 {y + i * 24}{rank}", (soft, clear)[i % 2], 6) for i in range(10))


def coins(soft: str, clear: str, s: Seed) -> str:
    """F, economics: round coins with square holes."""
    r, y, out = 34 + s[0] % 8, 140 + s[1] % 30, ""
    for i in range(5):
        x, v, h = 210 - r - i % 2 * r * 1.15, y + i * r * 1.3, r * 0.3
        fill, edge = (clear, soft) if i % 2 else (soft, clear)
        out += (
            disc(x, v, r, fill)
            + ring(x, v, r - 5, edge)
            + line(f"M{x - h:.1f} {v - h:.1f}h{2 * h:.1f}v{2 * h:.1f}h{-2 * h:.1f}z", edge, 3)
        )
    return out


def bamboo(soft: str, clear: str, s: Seed) -> str:
    """G, culture and education: bamboo."""
    out = ""
    for i in range(6):
        x, top, fill, node = 96 + i * 22, 50 + s[i] % 130, (soft, clear)[i % 2], (clear, soft)[i % 2]
        out += area(f"M{x} {top}h12v336h-12z", fill) + line(
            "".join(f"M{x} {y}h12" for y in range(top + 40 + s[7 + i] % 30, 336, 64)), node, 3
        )
    return out


def practice(soft: str, clear: str, s: Seed) -> str:
    """H, language: the squares in which characters are practised."""
    del soft  # all motifs have one signature
    a, out = 66 + s[0] % 3 * 8, ""
    for i in range(6):
        x, y = 204 - a * (i % 2 + 1), 100 + s[1] % 30 + a * (i // 2)
        out += line(f"M{x} {y}h{a}v{a}h{-a}z", clear, 3)
        guides = f"M{x} {y}l{a} {a}m0 {-a}l{-a} {a}m0 {-a / 2}h{a}m{-a / 2} {-a / 2}v{a}"
        out += f'<path d="{guides}" stroke="{clear}" stroke-width="1.8" stroke-dasharray="4 6"/>'
    return out


def moon(soft: str, clear: str, s: Seed) -> str:
    """I, literature: the moon, over water, behind willow, above a boat, or with wild geese."""
    x, y, r = 146 + s[0] % 40, 64 + s[1] % 40, 26 + s[2] % 16
    full = disc(x, y, r, clear)
    new = area(f"M{x} {y - r}a{r} {r} 0 1 1 {-r} {r}a{r * 0.86:.1f} {r * 0.86:.1f} 0 0 0 {r} {-r}z", clear)
    return (full, full, new)[s[3] % 3] + (water, willow, boat, geese)[s[4] % 4](soft, clear, s, x)


def water(soft: str, clear: str, s: Seed, x: int) -> str:
    glints = ((x - 24 - s[5 + i] % 60, 190 + i * 17 + s[4] % 20, 30 + s[12 - i] % 70) for i in range(8))
    return area(f"M0 {176 + s[4] % 20}h240v200H0z", soft) + line(
        "".join(f"M{a} {b}h{c}" for a, b, c in glints), clear, 4
    )


def willow(soft: str, clear: str, s: Seed, x: int) -> str:
    del x  # all motifs have one signature
    out = ""
    for i in range(8):
        a, tall, tone = 90 + i * 17, 110 + s[4 + i] % 140, (soft, clear)[i % 2]
        leaf = "".join(
            f"M{a + 3 + k / 40:.1f} {k}q{9 if k // 22 % 2 else -9} 3 {7 if k // 22 % 2 else -7} 17"
            for k in range(s[i] % 20, tall - 14, 22)
        )
        out += line(f"M{a} -8q8 {tall / 2:.0f} 4 {tall}", tone, 2) + line(leaf, tone, 3.4)
    return out


def boat(soft: str, clear: str, s: Seed, x: int) -> str:
    y = 226 + s[5] % 40
    hull = area(f"M{x - 46} {y}q46 30 92 0l-8 18q-38 16 -76 0z", clear) + line(f"M{x + 4} {y + 8}v-64", clear, 3)
    sail = area(f"M{x + 8} {y - 56}q34 22 28 50l-28 4z", clear)
    return hull + sail + line("".join(f"M{-20 + k * 9} {y + 34 + k * 19}h{250 - k * 12}" for k in range(5)), soft, 4)


def geese(soft: str, clear: str, s: Seed, x: int) -> str:
    del x  # all motifs have one signature
    y, turn = 196 + s[5] % 30, 12 + s[6] % 8
    skein = "".join(f"M{192 - abs(i) * 15 - 26} {y + i * turn - 4}q8 -6 11 3q5 -8 13 -5" for i in range(-3, 4))
    return line(skein, clear, 3.2) + area(f"M0 {296 + s[7] % 16}q60 -14 120 0t120 -6v60H0z", soft)


def fan(soft: str, clear: str, s: Seed) -> str:
    """J, art: an open fan."""
    x, y, r = 128 + s[0] % 24, 296 + s[1] % 20, 150
    outer = f"M{polar(x, y, r, -162)}A{r} {r} 0 0 1 {polar(x, y, r, -18)}"
    inner = f"L{polar(x, y, 66, -18)}A66 66 0 0 0 {polar(x, y, 66, -162)}z"
    ribs = "".join(f"M{x} {y}L{polar(x, y, r, a)}" for a in range(-162, -17, 12))
    return area(outer + inner, clear) + line(ribs, soft, 2.4)


def hills(soft: str, clear: str, s: Seed) -> str:
    """K, history and geography: ranges behind ranges."""
    out = ""
    for i, fill in enumerate((clear, soft, clear)):
        y, d = 168 + i * 54 + s[i] % 26, s[3 + i] % 60
        ridge = f"C{10 + d} {y + 36} {20 + d} {y - 24} {62 + d} {y - 26}S{118 + d} {y + 30} {150 + d} {y + 8}"
        out += area(f"M-40 346V{y + 34}{ridge}S240 {y - 30} 280 {y - 8}V346z", fill)
    return out


def sundial(soft: str, clear: str, s: Seed) -> str:
    """N, natural science: a sundial."""
    x, y, r = 134 + s[0] % 26, 214 + s[1] % 36, 86
    ticks = "".join(
        f"M{polar(x, y, r - (24 if i % 6 == 0 else 13), i * 7.5)}L{polar(x, y, r, i * 7.5)}" for i in range(48)
    )
    return (
        ring(x, y, r + 10, soft, 6)
        + line(ticks, clear, 2.6)
        + line(f"M{x} {y}L{polar(x, y, 58, s[2] % 70 - 120)}", clear, 6)
        + disc(x, y, 8, clear)
    )


def hypotenuse(soft: str, clear: str, s: Seed) -> str:
    """O, mathematics, physics, chemistry: the figure of the hypotenuse."""
    a, b = 40 + s[0] % 26, 116
    x, y, c = 204 - b, 164 + s[1] % 30, b - a
    tilted = area(f"M{x + a} {y}L{x + b} {y + a}L{x + c} {y + b}L{x} {y + c}z", clear)
    return (
        area(f"M{x} {y}h{b}v{b}h{-b}z", soft)
        + tilted
        + line(f"M{x + a} {y}v{c}M{x + b} {y + a}h{-c}M{x + c} {y + b}v{-c}M{x} {y + c}h{c}", soft, 3)
    )


def dipper(soft: str, clear: str, s: Seed) -> str:
    """P, astronomy and earth: the Plough turning round the pole."""
    x, y, turn = 134, 224, math.radians(s[0] % 50 - 25)
    stars = ((-92, -62), (-58, -36), (-26, -14), (8, 10), (14, 56), (74, 62), (82, 14))
    spots = [
        (x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn)) for a, b in stars
    ]
    path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in (*spots, spots[3]))
    sky = "".join(ring(190, 20, r, soft, 4) for r in range(40, 420, 44))
    return (
        sky
        + line(path, clear, 2.6)
        + "".join(disc(a, b, 5 + (i * 5 + s[1]) % 4, clear) for i, (a, b) in enumerate(spots))
    )


def leaves(soft: str, clear: str, s: Seed) -> str:
    """Q, biology: leaves on a stem."""
    x, out = 140 + s[0] % 16, ""
    for i in range(7):
        y, side, w, h = 330 - i * 38 + s[1] % 10, 1 if (i + s[2]) % 2 else -1, 64 - i * 3, 42 - i
        bend, tip, rise = side * w * 0.1, side * w, h * 1.1
        leaf = f"M{x} {y}q{bend:.1f} {-h} {tip} {-rise:.1f}q{-bend:.1f} {h} {-tip} {rise:.1f}z"
        out += area(leaf, (soft, clear)[i % 2])
    return out + line(f"M{x} 340V{66 + s[1] % 10}", clear, 3)


def drawers(soft: str, clear: str, s: Seed) -> str:
    """R, medicine: the drawers of a medicine chest."""
    a, top, out = 52, 96 + s[0] % 40, ""
    for i in range(15):
        x, y, fill = 206 - a * (i % 3 + 1), top + i // 3 * a, clear if (s[1 + i] + i) % 3 else soft
        out += area(f"M{x + 3} {y + 3}h{a - 6}v{a - 6}h{6 - a}z", fill) + disc(
            x + a / 2, y + a / 2, 4, soft if fill == clear else clear
        )
    return out


def terraces(soft: str, clear: str, s: Seed) -> str:
    """S, agriculture: terraced fields."""
    a, b, top = 50 + s[0] % 40, 118 + s[1] % 20, 140 + s[2] % 30
    return "".join(
        area(
            f"M-20 {top + i * 25 + 20}Q{a} {top + i * 25 - 26} {b} {top + i * 25 + 2}T260 {top + i * 25 - 14}V360H-20z",
            (clear, soft)[i % 2],
        )
        for i in range(9)
    )


def lattice(soft: str, clear: str, s: Seed) -> str:
    """T, technology: the meander of a window lattice."""
    a, out = 11, ["", ""]
    for i in range(15):
        side = 1 if (i + s[0]) % 2 else -1
        x, y = 204 - (i % 3 + 1) * 58 + (0 if side == 1 else 44), 92 + s[1] % 36 + i // 3 * 58
        out[i % 2] += f"M{x} {y + 4 * a}v{-4 * a}h{side * 4 * a}v{3 * a}h{-side * 2 * a}v{-a}"
    return line(out[0], clear, 5) + line(out[1], soft, 5)


def tracks(soft: str, clear: str, s: Seed) -> str:
    """U, transport: ways that run together and part."""
    x, p, q = 30 + s[0] % 50, 230 - s[1] % 40, 250 - s[2] % 60
    return "".join(
        line(f"M{x + i * 17} 346C{x + i * 17} {p} {112 + i * 16} {q} {112 + i * 16} -10", (clear, soft)[i % 2], 6)
        for i in range(7)
    )


def flight(soft: str, clear: str, s: Seed) -> str:
    """V, aviation and space: rising arcs."""
    p, q = 210 - s[0] % 40, 60 + s[1] % 30
    arcs = "".join(
        line(f"M{-60 + i * 30} 350Q{60 + i * 26} {p} {240 + i * 8} {q + i * 30}", (clear, soft)[i % 2], 5)
        for i in range(7)
    )
    return arcs + disc(160 + s[2] % 30, 50 + s[3] % 30, 11, clear)


def rain(soft: str, clear: str, s: Seed) -> str:
    """X, environment: rain on a pond."""
    drops = "".join(
        f"M{96 + i * 16} {s[i] % 60 - 30 + k * 64}v{20 + s[8 + i] % 18}" for i in range(8) for k in range(4)
    )
    rings = "".join(
        f'<ellipse cx="{130 + s[5] % 30}" cy="286" rx="{r}" ry="{r * 0.3:.1f}" stroke="{clear}" stroke-width="3.5"/>'
        for r in (18, 44, 70, 96)
    )
    return line(drops, soft, 3.5) + area("M0 250h240v90H0z", soft) + rings


def cabinet(soft: str, clear: str, s: Seed) -> str:
    """Z, general works: the curio cabinet that holds a bit of all."""
    y = 96 + s[0] % 30
    parts = (
        (92, 0, 62, 44),
        (160, 0, 44, 84),
        (92, 50, 62, 72),
        (160, 90, 44, 62),
        (92, 128, 36, 62),
        (134, 158, 70, 32),
        (134, 128, 20, 24),
        (92, 196, 112, 60),
    )
    return "".join(area(f"M{a} {y + b}h{w}v{h}h{-w}z", clear if (s[1] + b + w) % 3 else soft) for a, b, w, h in parts)


def laid(soft: str, clear: str, s: Seed) -> str:
    """No class: laid paper."""
    del clear  # all motifs have one signature
    return line("".join(f"M0 {y}h240" for y in range(8 + s[0] % 8, 336, 14)), soft, 1.6)


MOTIFS: dict[str, Callable[[str, str, Seed], str]] = {
    "A": sun, "B": heart, "C": links, "D": measures, "E": armour, "F": coins, "G": bamboo, "H": practice, "I": moon,
    "J": fan, "K": hills, "N": sundial, "O": hypotenuse, "P": dipper, "Q": leaves, "R": drawers, "S": terraces,
    "T": lattice, "U": tracks, "V": flight, "X": rain, "Z": cabinet, "": laid,
}  # fmt: skip
