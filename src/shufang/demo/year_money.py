"""What the invented year cost its late readers: charges, nearly all of them paid, and forgotten as the jobs forget."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from shufang.branches.calendar import calendars
from shufang.branches.models import Branch
from shufang.circulation.models import Loan
from shufang.circulation.rules.overdue import overdue_charge
from shufang.demo.simulation import Lent, Site, Year
from shufang.demo.world import World, moment
from shufang.money.models import Charge, Payment, Settlement

UNPAID_ONE_IN = 14


class _Late(NamedTuple):
    """A loan that came back late, with what it cost."""

    lent: Lent
    loan_id: int
    amount: Decimal
    at: datetime


def write_charges(world: World, sites: Sequence[Site], year: Year, now: datetime) -> None:
    """Charge for every late return; all but one in UNPAID_ONE_IN were paid within a day. In the caller's transaction."""
    late = list(_late(world, sites, year))
    paid = [one for place, one in enumerate(late) if place % UNPAID_ONE_IN and one.at + timedelta(hours=20) < now]
    settled = {one.loan_id for one in paid}
    Charge.objects.bulk_create(
        Charge(
            patron_id=one.lent.patron,
            library_id=world.items[one.lent.item].library_id,
            kind=Charge.Kind.OVERDUE,
            amount=one.amount,
            item_id=one.lent.item,
            loan_id=one.loan_id,
            created_at=one.at,
        )
        for one in late
        if one.loan_id not in settled
    )
    _write_paid(world, paid, sites, now)


def _late(world: World, sites: Sequence[Site], year: Year) -> Iterable[_Late]:
    open_days = calendars(Branch.objects.filter(pk__in=[site.branch for site in sites]))
    first_id = (Loan.objects.aggregate(most=Max("id"))["most"] or 0) - len(year.loans) + 1
    for place, lent in enumerate(year.loans):
        if lent.back is None or lent.back <= lent.due:
            continue
        at = moment(lent.back)
        calendar = open_days[sites[lent.site].branch]
        amount = overdue_charge(world.patrons[lent.patron].policy, moment(lent.due).date(), at.date(), calendar.is_open)
        if amount:
            yield _Late(lent, first_id + place, amount, at)


def _write_paid(world: World, paid: Sequence[_Late], sites: Sequence[Site], now: datetime) -> None:
    """A settled charge names no item, no loan and no hour; after some days no patron either (PRIVACY.md 6)."""
    long_ago = now - timedelta(days=int(settings.SHUFANG_SETTLED_CHARGE_DAYS))
    at = [one.at + timedelta(minutes=20 + one.loan_id * 37 % 1100) for one in paid]
    patrons = [one.lent.patron if when >= long_ago else None for one, when in zip(paid, at, strict=True)]
    charges = Charge.objects.bulk_create(
        Charge(
            patron_id=patron,
            library_id=world.items[one.lent.item].library_id,
            kind=Charge.Kind.OVERDUE,
            amount=one.amount,
            settled=one.amount,
            created_at=timezone.make_aware(datetime.combine(one.at.date(), time())),
            settled_at=when,
        )
        for one, when, patron in zip(paid, at, patrons, strict=True)
    )
    payments = Payment.objects.bulk_create(
        Payment(
            patron_id=patron, amount=one.amount, method="wechat", at=when, branch_id=sites[one.lent.back_site].branch
        )
        for one, when, patron in zip(paid, at, patrons, strict=True)
    )
    Settlement.objects.bulk_create(
        Settlement(charge=charge, payment=payment, kind=Settlement.Kind.PAID, amount=payment.amount, at=payment.at)
        for charge, payment in zip(charges, payments, strict=True)
    )
