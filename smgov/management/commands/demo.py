"""`manage.py demo`: an invented trust and four invented schools to try the portal with."""

from argparse import ArgumentParser

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core import anchors, append_only
from people.models import School, Trust
from smgov.demo import schools, story, table


class Command(BaseCommand):
    """Load the demo, print who can sign in, or begin it anew. Never in a real installation."""

    help = "Load the demo schools (--if-empty), print who to sign in as (--people), or begin anew (--reset)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Exactly one thing to do."""
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument(
            "--if-empty", action="store_true", help="load the demo unless there is a school already"
        )
        wanted.add_argument(
            "--people", action="store_true", help="print a person of every role, with the password"
        )
        wanted.add_argument("--everybody", action="store_true", help="print all the demo's people")
        wanted.add_argument("--reset", action="store_true", help="delete everything and load the demo anew")

    def handle(self, *args: object, **options: object) -> None:
        """Do it, unless this is a real installation."""
        if settings.PRODUCTION:
            raise CommandError("The demo and its password never enter a real installation.")
        if options["reset"]:
            call_command("migrate", interactive=False, verbosity=0)
            self.empty()
        if options["reset"] or options["if_empty"]:
            self.load()
        else:
            self.print_people(everybody=bool(options["everybody"]))

    def load(self) -> None:
        """Load it where there is no school."""
        if School.objects.exists():
            return
        self.stdout.write("Loading the demo (about a minute) ...")
        story.load()

    def print_people(self, everybody: bool) -> None:
        """The table of people, and how to see the others."""
        found = table.lines(everybody)
        if not found:
            self.stdout.write("The demo is not loaded here.")
            return
        # A terminal without these letters shows a question mark instead of ending in an error.
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write("\n" + "\n".join(found).encode(encoding, "replace").decode(encoding))
        if not everybody:
            self.stdout.write("\nAll others have the same password: manage.py demo --everybody lists them.")
        if page := table.parents_page():
            self.stdout.write(f"A parent of two answers without an account at {page}")

    def empty(self) -> None:
        """Delete everything in a local SQLite database that holds the demo or nothing."""
        if connection.vendor != "sqlite":
            raise CommandError("Only a local SQLite database is emptied. Nothing was deleted.")
        if School.objects.exists() and not Trust.objects.filter(slug=schools.TRUST[1]).exists():
            raise CommandError("This database holds schools that are not the demo's. Nothing was deleted.")
        append_only.remove()
        try:
            call_command("flush", interactive=False, verbosity=0)
        finally:
            append_only.install()
        ContentType.objects.clear_cache()
        # The anchors of the deleted log would accuse the new one of having lost its end.
        (settings.VAR / anchors.FILE).unlink(missing_ok=True)
