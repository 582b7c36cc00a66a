"""My account at a glance: what is out and until when, what is ready, what is owed. No name, no address."""

from django.conf import settings

from shufang.branches.models import Branch
from shufang.circulation.local_days import local_day
from shufang.circulation.models import Hold, Loan
from shufang.circulation.patron_status import patron_status
from shufang.kernel import clock
from shufang.web.kiosk.asked import Asked, Reply, answers
from shufang.web.kiosk.books import Shown, shown_title
from shufang.web.kiosk.device import Kiosk
from shufang.web.kiosk.look import LANGUAGES
from shufang.web.kiosk.visits import OVER, standing, visit_of
from shufang.web.templatetags.words import shortened

MOST = 60


@answers
def glance(kiosk: Kiosk, asked: Asked) -> Reply:
    """Answer for whose visit it is. Three queries."""
    now = clock.now()
    visit = visit_of(kiosk, asked, now)
    if visit is None:
        return OVER
    status = patron_status(visit.card_number, visit.pin, now)
    if status.patron_id is None or status.privileges.recall_denied:
        return OVER
    loans = Loan.objects.filter(patron_id=status.patron_id).select_related("item__title").order_by("due_at", "id")
    holds = (
        Hold.objects.filter(patron_id=status.patron_id, status=Hold.Status.READY)
        .select_related("title", "pickup_branch")
        .order_by("pickup_until", "id")
    )
    return {
        "ok": True,
        **standing(status),
        "currency": settings.SHUFANG_CURRENCY,
        "loans": [_loan(loan, is_overdue=loan.due_at < now) for loan in loans[:MOST]],
        "holds": [_hold(hold, kiosk) for hold in holds[:MOST]],
    }


def _loan(loan: Loan, *, is_overdue: bool) -> Shown:
    return {
        "barcode": loan.item.barcode,
        **shown_title(loan.item.title),
        "due": local_day(loan.due_at).isoformat(),
        "overdue": is_overdue,
    }


def _hold(hold: Hold, kiosk: Kiosk) -> Shown:
    return {
        **shown_title(hold.title),
        "here": hold.pickup_branch_id == kiosk.branch_id,
        "branch": _names(hold.pickup_branch),
        "until": local_day(hold.pickup_until).isoformat() if hold.pickup_until else "",
    }


def _names(branch: Branch) -> dict[str, str]:
    names = {"zh-hans": branch.name, "en": branch.name_en or branch.name}
    return {language: shortened(names[language]) for language in LANGUAGES}
