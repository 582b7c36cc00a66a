"""What a search found: where each book is now comes before its name."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from shufang.catalogue.models import Title
from shufang.catalogue.search.query import search
from shufang.catalogue.search.results import Results
from shufang.web.reader import choices as reading
from shufang.web.reader.signed_in import never_cached, signed_in
from shufang.web.templatetags.words import counted, grouped
from shufang.web.whereabouts import Whereabouts, all_branches, whereabouts

PAGE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A title with the places of its copies."""

    title: Title
    where: Whereabouts


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Search by the address (`q`, `branch`, `language`, `year`, `class`, `material`, `page`); no words: all books."""
    choices = reading.read(request.GET)
    offset = (choices.page - 1) * PAGE
    found = search(choices.query, facets=choices.facets, limit=PAGE, offset=offset, with_places=False)
    branches = all_branches()
    reader = signed_in(request)
    nearest = next((pk for pk, branch in branches.items() if branch.code == choices.chosen.get("branch")), None)
    if nearest is None and reader is not None:
        nearest = reader.home_branch_id
    places = whereabouts([hit.title.pk for hit in found.hits], branches, nearest)
    context = {
        "query": choices.query,
        "chosen": choices.chosen,
        "chosen_beyond_branch": bool(set(choices.chosen) - {"branch"}),
        "without_choice": choices.without,
        "counted": _counted(found),
        "hits": [Found(hit.title, places[hit.title.pk]) for hit in found.hits],
        "branch_values": reading.branch_values(choices, found.facets),
        "groups": reading.groups(choices, found.facets),
        "earlier": choices.address(choices.page - 1) if choices.page > 1 else "",
        "later": choices.address(choices.page + 1) if offset + PAGE < found.count else "",
    }
    response = render(request, "web/reader/results.html", context)
    return never_cached(response) if reader else response


def _counted(found: Results) -> str:
    """Return how many titles were found, in words."""
    if found.is_more:
        return gettext("More than %(number)s titles, the most read first") % {"number": grouped(found.count)}
    if not found.count:
        return ""
    text = ngettext("%(number)s title", "%(number)s titles", found.count)
    return text % {"number": counted(found.count)}
