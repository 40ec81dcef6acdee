"""The keeper signs that the register is up to date (STM-7.08)."""

from typing import Any

from django.utils import timezone

from consent.access import pupil_rules
from consent.models import RegisterReview
from consent.services.purposes import require_open
from consent.staleness import numbers_of
from consent.terms import terms_of
from core.audit import audited, record
from core.errors import Stale
from core.signatures import content_hash, sign
from people.models import School, User
from people.selectors import profile_of

DECLARATION = (
    "I have looked through the register of image consent. These figures are known to me, and what is missing "
    "or out of date is being put right."
)


def numbers_hash(school: School, numbers: dict[str, Any]) -> str:
    """The fingerprint of a school's figures, for a page to give back when it is signed."""
    return content_hash({"school": str(school.uuid), "figures": numbers})


def review_sign(*, actor: User, school: School, typed_name: str, figures_hash: str) -> RegisterReview:
    """Sign the register as reviewed, with the figures that were shown (STM-7.08).

    The same page sent twice makes one review. Raises PermissionDenied for anybody but the keeper; Stale when the
    figures have changed since; Refused for another name, or while a compulsory setting is open.
    """
    pupil_rules.require_at(actor, "sign", school)
    profile = profile_of(school)
    require_open(profile)
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        today = timezone.localdate()
        numbers = numbers_of(school, terms_of(profile), today)
        if numbers_hash(school, numbers) != figures_hash:
            raise Stale(
                "The figures have changed since you opened this page. Look at the new ones, then sign."
            )
        last = RegisterReview.objects.filter(school=school).select_related("signature").first()
        if last and last.by_id == actor.pk and _same(last, figures_hash, today):
            return last
        signature = sign(
            actor=actor, typed_name=typed_name, declaration=DECLARATION, signed_hash=figures_hash
        )
        review = RegisterReview.objects.create(school=school, by=actor, signature=signature, figures=numbers)
        record("consent.register_reviewed", actor=actor, school=school, subject=review)
    return review


def _same(review: RegisterReview, figures_hash: str, today: Any) -> bool:
    """Whether the page that is sent now was signed a moment ago."""
    return review.signature.content_hash == figures_hash and timezone.localdate(review.at) == today
