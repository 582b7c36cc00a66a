"""What the rules of holds ask of items: who may lend them, and to whom the owner's policy lets them be held."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q

from shufang.catalogue.item_life import ItemStatus
from shufang.catalogue.models import Item
from shufang.circulation.models import Agreement, Policy
from shufang.circulation.rules.holds import Copy


def policy_of(library_id: int, card_kind_id: int, item_kind_id: int, day: date) -> Policy | None:
    """Return the owner's policy for a card kind and item kind that is valid on a day. One query."""
    return (
        Policy.objects.filter(
            Q(library_id=library_id) | Q(library__isnull=True),
            Q(card_kind_id=card_kind_id) | Q(card_kind__isnull=True),
            Q(item_kind_id=item_kind_id) | Q(item_kind__isnull=True),
            valid_from__lte=day,
        )
        .order_by(
            F("library").desc(nulls_last=True),
            F("card_kind").desc(nulls_last=True),
            F("item_kind").desc(nulls_last=True),
            "-valid_from",
        )
        .first()
    )


def copies_of(items: Iterable[Item], card_kind_ids: Iterable[int], day: date) -> tuple[Copy, ...]:
    """Return items (their `kind` read with them) as copies, for these card kinds.

    Costs a query an owning library, and one for each combination of owner, card kind and item kind.
    """
    kinds = frozenset(card_kind_ids)
    lending: dict[int, frozenset[int]] = {}
    holdable: dict[tuple[int, int], frozenset[int]] = {}
    copies = []
    for item in items:
        if item.library_id not in lending:
            lending[item.library_id] = _lends_at(item.library_id, day)
        key = (item.library_id, item.kind_id)
        if key not in holdable:
            holdable[key] = frozenset(kind for kind in kinds if _is_holdable(*key, kind, day))
        copies.append(
            Copy(
                item_id=item.pk,
                volume=item.volume,
                is_for_loan=item.is_for_loan and item.kind.is_for_loan and item.status != ItemStatus.WITHDRAWN,
                least_age=item.kind.least_age,
                lends_at=lending[item.library_id],
                holdable_by=holdable[key],
            )
        )
    return tuple(copies)


def _lends_at(library_id: int, day: date) -> frozenset[int]:
    agreements = Agreement.objects.filter(owner_id=library_id, valid_from__lte=day).order_by("valid_from")
    newest = dict(agreements.values_list("at_library_id", "lends"))
    return frozenset({library_id, *(at for at, lends in newest.items() if lends)})


def _is_holdable(library_id: int, item_kind_id: int, card_kind_id: int, day: date) -> bool:
    policy = policy_of(library_id, card_kind_id, item_kind_id, day)
    return policy is not None and policy.is_for_loan and policy.can_be_held
