"""What a school asks consent for: the set that its profile gives, and changes to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone

from consent.access import purpose_rules
from consent.models import SOCIAL, Basis, Channel, Medium, Purpose, Wording
from consent.terms import COVERS, NOT_PUBLISHED, OPT_OUT, Terms, terms_of
from core.audit import audited, record
from core.errors import Refused
from core.models import Platform
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

SEPARATE = (
    "The form says that each question stands on its own: somebody may agree to photographs and refuse videos."
)
"""What the school reads where somebody may agree to one thing and refuse another (STM-7.14, STM-7.15)."""
MEDIA = {"images": Medium.IMAGE, "videos": Medium.VIDEO}
CLOSED = (
    "Your school's settings on consent are not complete yet. Whoever looks after the settings finishes them."
)


@dataclass(frozen=True)
class Asked:
    """The terms of a purpose, before it is made."""

    medium: str
    channel: str
    platform: Platform | None = None
    group_only: bool = False
    no_first_name: bool = False
    basis: str = Basis.CONSENT


def require_open(profile: Profile) -> None:
    """Raise Refused while a compulsory setting of this part is open."""
    if not profile.is_open("consent"):
        raise Refused(CLOSED)


def default_set(profile: Profile) -> Iterator[Asked]:
    """What the profile gives: each medium on each channel that consent covers (differences 19 to 22)."""
    terms = terms_of(profile)
    basis = Basis.PUBLIC_TASK if terms.model == OPT_OUT else Basis.CONSENT
    media = [MEDIA[scope] for scope in profile.consent_scopes or ()]
    if not profile.consent_separable and len(media) > 1:
        media = [Medium.BOTH]
    covered = [COVERS[cover][0] for cover in profile.consent_covers or ()]
    if terms.model == NOT_PUBLISHED or profile.consent_to_take:
        covered = [*dict.fromkeys([Channel.INSIDE, *covered])]
    for channel in covered:
        if terms.publishes(channel):
            # To take a picture at all needs consent even where publishing does not (CBC-8.02).
            for medium in media:
                yield Asked(medium, channel, basis=Basis.CONSENT if channel == Channel.INSIDE else basis)


def purposes_start(*, actor: User, school: School) -> list[Purpose]:
    """Make the set that the profile gives, where a school asks about nothing yet. Raises Refused."""
    purpose_rules.require_at(actor, "terms", school)
    profile = profile_of(school)
    require_open(profile)
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        if Purpose.objects.filter(school=school, retired_at=None).exists():
            raise Refused("Your school asks about something already.")
        return [_make(actor, school, asked, profile, "") for asked in default_set(profile)]


def purpose_add(*, actor: User, school: School, asked: Asked, text: str = "") -> Purpose:
    """Ask about one more thing. Raises Refused where the profile closes it or it is asked about already."""
    purpose_rules.require_at(actor, "terms", school)
    profile = profile_of(school)
    require_open(profile)
    _check_terms(asked, terms_of(profile))
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        same = Purpose.objects.filter(
            school=school,
            medium=asked.medium,
            channel=asked.channel,
            platform=asked.platform,
            group_only=asked.group_only,
            no_first_name=asked.no_first_name,
            retired_at=None,
        )
        if same.exists():
            raise Refused("Your school asks about this already.")
        return _make(actor, school, asked, profile, text)


def closed_channels(terms: Terms) -> list[str]:
    """The channels to which the profile lets no picture of a pupil go, in words (CIT-7.04, STM-7.04)."""
    return [Channel(one).label for one in Channel.values if not terms.publishes(one)]


def _check_terms(asked: Asked, terms: Terms) -> None:
    if (asked.platform is not None) != (asked.channel == Channel.PLATFORM):
        raise Refused("Choose the platform.", field="platform")
    if not terms.publishes(asked.channel):
        raise Refused("Your school's settings do not let pictures of pupils go there.", field="channel")
    if asked.basis == Basis.PUBLIC_TASK and asked.channel in SOCIAL and terms.model != OPT_OUT:
        raise Refused(
            "Your school's policy asks for consent before pupils are shown on social media.", field="basis"
        )


def _make(actor: User, school: School, asked: Asked, profile: Profile, text: str) -> Purpose:
    last = Purpose.objects.filter(school=school).aggregate(last=Max("order"))["last"] or 0
    purpose = Purpose.objects.create(
        school=school,
        medium=asked.medium,
        channel=asked.channel,
        platform=asked.platform,
        group_only=asked.group_only,
        no_first_name=asked.no_first_name,
        basis=asked.basis,
        order=last + 1,
        created_by=actor,
    )
    text = text.strip() or offered_wording(purpose, profile)
    Wording.objects.create(purpose=purpose, number=1, text=text, by=actor)
    record(
        "consent.purpose_added", actor=actor, school=school, subject=purpose, data={"title": purpose.title}
    )
    return purpose


def offered_wording(purpose: Any, profile: Profile) -> str:
    """Plain words for a purpose, which a school may change: what, where, how long, and how to say no.

    They name no year, as the same words are asked again in the next one.
    """
    terms = terms_of(profile)
    what = {
        Medium.IMAGE: "photographs of your child",
        Medium.VIDEO: "videos of your child",
        Medium.BOTH: "photographs and videos of your child",
        Medium.WORK: "your child's work",
        Medium.VOICE: "recordings of your child's voice",
    }[Medium(purpose.medium)]
    where = {
        Channel.SCHOOL: "on the school's own social media accounts",
        Channel.PLATFORM: f"on the school's own account on {purpose.platform}",
        Channel.TRUST: "on the social media accounts of our trust",
        Channel.WEBSITE: "on the school's website",
        Channel.NEWSLETTER: "in the school's newsletter",
        Channel.PRESS: "in newspapers and other media",
        Channel.INSIDE: "inside the school, where nobody else sees them",
    }[Channel(purpose.channel)]
    verb = "take and use" if purpose.channel == Channel.INSIDE else "use"
    limits = " Your child is shown in a group only." if purpose.group_only else ""
    limits += " Your child's first name does not stand beside it." if purpose.no_first_name else ""
    if purpose.basis == Basis.PUBLIC_TASK:
        first = f"We {verb} {what} {where} to show the life of the school. You may object at any time."
    else:
        first = f"May we {verb} {what} {where}?"
    if not terms.by_year:
        lasts = "as long as your child is at this school"
    else:
        lasts = "until the end of the academic year that we ask about"
    ends = f" Your answer holds {lasts}, and you can change it at any time."
    return first + limits + (ends if purpose.basis == Basis.CONSENT else "")


def purpose_reword(*, actor: User, purpose: Purpose, text: str, number: int) -> Wording:
    """A new version of the words. `number` is the version that the person saw. Answers keep the old one."""
    purpose_rules.require(actor, "terms", purpose)
    text = text.strip()
    if not text:
        raise Refused("Enter the words that people read.", field="text")
    with audited():
        row = Purpose.objects.select_for_update(of=("self",)).select_related("school").get(pk=purpose.pk)
        last = row.wordings.first()
        if row.retired_at or last.number != number:
            raise Refused("Somebody changed this meanwhile. Look at the newest words first.")
        if last.text == text:
            raise Refused("These are the words in use already.", field="text")
        new = Wording.objects.create(purpose=row, number=number + 1, text=text, by=actor)
        record(
            "consent.purpose_reworded",
            actor=actor,
            school=row.school,
            subject=row,
            data={"number": new.number},
        )
    return new


def purpose_retire(*, actor: User, purpose: Purpose) -> None:
    """Ask about it no more. Its answers stay in the ledger, and nothing rests on them from now on."""
    purpose_rules.require(actor, "terms", purpose)
    with audited():
        row = Purpose.objects.select_for_update(of=("self",)).select_related("school").get(pk=purpose.pk)
        if row.retired_at:
            raise Refused("This is asked about no more.")
        row.retired_at = timezone.now()
        row.save(update_fields=["retired_at"])
        record("consent.purpose_retired", actor=actor, school=row.school, subject=row)
