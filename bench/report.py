"""What a part of the benchmark found: figures, and ratios with what is wanted of them."""

from dataclasses import dataclass, field


@dataclass
class Ratio:
    """A ratio to a floor of the same run, and its bound: `least` or `most`."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Say whether the bound holds."""
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    def line(self) -> str:
        """Return the ratio as a line of the report."""
        bound = f"at least {self.least}" if self.least is not None else f"at most {self.most}"
        return f"  {self.name:58} {self.value:9.3f}   wanted {bound:14} {'holds' if self.holds else 'DOES NOT HOLD'}"


@dataclass
class Report:
    """The figures of one part."""

    name: str
    ratios: list[Ratio] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    left_out: str = ""

    def lines(self) -> list[str]:
        """Return the part as lines to print."""
        head = [self.name + (f": left out, {self.left_out}" if self.left_out else "")]
        return [
            *head,
            *[ratio.line() for ratio in self.ratios],
            *[f"  {name:58} {_short(value)}" for name, value in self.figures.items()],
        ]

    def plain(self) -> dict[str, object]:
        """Return the part for JSON."""
        return {
            "name": self.name,
            "left_out": self.left_out,
            "ratios": [vars(ratio) | {"holds": ratio.holds} for ratio in self.ratios],
            "figures": self.figures,
        }


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}" if value < 100 else f"{value:,.0f}"
    if isinstance(value, list):
        return ", ".join(_short(one) for one in value)
    return str(value)
