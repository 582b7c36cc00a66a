"""How the simulated centre behaves just now: well, slow, broken now and then, losing its answers, or away."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Mode:
    """`latency` in seconds before an answer; `fails`: share of requests over which it breaks down (status 500);
    `loses`: share of requests that it carries out without the answer ever arriving; `is_away`: nobody answers.
    """

    latency: float = 0.0
    fails: float = 0.0
    loses: float = 0.0
    is_away: bool = False


MODES = {
    "well": Mode(),
    "slow": Mode(latency=5.0),
    "failing": Mode(fails=0.5),
    "losing": Mode(loses=0.5),
    "away": Mode(is_away=True),
}
"""The named ones, for `shufang card_centre --tell` and the service's own page."""


class Luck:
    """The dice of one service, the same for everybody who starts it with the same number."""

    def __init__(self, seed: int = 1) -> None:
        self._random = Random(seed)  # noqa: S311  # dice, no secret

    def strikes(self, share: float) -> bool:
        """Say whether this request is one of the share."""
        return share > 0 and self._random.random() < share
