"""What became of a form: the page again with what is wrong, or another page that says what was done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from shufang.circulation.sentences import sentence
from shufang.kernel.refusal import Refusal


def refused(request: HttpRequest, template: str, refusal: Refusal, context: dict[str, object]) -> HttpResponse:
    """Show the form again (status 422) with the sentence of the refusal in its place.

    `refusal` in the template is the sentence, `wrong` the code, by which a field knows that it is meant.
    """
    said = {"refusal": said_of(refusal), "wrong": refusal.code}
    return render(request, template, {**context, **said}, status=422)


def said_of(refusal: Refusal) -> str:
    """Return the sentence of a refusal in the page's language."""
    return sentence(refusal, get_language() or "")


def done(request: HttpRequest, words: str, name: str, *args: object) -> HttpResponse:
    """Lead to the page `name`, where a slip says what was done."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse(name, args=args))
