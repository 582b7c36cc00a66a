"""What was done to one of several things, said beside that thing on the page that follows."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest

OF = "of-"


@dataclass(frozen=True, slots=True)
class Word:
    """A sentence beside a thing. `is_good`: it was done."""

    text: str
    is_good: bool


def tell(request: HttpRequest, thing: int, text: str, *, is_good: bool) -> None:
    """Say something about one thing on the next page."""
    level = messages.SUCCESS if is_good else messages.WARNING
    messages.add_message(request, level, text, extra_tags=f"{OF}{thing}")


def told(request: HttpRequest) -> dict[int, Word]:
    """Return what is to be said beside things; whatever is said in general the page shows by itself."""
    of: dict[int, Word] = {}
    for message in get_messages(request):
        number = message.extra_tags.removeprefix(OF)
        if number != message.extra_tags and number.isdigit():
            of[int(number)] = Word(str(message), message.level == messages.SUCCESS)
    return of
