"""Is a limit of the card kind reached? Counted over the whole network. Pure."""

from collections.abc import Iterable

from shufang.circulation.rules.policy_choice import LimitTerms
from shufang.kernel.refusal import Refusal


def limit_refusal(limits: Iterable[LimitTerms], loans: int) -> Refusal | None:
    """Refuse one more loan when the card kind's limit in all is reached."""
    for limit in limits:
        if limit.group_id is None and limit.counts == "loans" and loans >= limit.most:
            return Refusal("limit_reached", {"limit": limit.most, "count": loans})
    return None


def left_of_limit(limits: Iterable[LimitTerms], loans: int) -> int | None:
    """Return how many more loans the card kind's limit in all allows; None: there is none."""
    most = [limit.most for limit in limits if limit.group_id is None and limit.counts == "loans"]
    return max(0, min(most) - loans) if most else None


def group_limit_refusal(limits: Iterable[LimitTerms], group_id: int, loans_of_group: int) -> Refusal | None:
    """Refuse one more loan when the card kind's limit for the item's group is reached."""
    for limit in limits:
        if limit.group_id == group_id and limit.counts == "loans" and loans_of_group >= limit.most:
            values = {"limit": limit.most, "count": loans_of_group}
            return Refusal(
                "group_limit_reached", {**values, "group": limit.group_name, "group_en": limit.group_name_en}
            )
    return None
