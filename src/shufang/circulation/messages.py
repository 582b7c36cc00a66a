"""A reader's messages: the notices of his open loans and holds, put into words when he reads them.

Nothing of a message is stored (PRIVACY.md 8): with the return of the book it is gone, and after some days in any case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from shufang.circulation.models import Hold, Loan
from shufang.circulation.notice_texts import told_of
from shufang.notices.kept import TOLD
from shufang.notices.models import Notice


@dataclass(frozen=True, slots=True)
class PatronMessage:
    """One message as it reads now. `loan_id` or `hold_id` is what it is about."""

    subject: str
    body: str
    branch: str
    at: datetime
    title_id: int
    loan_id: int | None
    hold_id: int | None


def messages_of(patron_id: int, language: str, now: datetime) -> list[PatronMessage]:
    """Return a reader's messages of the last days, newest first. Three queries.

    What has lost its sense (renewed, no longer ready) is no message any more. A notice that went by several channels is
    one message.
    """
    loans = Loan.objects.filter(patron_id=patron_id).select_related("item__title", "calendar_branch").in_bulk()
    holds = Hold.objects.filter(patron_id=patron_id).select_related("title", "pickup_branch").in_bulk()
    if not loans and not holds:
        return []
    mine = Q(subject="loan", subject_id__in=loans) | Q(subject="hold", subject_id__in=holds)
    found: dict[tuple[str, str, int, str], PatronMessage] = {}
    for notice in Notice.objects.filter(mine, created_at__gte=now - TOLD).order_by("-created_at", "-pk"):
        message = _message(notice, loans, holds, language, now)
        if message is not None:
            found.setdefault((notice.template, notice.subject, notice.subject_id, notice.occasion), message)
    return list(found.values())


def _message(
    notice: Notice, loans: Mapping[int, Loan], holds: Mapping[int, Hold], language: str, now: datetime
) -> PatronMessage | None:
    is_loan = notice.subject == "loan"
    about = loans[notice.subject_id] if is_loan else holds[notice.subject_id]
    told = told_of(notice, about, language, now)
    if told is None:
        return None
    return PatronMessage(
        subject=told.subject,
        body=told.body,
        branch=told.branch,
        at=notice.created_at,
        title_id=about.item.title_id if isinstance(about, Loan) else about.title_id,
        loan_id=about.pk if is_loan else None,
        hold_id=None if is_loan else about.pk,
    )
