"""Remits and statements in one line each."""

from datetime import timedelta

from django.utils import timezone

from core.roles import Post, Role
from people.models import School, User
from people.selectors import profile_of
from policies.assurance.remits import leads_of
from policies.assurance.services import declaration_of, remit_confirm, seen_hash, statement_write
from policies.assurance.spans import terms_to_choose
from policies.models import RemitConfirmation, TermStatement
from smgov.testing import a_person, a_school


def what_is_signed(school: School) -> str:
    """The declaration on the page now."""
    return declaration_of(profile_of(school), school, leads_of([school])[school.pk])


def confirmed(actor: User, school: School) -> RemitConfirmation:
    """The remit as it stands, confirmed."""
    seen = seen_hash(what_is_signed(school))
    return remit_confirm(actor=actor, school=school, typed_name=actor.full_name, seen=seen)


def a_board(preset: str = "st-marys") -> tuple[School, User, User]:
    """A school, its DSL and a governor."""
    school = a_school(preset=preset)
    dsl = a_person("Della Safe", Role.DSL, school)
    return school, dsl, a_person("Gina Gold", Role.GOVERNANCE, school, post=Post.CHAIR)


def a_statement(
    actor: User, school: School, part: str = "approach", text: str = "We teach it"
) -> TermStatement:
    """What stands in the report of this term."""
    term = terms_to_choose(profile_of(school))[0]
    now = TermStatement.objects.filter(school=school, part=part, replaced_at=None).first()
    return statement_write(
        actor=actor, school=school, term=term, part=part, text=text, seen=now.uuid if now else None
    )


def days_from_now(days: int):
    """A day."""
    return timezone.localdate() + timedelta(days=days)
