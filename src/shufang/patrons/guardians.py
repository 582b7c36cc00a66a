"""Ages, minors, and the adults who answer for them (Civil Code, articles 17 and 27)."""

from datetime import date

from shufang.kernel.refusal import Refusal
from shufang.patrons.models import Guardianship, Patron

FULL_AGE = 18


def age_on(birth_date: date, day: date) -> int:
    """Return full years; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_minor(birth_date: date | None, day: date) -> bool:
    """Say whether somebody is a minor; without a birth date he counts as of full age."""
    return birth_date is not None and age_on(birth_date, day) < FULL_AGE


def guardian_refusal(guardian: Patron, minor: Patron | None, day: date) -> Refusal | None:
    """Refuse guardian_is_minor, guardian_closed, guardian_is_self. `minor` is empty while he has no record yet."""
    if minor is not None and guardian.pk == minor.pk:
        return Refusal("guardian_is_self")
    if guardian.closed_at is not None:
        return Refusal("guardian_closed")
    return Refusal("guardian_is_minor") if is_minor(guardian.birth_date, day) else None


def add_guardian(guardian: Patron, minor: Patron, relation: str, day: date) -> Refusal | None:
    """Let an adult answer for a minor, in the caller's transaction. The same pair twice is once."""
    refusal = guardian_refusal(guardian, minor, day)
    if refusal is None:
        Guardianship.objects.update_or_create(guardian=guardian, minor=minor, defaults={"relation": relation[:40]})
    return refusal


def wards_of(guardian_id: int, day: date) -> list[Patron]:
    """Return the minors for whom a patron answers on a day; with the day of full age it ends by itself. One query."""
    wards = Patron.objects.filter(guardians__guardian_id=guardian_id, closed_at__isnull=True).order_by("pk")
    return [ward for ward in wards if is_minor(ward.birth_date, day)]


def ward_of(guardian_id: int, ward_id: int, day: date) -> Patron | None:
    """Return the minor if this patron answers for him on this day, else None. One query."""
    return next((ward for ward in wards_of(guardian_id, day) if ward.pk == ward_id), None)
