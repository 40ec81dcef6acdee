"""Celery wakes the sweeps of this room."""

from celery import shared_task

from consent.models import LinkAsked, PupilImport
from consent.services import imports_clear as clearing
from consent.services import imports_work as importing
from consent.services.erasure import erase_due
from consent.services.links import links_asked_send
from consent.services.sweeps import eighteen_sweep, positions_nightly, rounds_remind
from core.backlogs import backlog

backlog("consent.tasks.remind_rounds")
backlog("consent.tasks.eighteenth_birthdays")
backlog("consent.tasks.work_out_positions")
backlog("consent.tasks.send_links_asked_for", LinkAsked.objects.all)
backlog("consent.tasks.erase_former_pupils")
backlog("consent.tasks.imports_work", lambda: PupilImport.objects.filter(status__in=importing.WORKING))
backlog("consent.tasks.imports_clear")


@shared_task
def remind_rounds() -> int:
    """Ask new pupils and remind in open rounds."""
    return rounds_remind()


@shared_task
def eighteenth_birthdays() -> int:
    """Remind those who assess; ask pupils of 18."""
    return eighteen_sweep()


@shared_task
def work_out_positions() -> int:
    """The present state of every school again."""
    return positions_nightly()


@shared_task
def send_links_asked_for() -> int:
    """Write to those who asked for a new link and are known."""
    return links_asked_send()


@shared_task
def erase_former_pupils() -> int:
    """Erase what identifies pupils who left so long ago that the school's setting says so."""
    return erase_due()


@shared_task
def imports_work() -> int:
    """Compare files of pupils with the register, and take over what was accepted."""
    return importing.imports_work()


@shared_task
def imports_clear() -> int:
    """Delete imported files whose days are over."""
    return clearing.imports_clear()
