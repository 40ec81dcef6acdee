"""`manage.py trust_start`: set up a trust, its central team and its first executive leader."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import Refused
from people.governance.presets import PRESETS
from people.services.invitations import invite_first
from people.services.starting import trust_start


class Command(BaseCommand):
    """The first person of a trust has nobody to confirm them: whoever runs the server vouches."""

    help = "Create a trust with its policy preset and central team, and invite its first executive leader."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, preset, name of the central team, first person."""
        parser.add_argument("name")
        parser.add_argument("--preset", default="cit", choices=list(PRESETS))
        parser.add_argument("--central", default="Support Hub", help="name of the central team")
        parser.add_argument("--lead-email", required=True)
        parser.add_argument("--lead-name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Create, invite, and say what was done."""
        try:
            trust, hub, user = trust_start(
                name=options["name"],
                preset=options["preset"],
                central=options["central"],
                lead_email=options["lead_email"],
                lead_name=options["lead_name"],
            )
            invite_first(user, hub)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{trust} is set up, with {hub}. An invitation goes to {user.email}. "
            f"Add its schools with: manage.py school_start NAME --trust {trust.slug} ..."
        )
