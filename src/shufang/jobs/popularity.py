"""How often each title was lent in the last year, for the order of search results; recounted nightly from the events."""

from datetime import datetime, timedelta

from django.db.models import Count

from shufang.catalogue.models import Title
from shufang.catalogue.search.index import refresh_popularity
from shufang.circulation.models import Event
from shufang.jobs.portions import in_portions

YEAR = timedelta(days=365)
VERBS = ("checkout",)


def run(now: datetime) -> dict[str, int]:
    """Set `Title.popularity` where it changed, and let the search index order by it."""
    lent = Event.objects.filter(verb__in=VERBS, at__gte=now - YEAR, title_id__isnull=False)
    figures = dict(lent.order_by().values_list("title_id").annotate(times=Count("id")))
    old = dict(Title.objects.filter(popularity__gt=0).values_list("id", "popularity"))
    changed = {title_id: figures.get(title_id, 0) for title_id in figures.keys() | old.keys()}
    changed = {title_id: times for title_id, times in changed.items() if old.get(title_id, 0) != times}
    return {"titles": in_portions(sorted(changed.items()), _set), "moved in the index": refresh_popularity()}


def _set(figure: tuple[int, int]) -> bool:
    title_id, times = figure
    return bool(Title.objects.filter(pk=title_id).update(popularity=times))
