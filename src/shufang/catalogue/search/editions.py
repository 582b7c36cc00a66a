"""Other editions of a work: titles whose folded title proper and main author are the same."""

from django.db import connection

from shufang.catalogue.models import Title
from shufang.catalogue.search.folding import fold
from shufang.catalogue.search.indexable import KEY_LENGTH


def other_editions(title: Title, *, limit: int = 6) -> list[Title]:
    """Return the most popular other titles of the same work, without those kept from readers. Two queries at most.

    A title without an author, or one that the index does not know, has none. The keys of the index hold only the first
    `KEY_LENGTH` signs: where a title is longer, the whole of it must be the same.
    """
    said = getattr(title, "search_document", None)
    if said is None or not said.title_key or not said.author_key:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT title_id FROM catalogue_searchdocument WHERE title_key <> '' AND title_key = %s AND author_key = %s "
            "AND title_id <> %s ORDER BY rank LIMIT %s",
            [said.title_key, said.author_key, title.pk, limit],
        )
        ids = [number for (number,) in cursor.fetchall()]
    found = Title.objects.filter(is_suppressed=False).in_bulk(ids) if ids else {}
    others = [found[number] for number in ids if number in found]
    if len(said.title_key) < KEY_LENGTH:
        return others
    return [other for other in others if fold(other.title) == fold(title.title)]
