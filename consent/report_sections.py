"""What this room adds to the report of a term: how far consent goes, in numbers of the whole school alone."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from consent.access import pupil_rules
from consent.coverage import Tally, answers_given, given_here, never_shown, tally_of
from consent.models import Purpose
from consent.register.rows import purposes_of
from consent.selectors import here
from consent.terms import terms_of
from people.governance.profile import Profile
from people.models import School, User
from policies.assurance.counting import ask
from policies.assurance.sections import Counting, Series, TermFigure, TermSection, profile_for, report_section
from policies.assurance.spans import ReportTerm

FEWEST_ANSWERS = 20
ROUGHLY = 5


@report_section("consent", "Image consent", place=50)
def coverage(user: User, school: School, term: ReportTerm) -> Counting:
    """The answers of all pupils to all questions together, as of today.

    Who may see lists of classes reads numbers, as on the page of figures; governors a share alone, rounded, so
    that no single pupil is found in it.
    """
    if not pupil_rules.allows_at(user, "figures", school):
        return None
    day, questions = timezone.localdate(), purposes_of([school.pk]).get(school.pk, [])
    numbers = pupil_rules.allows_at(user, "classes", school)
    plain = (
        {}
        if pupil_rules.allows_at(user, "details", school)
        else _silence(profile_for(user, school), questions)
    )
    pupils = pupil_rules.visible_to(user, "figures").filter(school=school)
    size, never, said = yield [
        ask(pupils.filter(here(day)), many=Count("pk")),
        ask(never_shown(pupils, day), many=Count("pk")),
        ask(given_here(pupils, [one.pk for one in questions], day), text="purpose", **answers_given(day)),
    ]
    answers = {int(question): Tally(found["yes"], found["no"]) for question, found in said.lines}
    found = tally_of(answers, questions, size["many"], never["many"], plain)
    asked = TermFigure("Questions that the school asks", len(questions))
    if not found.total:
        return TermSection([asked], note="There are no answers to count yet.")
    if not numbers:
        return TermSection(
            [asked, TermFigure("May be shown, of all answers", rounded(found))], note="As of today"
        )
    rows = [TermFigure("May be shown", found.yes), TermFigure("May not be shown", found.no)]
    if not plain:
        rows.append(TermFigure("No answer that counts", found.none))
    return TermSection(
        [asked, *rows],
        chart=Series("Answers of all pupils", [(row.label, row.now) for row in rows], most=found.total),
        note="As of today. Each pupil counts once for each question.",
        url=f"{reverse('consent:coverage')}?school={school.uuid}",
        link="By class and question",
    )


def _silence(profile: Profile, questions: list[Purpose]) -> dict[int, bool]:
    """Readers who see yes or not alone: whether silence means yes, for each question."""
    terms = terms_of(profile)
    return {one.pk: terms.silence_means_yes(one.basis, one.channel) for one in questions}


def rounded(tally: Tally) -> str:
    """The share who may be shown, to the nearest 5%; nothing where there are few answers."""
    if tally.total < FEWEST_ANSWERS:
        return "Not given, as there are few answers"
    return f"About {round(100 * tally.yes / tally.total / ROUGHLY) * ROUGHLY}%"
