"""Two thousand invented readers, the same on every start. No name, number or address belongs to anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from shufang.branches.models import Branch, Library
from shufang.demo.cast import PIN
from shufang.money.models import Deposit, Payment
from shufang.patrons.identity import IdentityKind, identity_hash
from shufang.patrons.models import Card, CardKind, Guardianship, HistoryConsent, Patron
from shufang.patrons.pin import hash_pin

COUNT = 2000
FIRST_NUMBER = 1001
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文晓雨欣怡子轩浩宇梓涵诗琪思远一诺佳宁博雅若曦俊熙"
    "婉清书瑶景行知微春梅秋月海燕志远立新红卫东永康"
)
KINDS = (("adult", 66), ("child", 20), ("B", 5), ("C", 6), ("D", 1), ("E", 2))
BRANCHES = (("GMD", 44), ("HC", 17), ("YZ", 17), ("XHM", 6), ("QY", 6), ("DX", 10))


@dataclass(frozen=True, slots=True)
class _Dice:
    """What was thrown for one reader."""

    kind: str
    branch: str
    name: str
    born: date
    joined: datetime
    keeps_history: bool
    is_english: bool


def invent(now: datetime) -> int:
    """Make the readers with cards, deposits, consents and guardians in one transaction, once. Return how many are new."""
    with transaction.atomic():
        if Card.objects.filter(number=_number(0)).exists():
            return 0
        random = Random(20260102)  # noqa: S311  # the same people for everybody, no secret
        thrown = [_throw(random, now) for _ in range(COUNT)]
        patrons = _patrons(thrown)
        cards = _cards(thrown, patrons)
        _deposits(cards)
        HistoryConsent.objects.bulk_create(
            HistoryConsent(patron=patron, given_at=patron.created_at) for patron in patrons if patron.keeps_history
        )
        _guardians(random, thrown, patrons)
        return COUNT


def _number(place: int) -> str:
    return f"D{FIRST_NUMBER + place:07}"


def _throw(random: Random, now: datetime) -> _Dice:
    kind = random.choices([code for code, _ in KINDS], [weight for _, weight in KINDS])[0]
    age = random.randint(4, 13) if kind == "child" else int(random.triangular(18, 82, 34))
    return _Dice(
        kind=kind,
        branch=random.choices([code for code, _ in BRANCHES], [weight for _, weight in BRANCHES])[0],
        name=random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2, 2)))),
        born=(now - timedelta(days=366 + age * 365 + random.randrange(365))).date(),
        joined=now - timedelta(days=random.randint(368, 900), seconds=random.randrange(36000)),
        keeps_history=random.random() < 0.5,
        is_english=random.random() < 0.02,
    )


def _patrons(thrown: Sequence[_Dice]) -> list[Patron]:
    """All share one PIN and so one hash: 2,000 of them would take seconds."""
    branches = {branch.code: branch for branch in Branch.objects.all()}
    pin_hash = hash_pin(PIN)
    return Patron.objects.bulk_create(
        [
            Patron(
                name=dice.name,
                birth_date=dice.born,
                language=Patron.Language.ENGLISH if dice.is_english else Patron.Language.CHINESE,
                phone=f"010-0000{FIRST_NUMBER + place:04}",
                email=f"{_number(place).lower()}@example.com",
                identity_kind=IdentityKind.RESIDENT.value,
                identity_hash=identity_hash(IdentityKind.RESIDENT, f"demonstration {_number(place)}"),
                identity_mask=f"110*************{place % 100:02}",
                pin_hash=pin_hash,
                pin_version=1,
                keeps_history=dice.keeps_history,
                home_branch=branches[dice.branch],
                created_at=dice.joined,
            )
            for place, dice in enumerate(thrown)
        ],
        batch_size=500,
    )


def _cards(thrown: Sequence[_Dice], patrons: Sequence[Patron]) -> list[Card]:
    library = Library.objects.get(code="DX")
    kinds = {kind.code: kind for kind in CardKind.objects.all()}

    def expiry(dice: _Dice) -> date | None:
        days = kinds[dice.kind].valid_days
        return dice.joined.date() + timedelta(days=days) if days is not None else None

    return Card.objects.bulk_create(
        [
            Card(
                number=_number(place),
                patron=patron,
                kind=kinds[dice.kind],
                library=library,
                status=Card.Status.ACTIVE,
                issued_at=dice.joined,
                issued_branch=patron.home_branch,
                expires_on=expiry(dice),
                status_since=dice.joined,
            )
            for place, (dice, patron) in enumerate(zip(thrown, patrons, strict=True))
        ],
        batch_size=500,
    )


def _deposits(cards: Sequence[Card]) -> None:
    owing = [card for card in cards if card.kind.deposit > 0]
    payments = Payment.objects.bulk_create(
        Payment(
            patron=card.patron,
            amount=card.kind.deposit,
            method="cash",
            at=card.issued_at,
            branch_id=card.issued_branch_id,
        )
        for card in owing
    )
    Deposit.objects.bulk_create(
        Deposit(
            patron=card.patron,
            card=card,
            library=card.library,
            amount=payment.amount,
            paid_at=payment.at,
            payment=payment,
        )
        for card, payment in zip(owing, payments, strict=True)
    )


def _guardians(random: Random, thrown: Sequence[_Dice], patrons: Sequence[Patron]) -> None:
    adults = [patron for dice, patron in zip(thrown, patrons, strict=True) if dice.kind != "child"]
    Guardianship.objects.bulk_create(
        Guardianship(guardian=random.choice(adults), minor=patron, relation=random.choice(("母亲", "父亲")))
        for dice, patron in zip(thrown, patrons, strict=True)
        if dice.kind == "child"
    )
