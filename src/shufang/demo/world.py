"""The network as the invented year needs it, read once: who reads, what is lent, under which rule, at which machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from shufang.branches.models import Device
from shufang.catalogue.models import Item
from shufang.circulation.event_log import age_band
from shufang.circulation.models import Policy
from shufang.circulation.policies import policy_terms
from shufang.circulation.rules.policy_choice import PolicyTerms
from shufang.demo.people import COUNT, FIRST_NUMBER
from shufang.patrons.models import Card


class KnownPatron(NamedTuple):
    """What the rows of a loan say of its reader."""

    patron_id: int
    card_kind_id: int
    home_branch_id: int
    policy: PolicyTerms
    keeps_history: bool
    birth_date: date

    def age_band_on(self, day: date) -> str:
        """Return the band for an event's day."""
        return age_band(self.birth_date, day)


class KnownItem(NamedTuple):
    """What the rows of a loan say of its item."""

    title_id: int
    group_id: int
    library_id: int


@dataclass(frozen=True, slots=True)
class World:
    """Everything by id; `branches` in the order of the simulation's sites, `devices` those of each."""

    branches: tuple[int, ...]
    patrons: dict[int, KnownPatron]
    items: dict[int, KnownItem]
    devices: tuple[tuple[int, ...], ...]

    @classmethod
    def of_network(cls, branches: Sequence[int]) -> "World":
        """Read the invented readers and all items. Five queries."""
        rules = {
            policy.card_kind_id: policy_terms(policy)
            for policy in Policy.objects.filter(library__code="DX", item_kind=None)
        }
        numbers = [f"D{FIRST_NUMBER + place:07}" for place in range(COUNT)]
        cards = Card.objects.filter(number__gte=numbers[0], number__lte=numbers[-1]).select_related("patron")
        patrons = {
            card.patron_id: KnownPatron(
                card.patron_id,
                card.kind_id,
                card.patron.home_branch_id or branches[0],
                rules.get(card.kind_id) or rules[None],
                card.patron.keeps_history,
                card.patron.birth_date or date(1990, 1, 1),
            )
            for card in cards.order_by("id")
        }
        items = {
            row[0]: KnownItem(row[1], row[2], row[3])
            for row in Item.objects.values_list("id", "title_id", "kind__group_id", "library_id")
        }
        machines = list(Device.objects.order_by("id").values_list("branch_id", "id"))
        devices = tuple(tuple(device for at, device in machines if at == branch) for branch in branches)
        return cls(tuple(branches), patrons, items, devices)


def moment(seconds: int) -> datetime:
    """Return a time of the simulation, aware, in the network's zone."""
    return datetime.fromtimestamp(seconds, tz=timezone.get_default_timezone())
