"""`manage.py school_start`: set up a school and its first headteacher from the server's console."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import Refused
from people.governance.presets import PRESETS
from people.models import School, Trust
from people.services.invitations import invite_first
from people.services.starting import school_start


class Command(BaseCommand):
    """The first person of a school has nobody to confirm them: whoever runs the server vouches."""

    help = "Create a school with its policy preset and invite its first headteacher."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, preset, first person, and optionally the trust."""
        parser.add_argument("name")
        parser.add_argument("--preset", default="", choices=["", *PRESETS], help="not needed inside a trust")
        parser.add_argument("--head-email", required=True)
        parser.add_argument("--head-name", required=True)
        parser.add_argument("--trust", default="", help="short name (slug) of a trust that exists")
        parser.add_argument("--central", action="store_true", help="the central team of the trust")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create, invite, and say what was done."""
        trust = Trust.objects.filter(slug=options["trust"]).first() if options["trust"] else None
        if options["trust"] and trust is None:
            raise CommandError(f"There is no trust called {options['trust']}.")
        if not options["preset"] and trust is None:
            raise CommandError("Choose a preset: " + ", ".join(PRESETS))
        kind = School.Kind.CENTRAL if options["central"] else School.Kind.SCHOOL
        try:
            school, user = school_start(
                name=options["name"],
                preset=options["preset"],
                head_email=options["head_email"],
                head_name=options["head_name"],
                trust=trust,
                kind=kind,
            )
            invite_first(user, school)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{school} is set up. An invitation goes to {user.email}.")
