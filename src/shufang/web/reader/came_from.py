"""The way back: to the results that a reader came from, else to the first page."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse


def back_to_results(request: HttpRequest) -> str:
    """Return the address of the search results that linked here, if any, else of the first page. Never another site."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path == reverse("results"):
        return f"{came_from.path}?{came_from.query}"
    return reverse("home")
