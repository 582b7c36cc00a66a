"""My lists: what I want to read, and lists of my own; private, and seen by others only by a link that I switch on."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from shufang.catalogue.models import Title
from shufang.kernel import clock
from shufang.kernel.refusal import Refusal
from shufang.lists import entries, keeping
from shufang.lists.models import BookList
from shufang.web.reader.outcomes import done, said_of
from shufang.web.reader.sections import sections
from shufang.web.reader.signed_in import Reader, for_reader
from shufang.web.reader.told import tell
from shufang.web.whereabouts import Whereabouts, all_branches, whereabouts

NEW = "new"


@require_safe
@for_reader
def lists(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show the lists."""
    return _lists_page(request, reader)


@require_POST
@for_reader
def new_list(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Make a list (`name`)."""
    name = request.POST.get("name", "")
    made = keeping.make_list(reader.patron_id, name, clock.now())
    if isinstance(made, Refusal):
        return _lists_page(request, reader, made, name)
    return HttpResponseRedirect(reverse("my_list", args=[made.list_id]))


@require_safe
@for_reader
def one_list(request: HttpRequest, reader: Reader, list_id: int) -> HttpResponse:
    """Show what stands in a list; 404 for one of somebody else."""
    return _list_page(request, reader, _mine(reader, list_id))


@require_POST
@for_reader
def rename(request: HttpRequest, reader: Reader, list_id: int) -> HttpResponse:
    """Give a list another name (`name`)."""
    found = _mine(reader, list_id)
    kept = keeping.rename_list(reader.patron_id, list_id, request.POST.get("name", ""))
    if isinstance(kept, Refusal):
        return _list_page(request, reader, found, kept)
    return done(request, gettext("The list is called “%(name)s” now") % {"name": kept.name}, "my_list", list_id)


@require_POST
@for_reader
def share(request: HttpRequest, reader: Reader, list_id: int) -> HttpResponse:
    """Switch the link of a list on, or off (`off`)."""
    _mine(reader, list_id)
    if "off" in request.POST:
        keeping.unshare_list(reader.patron_id, list_id)
        return done(request, gettext("The list is private again; its link leads nowhere"), "my_list", list_id)
    keeping.share_list(reader.patron_id, list_id)
    return done(request, gettext("Whoever has the link sees these books, and not whose list it is"), "my_list", list_id)


@require_POST
@for_reader
def delete(request: HttpRequest, reader: Reader, list_id: int) -> HttpResponse:
    """Delete a list with all that stands in it."""
    _mine(reader, list_id)
    keeping.delete_list(reader.patron_id, list_id)
    return done(request, gettext("The list is deleted"), "my_lists")


@require_POST
@for_reader
def take_out(request: HttpRequest, reader: Reader, list_id: int, title_id: int) -> HttpResponse:  # noqa: ARG001  # a view is given its request
    """Take a book out of a list."""
    _mine(reader, list_id)
    entries.remove_title(reader.patron_id, list_id, title_id)
    return HttpResponseRedirect(reverse("my_list", args=[list_id]))


@require_POST
@for_reader
def want(request: HttpRequest, reader: Reader, title_id: int) -> HttpResponse:
    """Set the bookmark of a title, or take it off (`off`)."""
    get_object_or_404(Title.objects.filter(is_suppressed=False), pk=title_id)
    back = HttpResponseRedirect(reverse("title", args=[title_id]))
    if "off" in request.POST:
        entries.unwant(reader.patron_id, title_id)
        tell(request, title_id, gettext("Taken off what you want to read"), is_good=True)
        return back
    wanted = entries.want(reader.patron_id, title_id, clock.now())
    if isinstance(wanted, Refusal):
        tell(request, title_id, said_of(wanted), is_good=False)
    else:
        tell(request, title_id, gettext("On the list of what you want to read"), is_good=True)
    return back


@require_POST
@for_reader
def put_in(request: HttpRequest, reader: Reader, title_id: int) -> HttpResponse:
    """Put a title into a list (`list`), or into a new one (`list` is "new", `name`)."""
    get_object_or_404(Title.objects.filter(is_suppressed=False), pk=title_id)
    chosen = request.POST.get("list", "")
    kept: keeping.ListKept | Refusal
    if chosen == NEW:
        kept = keeping.make_list(reader.patron_id, request.POST.get("name", ""), clock.now())
    else:
        mine = _mine(reader, int(chosen) if chosen.isascii() and chosen.isdigit() else 0)
        kept = keeping.ListKept(mine.pk, mine.name)
    added: object = kept
    if isinstance(kept, keeping.ListKept):
        added = entries.add_title(reader.patron_id, kept.list_id, title_id, clock.now())
    if isinstance(added, Refusal):
        tell(request, title_id, said_of(added), is_good=False)
    elif isinstance(kept, keeping.ListKept):
        name = kept.name or gettext("Want to read")
        tell(request, title_id, gettext("It stands in “%(name)s”") % {"name": name}, is_good=True)
    return HttpResponseRedirect(reverse("title", args=[title_id]))


@require_safe
def shared_list(request: HttpRequest, share_key: str) -> HttpResponse:
    """Show a list by its link: its books, and nothing of whose it is. Search engines are asked to leave it alone."""
    found = entries.shared(share_key)
    if found is None:
        raise Http404
    context = {"list": found, "books": _where(found.pk), "is_shared_view": True}
    response = render(request, "web/reader/lending/shared_list.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lists_page(request: HttpRequest, reader: Reader, refusal: Refusal | None = None, name: str = "") -> HttpResponse:
    context = {
        "lists": entries.summaries(reader.patron_id),
        "name": name[: keeping.LONGEST_NAME],
        "refusal": said_of(refusal) if refusal else "",
        "sections": sections(reader.patron_id, "my_lists"),
    }
    return render(request, "web/reader/lending/lists.html", context, status=422 if refusal else 200)


def _list_page(request: HttpRequest, reader: Reader, found: BookList, refusal: Refusal | None = None) -> HttpResponse:
    link = request.build_absolute_uri(reverse("shared_list", args=[found.share_key])) if found.share_key else ""
    context = {
        "list": found,
        "is_own": found.kind == BookList.Kind.OWN,
        "link": link,
        "books": _where(found.pk, reader.home_branch_id),
        "refusal": said_of(refusal) if refusal else "",
        "sections": sections(reader.patron_id, "my_lists"),
    }
    return render(request, "web/reader/lending/list.html", context, status=422 if refusal else 200)


def _where(list_id: int, nearest: int | None = None) -> list[tuple[Title, Whereabouts]]:
    titles = entries.titles_of(list_id)
    places = whereabouts([title.pk for title in titles], all_branches(), nearest) if titles else {}
    return [(title, places[title.pk]) for title in titles]


def _mine(reader: Reader, list_id: int) -> BookList:
    return get_object_or_404(BookList, pk=list_id, patron_id=reader.patron_id)
