"""Who is a minor, and who may answer for one."""

from datetime import UTC, date, datetime

import pytest

from shufang.patrons.guardians import add_guardian, age_on, is_minor
from shufang.patrons.models import Guardianship, Patron

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 3, 2), TODAY, 18),
        (date(2008, 3, 3), TODAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age
    assert is_minor(born, day) is (age < 18)


@pytest.mark.django_db
def test_only_another_living_adult_answers_for_a_minor() -> None:
    child = Patron.objects.create(name="小明", birth_date=date(2016, 5, 1), created_at=NOW)
    mother = Patron.objects.create(name="李梅", birth_date=date(1986, 5, 1), created_at=NOW)
    gone = Patron.objects.create(name="赵", birth_date=date(1980, 1, 1), created_at=NOW, closed_at=NOW)
    refusals = [add_guardian(other, child, "亲戚", TODAY) for other in (child, gone)]
    assert [refusal and refusal.code for refusal in refusals] == ["guardian_is_self", "guardian_closed"]
    brother = Patron.objects.create(name="小强", birth_date=date(2009, 5, 1), created_at=NOW)
    refusal = add_guardian(brother, child, "哥哥", TODAY)
    assert refusal is not None
    assert refusal.code == "guardian_is_minor"
    assert add_guardian(mother, child, "母亲", TODAY) is None
    assert add_guardian(mother, child, "妈妈", TODAY) is None
    assert Guardianship.objects.get().relation == "妈妈"
