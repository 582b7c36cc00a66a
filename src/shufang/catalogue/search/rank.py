"""Rank: one number that orders titles by falling popularity, then by id, and tells title and facets without a look-up.

63 bits, from the highest: 18 for how unpopular the title is, 28 for its id, 17 for the id of its facet combination. The
index is read in this order, so that the most popular hits come first and reading can stop after them.
"""

MOST_POPULAR = 2**18 - 1
LAST_TITLE = 2**28 - 1
LAST_FACET = 2**17 - 1
FACET_BITS = 17
POPULARITY_SHIFT = 45


def rank(title_id: int, popularity: int, facet_id: int) -> int:
    """Return the rank; smaller comes first, popularity counts up to `MOST_POPULAR`. ValueError for an id that is too big."""
    if not 0 < title_id <= LAST_TITLE or not 0 < facet_id <= LAST_FACET:
        raise ValueError(f"title {title_id} with facets {facet_id} cannot be ranked: an id is out of bounds")
    unpopular = MOST_POPULAR - min(max(popularity, 0), MOST_POPULAR)
    return unpopular << POPULARITY_SHIFT | title_id << FACET_BITS | facet_id


def title_of(number: int) -> int:
    """Return the id of the title of a rank."""
    return number >> FACET_BITS & LAST_TITLE


def facet_of(number: int) -> int:
    """Return the id of the facet combination of a rank."""
    return number & LAST_FACET
