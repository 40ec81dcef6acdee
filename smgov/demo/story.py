"""The whole demo, in one transaction: all of it or nothing."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from core.audit import audited
from core.models import AuditEvent, Notice
from people.models import School
from smgov.demo import (
    abuse,
    assurance,
    comments,
    concerns,
    consent,
    declarations,
    documents,
    measures,
    network,
    reading,
    register,
    reports,
    requests,
    reviews,
    schools,
    training,
)
from smgov.demo.clock import Clock, keeping, play
from smgov.demo.people import Cast, create_people

LOOKED_AT = timedelta(days=6)
"""Notices that are older have been seen."""


def load() -> bool:
    """Load the demo unless there is a school already. Returns whether it did."""
    with audited():
        if School.objects.exists():
            return False
        newest = AuditEvent.objects.order_by("-number").first()
        clock, cast = Clock(not_before=newest.at if newest else None), Cast()
        with keeping(clock):
            clock.go(125, 8)
            create_people(cast)
            play(
                [
                    *schools.scenes(cast),
                    *register.scenes(cast),
                    *requests.scenes(cast),
                    *network.scenes(cast),
                    *measures.scenes(cast),
                    *reports.scenes(cast),
                    *consent.scenes(cast),
                    *concerns.scenes(cast),
                    *abuse.scenes(cast),
                    *documents.scenes(cast),
                    *reviews.scenes(cast),
                    *reading.scenes(cast),
                    *training.scenes(cast),
                    *declarations.scenes(cast),
                    *assurance.scenes(cast),
                    *comments.scenes(cast),
                ],
                clock,
            )
        _look_at_notices()
    return True


def _look_at_notices() -> None:
    """All were mailed but the open invitations, so that a newcomer finds those in var/mail and nothing else."""
    now = timezone.now()
    Notice.objects.exclude(kind="people.invitation", created_at__gte=now - timedelta(days=14)).update(
        sent_at=F("created_at") + timedelta(minutes=1)
    )
    Notice.objects.filter(created_at__lt=now - LOOKED_AT).update(seen_at=F("created_at") + timedelta(hours=3))
