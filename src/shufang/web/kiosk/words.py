"""What is said at the kiosk, always in both languages: whoever stands there may change it with one touch."""

from datetime import datetime

from shufang.branches.models import Branch
from shufang.circulation.checkin import CheckedIn
from shufang.circulation.local_days import local_day
from shufang.circulation.sentences import outcome, sentence
from shufang.kernel.refusal import Refusal, Value
from shufang.web.kiosk.look import LANGUAGES

Words = dict[str, str]


def refused(refusal: Refusal) -> Words:
    """Return the sentence of a refusal."""
    return {language: sentence(refusal, language) for language in LANGUAGES}


def told(code: str, **values: Value) -> Words:
    """Return the sentence of something done."""
    return {language: outcome(code, language, **values) for language in LANGUAGES}


def told_due(code: str, due_at: datetime) -> Words:
    """Return the sentence of something done until a day."""
    return told(code, due_at=local_day(due_at))


def told_return(done: CheckedIn) -> list[Words]:
    """Return what became of a return: what it costs, and where the book goes if not to its shelf. At most one query."""
    cost = [told("returned_overdue", charge=done.charge)] if done.charge else []
    where = _whereto(done)
    return [*cost, *where] or [told("returned" if done.loan_id is not None else "returned_no_loan")]


def _whereto(done: CheckedIn) -> list[Words]:
    match done.alert:
        case None:
            return []
        case "01":
            return [told("returned_held_here")]
        case "02" | "04" if done.destination_branch is not None:
            code = "returned_held_elsewhere" if done.alert == "02" else "returned_other_branch"
            return [_with_branch(code, done.destination_branch)]
    return [told("returned_look")]


def _with_branch(code: str, branch_code: str) -> Words:
    branch = Branch.objects.filter(code=branch_code).only("name", "name_en").first()
    names = {"zh-hans": branch.name, "en": branch.name_en or branch.name} if branch else {}
    return {language: outcome(code, language, branch=names.get(language, branch_code)) for language in LANGUAGES}
