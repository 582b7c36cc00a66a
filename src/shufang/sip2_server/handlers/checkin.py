"""09 checkin → 10. BI=Y undoes a checkout; no block reports what has happened."""

from dataclasses import replace

from shufang.branches.models import Branch
from shufang.branches.replies import Repeated
from shufang.circulation.cancel_checkout import CancelCheckout, CheckoutCancelled, cancel_checkout
from shufang.circulation.checkin import CheckedIn, Checkin, checkin
from shufang.circulation.conflicts import Reported
from shufang.kernel.refusal import Refusal
from shufang.sip2.replies import CheckinReply
from shufang.sip2.requests import CheckinRequest
from shufang.sip2_server.asked import Answer, Asked, Kept
from shufang.sip2_server.handlers.handler import Handler, Way, refused
from shufang.sip2_server.handlers.happened import happened, returned
from shufang.sip2_server.handlers.media import media_type


def answer(request: CheckinRequest, asked: Asked) -> Answer | Repeated:
    """Take back, or undo a checkout."""
    done = _do(request, asked)
    match done:
        case Repeated():
            return done
        case Refusal():
            return refused(refuse(request, done, asked), done)
        case Reported():
            return Answer(_reply(request, asked, done.title), code=done.conflict)
        case CheckoutCancelled():
            undone = _reply(request, asked, done.title, asked.tell("checkout_cancelled"))
            return Answer(undone, kept=Kept("item", done.item_id, done.event_id))
    reply = replace(
        _reply(request, asked, done.title),
        alert=done.alert is not None,
        permanent_location=done.home_branch,
        sort_bin=done.destination_branch or done.shelf,
        patron=done.patron_card or "",
        media_type=media_type(done.media_type),
        call_number=done.call_number,
        destination=done.destination_branch or "",
        alert_type=done.alert or "",
        screen=_outcome(done, asked),
    )
    return Answer(reply, code=done.conflict or "", kept=Kept("item", done.item_id, done.event_id))


def _outcome(done: CheckedIn, asked: Asked) -> tuple[str, ...]:
    """Return where the item has to be put, if not on its shelf, and what the return costs."""
    told = _whereto(done, asked)
    if done.charge:
        return (*asked.tell("returned_overdue", charge=done.charge), *told)
    return told or asked.tell("returned" if done.loan_id is not None else "returned_no_loan")


def _whereto(done: CheckedIn, asked: Asked) -> tuple[str, ...]:
    match done.alert:
        case None:
            return ()
        case "01":
            return asked.tell("returned_held_here")
        case "02" | "04" if done.destination_branch is not None:
            code = "returned_held_elsewhere" if done.alert == "02" else "returned_other_branch"
            return asked.tell(code, branch=_branch_name(done.destination_branch, asked))
    return asked.tell("returned_look")


def _branch_name(code: str, asked: Asked) -> str:
    name = "name_en" if asked.language == "en" else "name"
    return Branch.objects.filter(code=code).values_list(name, flat=True).first() or code


def _do(request: CheckinRequest, asked: Asked) -> CheckedIn | CheckoutCancelled | Reported | Refusal | Repeated:
    place = asked.terminal.place
    if request.cancel:
        return cancel_checkout(CancelCheckout(request.item, place, request=asked.request), asked.now)
    command = Checkin(
        barcode=request.item,
        place=place,
        returned_at=returned(request.date, request.return_date, asked.now),
        happened_at=happened(request.date, asked.now) if request.no_block else None,
        request=asked.request,
    )
    return checkin(command, asked.now)


def acknowledge(request: CheckinRequest, asked: Asked) -> CheckinReply:
    """Say that what has happened is known."""
    return _reply(request, asked, "")


def _reply(
    request: CheckinRequest, asked: Asked, title: str, screen: tuple[str, ...] = (), *, ok: bool = True
) -> CheckinReply:
    return CheckinReply(
        ok=ok,
        resensitize=ok,
        magnetic="N",
        alert=not ok,
        date=asked.date,
        institution=asked.institution(request.institution),
        item=request.item,
        permanent_location="",
        title=title,
        screen=screen,
    )


def refuse(request: CheckinRequest, refusal: Refusal, asked: Asked) -> CheckinReply:
    """Say no; staff must look at the item. A known item is named with its title and the branch where it belongs."""
    home, title = refusal.values.get("home_branch"), refusal.values.get("title")
    reply = _reply(request, asked, title if isinstance(title, str) else "", asked.say(refusal), ok=False)
    return replace(reply, permanent_location=home if isinstance(home, str) else "", alert_type="99")


HANDLER = Handler(Way.CHANGE, answer, refuse, acknowledge, has_item=True)
