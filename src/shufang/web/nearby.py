"""Which branches are near the one that a reader calls his: that one first, then by the way there."""

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt

from shufang.branches.models import Branch

EARTH = 6371.0  # kilometres
FAR = float("inf")


def distances(branches: Mapping[int, Branch], nearest: int | None) -> dict[int, float]:
    """Return how far each branch lies from `nearest`, in kilometres as the crow flies; a place unknown is far.

    Without `nearest` (or its place) every other branch is equally far.
    """
    centre = branches.get(nearest) if nearest is not None else None
    if centre is None:
        return dict.fromkeys(branches, FAR)
    return {pk: 0.0 if pk == nearest else _between(centre, branch) for pk, branch in branches.items()}


def _between(one: Branch, other: Branch) -> float:
    places = (one.latitude, one.longitude, other.latitude, other.longitude)
    if any(place is None for place in places):
        return FAR
    north, east, north_2, east_2 = (radians(float(place)) for place in places if place is not None)
    half = sin((north_2 - north) / 2) ** 2 + cos(north) * cos(north_2) * sin((east_2 - east) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(half, 1.0)))
