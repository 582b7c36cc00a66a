"""Find a book by the barcode on it: seen by the phone's camera, or typed. An ISBN, or the number of a copy."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from shufang.catalogue.models import Item, Title, TitleIdentifier
from shufang.kernel.identifiers import isbn13

CAMERA = "camera=(self)"
LONGEST = 60


@require_safe
def scan(request: HttpRequest) -> HttpResponse:
    """Show the camera's picture and a field. This page alone may ask for the camera."""
    return _page(request)


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """Lead to the book of a number (`code`); to the results where several books have it; say so where none has."""
    code = request.GET.get("code", "").replace("\x00", "").strip()[:LONGEST]
    if not code:
        return _page(request)
    titles = titles_of(code)
    if len(titles) == 1:
        return HttpResponseRedirect(reverse("title", args=titles))
    if titles:
        return HttpResponseRedirect(f"{reverse('results')}?{urlencode({'q': isbn13(code) or code})}")
    return _page(request, code)


def titles_of(code: str) -> list[int]:
    """Return the titles that a number stands for: a copy's barcode, else an ISBN. Two queries at most."""
    shown = Title.objects.filter(is_suppressed=False)
    copy = Item.objects.filter(barcode=code, title__in=shown).values_list("title_id", flat=True)[:1]
    titles = list(copy)
    isbn = isbn13(code)
    if titles or isbn is None:
        return titles
    numbers = TitleIdentifier.objects.filter(kind="isbn", value=isbn, title__in=shown)
    return list(numbers.order_by("title_id").values_list("title_id", flat=True).distinct()[:2])


def _page(request: HttpRequest, unknown: str = "") -> HttpResponse:
    response = render(request, "web/reader/scan.html", {"unknown": unknown}, status=404 if unknown else 200)
    response.headers["Permissions-Policy"] = CAMERA
    return response
