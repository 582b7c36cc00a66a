"""What the page itself says, without asking the server: in both languages, with {places} that its script fills."""

from django.utils import translation
from django.utils.translation import gettext as _

from shufang.circulation.sentences import outcome, sentence
from shufang.kernel.refusal import Refusal
from shufang.web.kiosk.look import LANGUAGES

OFFLINE_REFUSALS = (
    "card_unknown",
    "card_lost",
    "card_expired",
    "card_replaced",
    "card_closed",
    "card_not_active",
    "patron_blocked",
    "reading_card",
    "charges_above_limit",
    "overdue_item_out",
    "limit_reached",
    "item_unknown",
    "item_not_for_loan",
    "item_withdrawn",
    "item_missing",
    "item_damaged",
    "item_in_process",
    "held_for_another",
    "no_policy",
    "phone_code_old",
    "phone_code_used",
    "phone_clock_ahead",
    "failed",
)
"""What the kiosk may have to say by itself while the line is down."""


def texts() -> dict[str, dict[str, str]]:
    """Return all of them, by language and name."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = {**_own(), **_of_lending(language)}
    return found


def _of_lending(language: str) -> dict[str, str]:
    refusals = {code: sentence(Refusal(code), language) for code in OFFLINE_REFUSALS}
    return {
        **refusals,
        "checked_out": outcome("checked_out", language, due_at="{due}"),
        "returned": outcome("returned", language),
    }


def _own() -> dict[str, str]:
    return {
        "standing": _("Card …{tail}, {left} more to borrow"),
        "standing_full": _("Card …{tail}"),
        "done": _("Done"),
        "done_one": _("Done, just this one"),
        "done_many": _("Done, just these {count}"),
        "leave": _("Clear and leave"),
        "not_lent": _("This one was not lent"),
        "not_returned": _("This one was not taken back"),
        "not_renewed": _("This one was not renewed"),
        "asking": _("One moment"),
        "renew": _("Renew"),
        "lent_one": _("One book, please return it by"),
        "lent_many": _("{count} books, please return them by"),
        "lent_days": _("{count} books, please return the first by"),
        "returned_one": _("One book returned"),
        "returned_many": _("{count} books returned"),
        "thanks": _("Thank you"),
        "nothing": _("Nothing was borrowed"),
        "see_you": _("See you soon"),
        "stamp_lent": "借讫",
        "stamp_returned": "还讫",
        "stamp_bye": "再会",
        "left_behind": _("There are books on the plate already. If they are yours, lift them and lay them down again."),
        "too_fast": _("That was quick: the gate would ring. Lay the book down once more."),
        "is_book": _("That is a book. To return it, touch “Return books”. To borrow it, show your card first."),
        "is_book_back": _("That is a card. Returning needs none; to borrow, touch “Borrow too”."),
        "first_card": _("Then show your card"),
        "offline_pin": _("While the line is down PINs cannot be checked. Show the card itself."),
        "offline_off": _("The line is down and nothing can be lent here for now. Returning works."),
        "offline_most": _("While the line is down {most} books of a card at most. Come back for more."),
        "offline_back": _("Taken down. It is returned as soon as the line is back."),
        "again": _("It did not work. Lift the book and lay it down again."),
        "unreadable": _("We could not read this book. Lift it and lay it down again."),
        "glance_none": _("Nothing out. Lay books down to borrow them."),
        "glance_one": _("One book out"),
        "glance_many": _("{count} books out"),
        "due": _("Return by {due}"),
        "overdue": _("Was due on {due}"),
        "ready": _("Ready for you"),
        "ready_here": _("Here on the hold shelf, until the evening of {until}"),
        "ready_there": _("At {branch}, until the evening of {until}"),
        "owed": _("{owed} yuan are owed. Pay in the app or at the desk."),
        "renewed": _("Renewed. Return by {due}"),
        "receipt_of": _("Borrowed at {branch}, {time}"),
        "receipt_code": _("The list as a code for your phone"),
        "receipt_back": _("Returned at {branch}, {time}"),
    }
