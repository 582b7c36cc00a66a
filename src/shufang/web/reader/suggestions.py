"""What a reader may mean while he types: a part of a page, for htmx. Without JavaScript nobody asks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shufang.catalogue.search.suggest import suggest
from shufang.web.reader.choices import read

MOST = 7


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer with links to searches for titles and authors that begin so; nothing for an empty field."""
    query = read(request.GET).query
    found = suggest(query, limit=MOST) if query else ()
    return render(request, "web/parts/suggestions.html", {"suggestions": [suggestion.text for suggestion in found]})
