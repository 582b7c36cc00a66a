"""One person, one card in the whole city: whether somebody who wants a card has one of another library."""

from dataclasses import dataclass
from datetime import datetime

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Card
from shufang.registration.authority import city
from shufang.registration.authority.chosen import is_local
from shufang.registration.authority.interface import Away, CityAnswer
from shufang.registration.city_cards.adopt import adopt


@dataclass(frozen=True, slots=True)
class PersonLookedFor:
    """`card_id`: the good card that he has elsewhere, taken in here. `is_away`: nobody knows; if he has one, staff will see."""

    card_id: int | None = None
    is_away: bool = False


def look_for_person(digest: bytes, now: datetime) -> PersonLookedFor:
    """Ask the city for a person's card, outside of any transaction. `digest`: Document.city."""
    if is_local() or not digest:
        return PersonLookedFor()
    answer = city.look_for(digest, now)
    if isinstance(answer, Away):
        return PersonLookedFor(is_away=True)
    if not isinstance(answer, CityAnswer):
        return PersonLookedFor()
    card: Card | Refusal = adopt(answer, now)
    return PersonLookedFor() if isinstance(card, Refusal) else PersonLookedFor(card.pk)
