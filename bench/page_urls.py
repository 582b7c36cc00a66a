"""All pages, and one that does nothing: the floor to which pages are compared. It passes the same server and middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    """Return an empty page."""
    del request
    return HttpResponse()


urlpatterns = [path("nothing/", nothing), path("", include("shufang.config.urls"))]
