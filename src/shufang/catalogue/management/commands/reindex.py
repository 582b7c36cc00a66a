"""`shufang reindex`: make the search index anew, while searches go on."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shufang.catalogue.search import index


class Command(BaseCommand):
    """Index all titles, or some, again."""

    help = "Make the search index anew from the catalogue, all of it or the titles with the ids that are given."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which titles."""
        parser.add_argument("ids", nargs="*", type=int, metavar="ID")
        parser.add_argument(
            "--popularity", action="store_true", help="only move titles whose popularity has changed to their places"
        )

    def handle(self, *_: object, **options: object) -> None:
        """Do it and say how many titles it was."""
        ids = options["ids"]
        if options["popularity"]:
            if ids:
                raise CommandError("--popularity is for all titles: give no ids with it")
            self.stdout.write(f"{index.refresh_popularity()} titles moved.")
            return
        some = [number for number in ids if isinstance(number, int)] if isinstance(ids, list) else []
        done = index.reindex(some) if some else index.rebuild()
        self.stdout.write(f"{done} titles are in the index.")
