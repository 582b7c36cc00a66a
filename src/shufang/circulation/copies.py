"""What the rules of holds ask of items: who may lend them, and to whom the owner's policy lets them be held."""

from collections.abc import Iterable
from datetime import date

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.policies import Rules, now_in_force
from shufang.circulation.rules.holds import Copy


def copies_of(items: Iterable[Item], card_kind_ids: Iterable[int], day: date) -> tuple[Copy, ...]:
    """Return items (their `kind` read with them) as copies, for these card kinds. One query while rules do not change."""
    rules = now_in_force()
    kinds = frozenset(card_kind_ids)
    return tuple(
        Copy(
            item_id=item.pk,
            volume=item.volume,
            is_for_loan=item.is_for_loan and item.kind.is_for_loan and item.status != ItemStatus.WITHDRAWN,
            least_age=item.kind.least_age,
            lends_at=_lends_at(rules, item.library_id, day),
            holdable_by=frozenset(kind for kind in kinds if _is_holdable(rules, item, kind, day)),
        )
        for item in items
    )


def _lends_at(rules: Rules, owner_id: int, day: date) -> frozenset[int]:
    agreements = (
        (other.at_library_id, rules.agreement(owner_id, other.at_library_id, day)) for other in rules.agreements
    )
    return frozenset({owner_id, *(at for at, agreement in agreements if agreement is not None and agreement.lends)})


def _is_holdable(rules: Rules, item: Item, card_kind_id: int, day: date) -> bool:
    policy = rules.policy(item.library_id, card_kind_id, item.kind_id, day)
    return policy is not None and policy.is_for_loan and policy.can_be_held
