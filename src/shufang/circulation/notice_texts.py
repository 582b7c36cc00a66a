"""The words of notices, made when a notice is read or sent, from the loan or hold as it stands then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from shufang.branches.models import Branch
from shufang.circulation.models import Hold, Loan
from shufang.notices import code_texts
from shufang.notices.channels import CHANNELS
from shufang.notices.message import Message
from shufang.notices.models import Notice
from shufang.patrons.models import Patron


@dataclass(frozen=True, slots=True)
class _Facts:
    title: str
    day: date
    branch: str
    is_late: bool = False


Words = Callable[[_Facts], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says, without greeting and address."""

    subject: str
    body: str
    branch: str


def render(notice: Notice, now: datetime) -> Message | None:
    """Return the message of a notice in its patron's language; None when it has lost its sense.

    That is: no address, a channel that the reader does not want, the loan or hold has ended, the due date has moved, the
    item is not ready any more. Costs three queries. KeyError for a template that has no words.
    """
    if notice.subject == "code":
        return code_texts.render(notice, now)
    found = _loan_of(notice) if notice.subject == "loan" else _hold_of(notice)
    patron = found.patron if found is not None else None
    if found is None or patron is None:
        return None
    to = CHANNELS[notice.channel]().contact_of(patron)
    if not to or patron.channels_off.filter(channel=notice.channel).exists():
        return None
    told = told_of(notice, found, patron.language, now)
    if told is None:
        return None
    greeting = f"{patron.name}，你好" if patron.language == Patron.Language.CHINESE else f"Dear {patron.name},"
    return Message(to, told.subject, f"{greeting}\n\n{told.body}\n\n{told.branch}\n", patron.language)


def told_of(notice: Notice, found: Loan | Hold, language: str, now: datetime) -> Told | None:
    """Return what a notice of this loan or hold says; None when it has lost its sense. No query where all is loaded:
    of a loan its item's title and calendar branch, of a hold its title and branch.
    """
    facts = (
        _of_loan(notice, found, language, now) if isinstance(found, Loan) else _of_hold(notice, found, language, now)
    )
    if facts is None:
        return None
    subject, body = WORDS[notice.template, language](facts)
    return Told(subject, body, facts.branch)


def _loan_of(notice: Notice) -> Loan | None:
    loans = Loan.objects.select_related("patron", "item__title", "calendar_branch")
    return loans.filter(pk=notice.subject_id).first()


def _hold_of(notice: Notice) -> Hold | None:
    return Hold.objects.select_related("patron", "title", "pickup_branch").filter(pk=notice.subject_id).first()


def _of_loan(notice: Notice, loan: Loan, language: str, now: datetime) -> _Facts | None:
    expected = Loan.Status.LOST if notice.template == "lost" else Loan.Status.OPEN
    due = timezone.localdate(loan.due_at)
    if loan.status != expected or not notice.occasion.startswith(due.isoformat()):
        return None
    if (notice.template == "due_soon") == (loan.due_at < now):
        return None
    return _Facts(loan.item.title.title, due, _name(loan.calendar_branch, language), is_late=loan.due_at < now)


def _of_hold(notice: Notice, hold: Hold, language: str, now: datetime) -> _Facts | None:
    branch = _name(hold.pickup_branch, language)
    if notice.template == "hold_missed":
        day = timezone.localdate(hold.queued_at)
        return _Facts(hold.title.title, day, branch) if hold.had_second_chance else None
    if hold.status != Hold.Status.READY or hold.pickup_until is None or hold.pickup_until < now:
        return None
    day = timezone.localdate(hold.pickup_until)
    if notice.occasion != day.isoformat():
        return None
    return _Facts(hold.title.title, day, branch, is_late=hold.had_second_chance)


def _name(branch: Branch, language: str) -> str:
    return branch.name if language == Patron.Language.CHINESE else branch.name_en or branch.name


def _zh_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _en_day(day: date) -> str:
    return f"{day.day} {day:%B}"


def _zh_hold_ready(facts: _Facts) -> tuple[str, str]:
    last = "这是最后一次留书，过期预约就结束了。" if facts.is_late else "过期没有取，会再替你排一次队。"
    return (
        f"《{facts.title}》到了，在{facts.branch}等你",
        f"《{facts.title}》替你留在{facts.branch}的预约架，到{_zh_day(facts.day)}晚上。带上卡来取就行。\n{last}",
    )


def _en_hold_ready(facts: _Facts) -> tuple[str, str]:
    last = (
        "This is the last time; after that day the reservation ends."
        if facts.is_late
        else "If you miss it, you get one more place in the queue."
    )
    return (
        f"“{facts.title}” is ready at {facts.branch}",
        (
            f"“{facts.title}” is held for you at {facts.branch} until the evening of {_en_day(facts.day)}. "
            f"Bring your card.\n{last}"
        ),
    )


def _en_missed(facts: _Facts) -> tuple[str, str]:
    return (
        f"“{facts.title}” was not picked up",
        (
            f"“{facts.title}” has gone to the next reader. We have put you at the end of the queue once more. "
            "If you do not need it, cancel the reservation and leave the place to others."
        ),
    )


WORDS: dict[tuple[str, str], Words] = {
    ("due_soon", "zh-hans"): lambda facts: (
        f"《{facts.title}》{_zh_day(facts.day)}到期",
        f"《{facts.title}》要在{_zh_day(facts.day)}前还。没看完，可以先续借。",
    ),
    ("due_soon", "en"): lambda facts: (
        f"“{facts.title}” is due on {_en_day(facts.day)}",
        f"“{facts.title}” is due back on {_en_day(facts.day)}. Not finished? Renew it before that day.",
    ),
    ("overdue", "zh-hans"): lambda facts: (
        f"《{facts.title}》过期了",
        f"《{facts.title}》{_zh_day(facts.day)}就该还了。就近还到任何一家书房或图书馆，昼夜都行。",
    ),
    ("overdue", "en"): lambda facts: (
        f"“{facts.title}” is overdue",
        f"“{facts.title}” was due on {_en_day(facts.day)}. Return it at any study or library, day or night.",
    ),
    ("lost", "zh-hans"): lambda facts: (
        f"《{facts.title}》按丢失处理了",
        f"《{facts.title}》{_zh_day(facts.day)}到期，一直没有还，现在按丢失记了书款。找到了就还回来，书款会按规则退。",
    ),
    ("lost", "en"): lambda facts: (
        f"“{facts.title}” now counts as lost",
        (
            f"“{facts.title}” was due on {_en_day(facts.day)} and has not come back, so its price has been charged. "
            "If you find it, return it; the price is given back as the rules say."
        ),
    ),
    ("hold_ready", "zh-hans"): _zh_hold_ready,
    ("hold_ready", "en"): _en_hold_ready,
    ("hold_missed", "zh-hans"): lambda facts: (
        f"《{facts.title}》没有等到你",
        f"《{facts.title}》已经转给下一位读者，替你在队尾又排了一次。不需要了就取消预约，把位置让给别人。",
    ),
    ("hold_missed", "en"): _en_missed,
}
"""By template and language: facts to subject and body."""
