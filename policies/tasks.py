"""Celery wakes the sweeps of this room, nothing else."""

from celery import shared_task

from core.backlogs import backlog
from policies.assurance import sweeps as assurance
from policies.declarations import sweeps as declarations
from policies.education import sweeps as education
from policies.reading import sweeps as reading
from policies.reviews import sweeps as reviews
from policies.training import sweeps as training

backlog("policies.tasks.reading_chase", reading.due)
backlog("policies.tasks.declarations_erase", quiet=True)  # what is held must not be told by a figure


@shared_task
def reading_chase() -> int:
    """Tell who joined; remind those who have not read a document, after 7, 14, 28 days, then every 28 days."""
    return reading.joiners() + reading.chase()


@shared_task
def reviews_remind() -> int:
    """Remind of reviews that are due soon, or overdue."""
    return reviews.reviews_remind()


@shared_task
def declarations_end() -> int:
    """End what was declared of former pupils the day after they turn 18."""
    return declarations.birthdays_close()


@shared_task
def declarations_lead_on() -> int:
    """Lead further what was declared or told and nobody is left to hear."""
    return declarations.lead_on()


@shared_task
def declarations_erase() -> int:
    """Erase the words of declared links and departures whose time is over, by each school's setting."""
    return declarations.declarations_shut()


@shared_task
def name_uses_remind() -> int:
    """Remind whoever asked two weeks before a permission to use name or logo runs out."""
    return declarations.reminders_send()


@shared_task
def training_work_out() -> int:
    """Work out who owes which training at every school."""
    return training.duties_all()


@shared_task
def training_remind() -> int:
    """Remind whoever owes training, before its last day and after it."""
    return training.training_remind()


@shared_task
def education_work_out() -> int:
    """Work out what is to be held for pupils and parents at every school."""
    return education.periods_all()


@shared_task
def education_remind() -> int:
    """Remind of terms and years that end without what is to be held in them."""
    return education.education_remind()


@shared_task
def assurance_remits_due() -> int:
    """Remind of remits of safeguarding leads that are to be confirmed."""
    return assurance.remits_due()
