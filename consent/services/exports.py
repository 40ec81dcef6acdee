"""What the school holds about one child, without anything of another child (quality: a subject's request)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from consent.access import pupil_rules
from consent.models import (
    Assessment,
    CheckedPupil,
    Contact,
    PostSearch,
    Pupil,
    Reply,
    ReplyWords,
    Scan,
    Tie,
)
from consent.models.ledger import Route, Standing, Weight
from consent.services.mentions import records_naming
from core.audit import audited, record
from core.tables import date_text
from people.models import User

MORE = (
    "Information may be held that is not in this export, where the law lets the school keep it back. Ask the "
    "data protection officer."
)
"""Printed always, whether there is anything or not."""


@dataclass(frozen=True)
class Section:
    """One part of the export: a title, headings, and rows of plain texts."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


def pupil_export(*, actor: User, pupil: Pupil, form: str) -> list[Section]:
    """Everything held about one child, and the event that it was given out as `form` (page, json, csv).

    Why somebody is not to be used, and reports in which they are named, are not in it, and nothing shows whether
    there are any. Names of contacts and their relationship are; their addresses are not. Raises PermissionDenied.
    """
    pupil_rules.require(actor, "export", pupil)
    with audited():
        record("consent.pupil_exported", actor=actor, school=pupil.school, subject=pupil, data={"as": form})
    return list(_sections(actor, pupil))


def _sections(actor: User, pupil: Pupil) -> Iterator[Section]:
    yield Section("The child", ("What", "Held"), _facts(pupil))
    yield Section(
        "Who answers for the child",
        ("Name", "Relationship", "Parental responsibility", "In use"),
        [_contact(tie) for tie in Tie.objects.filter(pupil=pupil).select_related("contact")],
    )
    replies = list(
        Reply.objects.filter(pupil=pupil)
        .select_related("contact")
        .prefetch_related("answers__purpose__platform", "answers__wording")
        .order_by("received_at", "pk")
    )
    yield Section(
        "Answers about consent",
        ("Received", "From", "In what capacity", "How", "Weight", "About", "Answer", "Until", "Words shown"),
        [row for reply in replies for row in _answers(reply)],
    )
    words = ReplyWords.objects.filter(reply__pupil=pupil).exclude(text="").select_related("reply__contact")
    yield Section(
        "What was said besides yes and no",
        ("Received", "From", "Words"),
        [
            (_moment(one.reply.received_at), _giver(one.reply.contact), one.text)
            for one in words.order_by("reply__received_at", "pk")
        ],
    )
    scans = Scan.objects.filter(reply__pupil=pupil)
    yield Section(
        "Papers and letters that were scanned",
        ("Uploaded", "Kind of file", "Size in bytes", "SHA-256"),
        [(_moment(one.at), one.media_type, str(one.size), one.sha256) for one in scans],
    )
    assessed = Assessment.objects.filter(pupil=pupil).select_related("words").order_by("at", "pk")
    yield Section(
        "Whether the pupil understands what consent means",
        ("Assessed", "Outcome", "On what it rests"),
        [
            (
                date_text(one.assessed_on),
                "Understands" if one.competent else "Does not understand",
                one.words.text if hasattr(one, "words") else "",
            )
            for one in assessed
        ],
    )
    checks = CheckedPupil.objects.filter(pupil=pupil).select_related("check_row__platform")
    yield Section(
        "Checks of whether the child may be shown",
        ("Checked", "Medium", "Where"),
        [_check(one) for one in checks.order_by("check_row__at", "pk")],
    )
    searches = PostSearch.objects.filter(pupil=pupil).exclude(why=PostSearch.Why.NEVER_SHOW)
    yield Section(
        "Searches for earlier posts",
        ("Asked for", "Done", "What was found", "Words"),
        [
            (
                _moment(one.raised_at),
                _moment(one.done_at),
                PostSearch.Outcome(one.outcome).label if one.outcome else "",
                one.words,
            )
            for one in searches
        ],
    )
    yield Section(
        "Requests about the network in which the child is named",
        ("What", "Day"),
        [(kind.title, _moment(row.created_at)) for kind, row in records_naming(actor, pupil, secret=False)],
    )


def _facts(pupil: Pupil) -> list[tuple[str, str]]:
    """The row of the register, in words."""
    return [
        ("School", pupil.school.name),
        ("First name", pupil.first_name),
        ("Preferred name", pupil.preferred_name),
        ("Last name", pupil.last_name),
        ("UPN", pupil.upn),
        ("Number in the school's system", pupil.local_id),
        ("Date of birth", _moment(pupil.born)),
        ("Year", pupil.year_group),
        ("Class", pupil.class_name),
        ("E-mail address", pupil.email),
        ("Joined", _moment(pupil.joined_on)),
        ("Last day at the school", _moment(pupil.leaves_on)),
        ("In this portal since", _moment(pupil.created_at)),
        ("Data erased", _moment(pupil.erased_at)),
    ]


def _contact(tie: Tie) -> tuple[str, ...]:
    return (
        str(tie.contact),
        tie.relationship,
        tie.get_responsibility_display(),
        "Yes" if tie.active else "No",
    )


def _answers(reply: Reply) -> Iterator[tuple[str, ...]]:
    for line in reply.answers.all():
        yield (
            _moment(reply.received_at),
            _giver(reply.contact),
            Standing(reply.standing).label,
            Route(reply.route).label,
            Weight(reply.weight).label,
            line.purpose.title,
            line.get_kind_display(),
            _moment(line.valid_until) if line.allows else "",
            line.wording.text if line.wording else "",
        )


def _giver(contact: Contact | None) -> str:
    return str(contact) if contact else "The pupil"


def _check(one: CheckedPupil) -> tuple[str, ...]:
    """That it was asked. The answer is left out for every child: beside a yes in the ledger a no would give a flag
    away; so is what staff called the pictures, which may name others.
    """
    row = one.check_row
    where = f"{row.get_channel_display()}: {row.platform}" if row.platform else row.get_channel_display()
    return (
        _moment(row.at),
        row.get_medium_display(),
        where,
    )


def _moment(value: Any) -> str:
    return date_text(value) if value else ""


def as_json(pupil: Pupil, sections: list[Section]) -> dict[str, Any]:
    """The export for another program."""
    return {
        "made": timezone.now().isoformat(),
        "child": str(pupil.uuid),
        "sections": [
            {"title": one.title, "rows": [dict(zip(one.headings, row, strict=True)) for row in one.rows]}
            for one in sections
        ],
        "note": MORE,
    }
