"""How long a declared link is kept: by the school's setting, put off where it must, and the declarer sees no hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.audit import history_of
from core.errors import Refused, Stale
from core.models import Notice
from core.roles import Role
from people.models import Membership
from policies.declarations.access import declaration_rules
from policies.declarations.keeping import declarations_shut, words_hold, words_release
from policies.declarations.relationships import declaration_end, declaration_note
from policies.declarations.selectors import lifted_for
from policies.declarations.tests.cases import Crew, a_crew, a_declaration, client_of
from policies.models import Declaration, DeclarationHold, DeclarationNote
from smgov.testing import a_person, choose
from smgov.tests.access.forms import date_parts

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=366)


def a_keeping_crew(years: int | None = 2, preset: str = "cit") -> Crew:
    """A school that has chosen how many years."""
    crew = a_crew(preset)
    if years:
        choose(crew.school.profile, retention_declarations=years)
    return crew


def an_ended(crew: Crew, *, ago: timedelta = 3 * YEAR, noted: bool = True, **changes: Any) -> Declaration:
    """A declaration that Dora noted with advice and Alice ended so long ago."""
    row = a_declaration(crew, **{"details": "We share a garden", **changes})
    if noted:
        declaration_note(actor=crew.dora, declaration=row, advice="Keep Kit off the class page")
    declaration_end(actor=crew.alice, declaration=row, note="Kit moved away")
    Declaration.objects.filter(pk=row.pk).update(ended_at=timezone.now() - ago)
    row.refresh_from_db()
    return row


def words_in(row: Declaration) -> list[str]:
    """All that was written of it and is still there."""
    row = Declaration.objects.get(pk=row.pk)
    notes = DeclarationNote.objects.filter(step__declaration=row).values_list("text", flat=True)
    holds = row.holds.values_list("reason", flat=True)
    return [text for text in (row.text.person, row.text.details, *notes, *holds) if text]


def events_of(row: Declaration) -> list[str]:
    return [event.action.removeprefix("policies.declaration_") for event in history_of(row)]


def test_the_words_go_when_the_time_is_over_and_what_happened_stays() -> None:
    crew = a_keeping_crew()
    row, young = an_ended(crew), an_ended(crew, ago=YEAR)
    running = a_declaration(crew)
    assert declarations_shut() == 2  # shut, and erased
    assert declarations_shut() == 0
    assert words_in(row) == []
    assert len(words_in(young)) == 4
    assert words_in(running) == ["Kit Quill"]
    assert [step.did for step in row.steps.all()] == ["advised", "ended"]
    assert events_of(row)[-2:] == ["shut", "erased"]
    assert not history_of(row).exclude(data={}).exists()


def test_a_day_too_early_nothing_goes() -> None:
    crew = a_keeping_crew(years=1)
    day = timezone.localdate()
    row = an_ended(crew, ago=timedelta(days=364))
    assert declarations_shut() == 0
    Declaration.objects.filter(pk=row.pk).update(ended_at=timezone.now() - timedelta(days=368))
    assert declarations_shut() == 2
    assert day == timezone.localdate() or words_in(row) == []


def test_a_school_that_has_not_chosen_keeps_everything() -> None:
    crew = a_keeping_crew(years=None)
    row = an_ended(crew, ago=40 * YEAR)
    assert declarations_shut() == 0
    assert words_in(row)


def test_what_somebody_who_left_long_ago_never_ended_goes_too() -> None:
    crew = a_keeping_crew()
    row, other = a_declaration(crew), a_declaration(crew, actor=crew.mark)
    for one in (row, other):
        declaration_note(actor=crew.dora, declaration=one)
    Declaration.objects.update(at=timezone.now() - 4 * YEAR)
    assert declarations_shut() == 0
    Membership.objects.filter(user=crew.alice).update(ended_at=timezone.now() - 3 * YEAR)
    Membership.objects.filter(user=crew.mark).update(ended_at=timezone.now() - YEAR)
    assert declarations_shut() == 2
    row.refresh_from_db()
    assert (row.state, words_in(row), words_in(other)) == ("ended", [], ["Kit Quill"])
    assert row.steps.last().by is None


def test_what_nobody_has_noted_stays_and_the_log_says_so_once_a_month() -> None:
    crew = a_keeping_crew()
    row = an_ended(crew, noted=False)
    assert declarations_shut() == 1  # shut for its declarer
    assert declarations_shut() == 0
    assert words_in(row)
    assert events_of(row)[-2:] == ["shut", "erasure_put_off"]
    assert history_of(row).last().data == {"reason": "not_noted"}
    declaration_note(actor=crew.dora, declaration=row)
    assert declarations_shut() == 1
    assert words_in(row) == []


def test_what_is_held_stays_until_its_day_or_until_it_is_released() -> None:
    crew = a_keeping_crew()
    row, second = an_ended(crew), an_ended(crew)
    until = timezone.localdate() + timedelta(days=30)
    for one in (row, second):
        words_hold(actor=crew.dora, row=one, until=until, reason="An investigation")
    assert declarations_shut() == 2
    assert declarations_shut() == 0
    assert history_of(row).last().data == {"reason": "held"}
    assert "An investigation" in words_in(row)
    words_release(actor=crew.dora, row=row)
    DeclarationHold.objects.filter(declaration=second).update(until=timezone.localdate() - timedelta(days=1))
    assert declarations_shut() == 2
    assert words_in(row) == words_in(second) == []
    with pytest.raises(PermissionDenied):
        words_hold(actor=crew.dora, row=row, until=until, reason="Too late")


def test_only_who_hears_it_holds_it_and_only_with_a_reason_and_a_day_to_come() -> None:
    crew = a_keeping_crew()
    row, today = a_declaration(crew), timezone.localdate()
    soon = today + timedelta(days=9)
    for user in (crew.alice, crew.bob, crew.mark, crew.hugo):
        with pytest.raises(PermissionDenied):
            words_hold(actor=user, row=row, until=soon, reason="So")
        with pytest.raises(PermissionDenied):
            words_release(actor=user, row=row)
    for until, reason in ((today, "So"), (today + 26 * YEAR, "So"), (soon, " "), (soon, "x" * 1001)):
        with pytest.raises(Refused):
            words_hold(actor=crew.dora, row=row, until=until, reason=reason)
    with pytest.raises(Stale):
        words_release(actor=crew.dora, row=row)
    first = words_hold(actor=crew.dora, row=row, until=soon, reason="So")
    assert words_hold(actor=crew.dora, row=row, until=soon, reason="So") == first
    words_hold(actor=crew.dora, row=row, until=soon, reason="Otherwise")
    assert row.holds.count() == 2
    assert row.holds.get(lifted_at=None).reason == "Otherwise"


def test_the_declarer_sees_the_same_whether_somebody_holds_it_or_not() -> None:
    """One is held and one is erased: pages and lists are alike, sorted by the name too."""
    seen = []
    for hold in (True, False):
        crew = a_keeping_crew()
        row = an_ended(crew)
        a_declaration(crew, person="Mona Moor")
        if hold:
            until = timezone.localdate() + timedelta(days=30)
            words_hold(actor=crew.dora, row=row, until=until, reason="An investigation")
        before = Notice.objects.filter(recipient=crew.alice).count()
        declarations_shut()
        assert bool(words_in(row)) is hold
        assert Notice.objects.filter(recipient=crew.alice).count() == before
        client = client_of(crew.alice)
        paths = ("", "?sort=person", "?sort=-person", f"{row.uuid}/")
        pages = [client.get(f"/declarations/{path}").content.decode() for path in paths]
        for page in pages:
            assert "investigation" not in page
            assert "Kit" not in page
        assert "Erased" in pages[0]
        seen.append([[line for line in page.splitlines() if "Erased" in line] for page in pages[:3]])
        seen[-1].append(pages[3].count("Erased"))
        for address in ("keep", "meant"):
            assert client.get(f"/declarations/{row.uuid}/{address}/").status_code == 403
    assert [len(one) for one in seen[0][:3]] == [len(one) for one in seen[1][:3]]
    assert seen[0][3] == seen[1][3]


def test_what_is_erased_appears_to_nobody_whom_it_had_named() -> None:
    crew = a_keeping_crew()
    second = a_person("Dee Dunn", Role.DSL, crew.school)
    row = an_ended(crew, about="parent", relation="other", person="Dee Dunn")
    assert not declaration_rules.visible_to(second).exists()
    declarations_shut()
    assert not row.names.exists()
    assert not declaration_rules.visible_to(second).exists()
    assert not declaration_rules.visible_to(crew.dora).exists()
    assert declaration_rules.visible_to(crew.alice).get() == row


def test_a_declaration_whose_time_is_over_lifts_no_ban_and_hides_its_birthday() -> None:
    crew = a_keeping_crew(preset="beckstone")
    row = an_ended(
        crew,
        about="former",
        relation="former_pupil",
        eighteen_on=timezone.localdate() + timedelta(days=30),
    )
    declarations_shut()
    row.refresh_from_db()
    assert row.eighteen_on is None
    assert not lifted_for(crew.alice, crew.school).exists()
    page = client_of(crew.alice).get(f"/declarations/{row.uuid}/").content.decode()
    assert "18 on" not in page


def test_the_hearer_s_page_holds_and_releases() -> None:
    crew = a_keeping_crew()
    row = a_declaration(crew)
    client = client_of(crew.dora)
    day = timezone.localdate() + timedelta(days=400)
    sent = {**date_parts("until", day), "reason": "A pending case"}
    assert client.post(f"/declarations/{row.uuid}/keep/", {**sent, "reason": ""}).status_code == 422
    assert client.post(f"/declarations/{row.uuid}/keep/", sent).status_code == 302
    assert "A pending case" in client.get(f"/declarations/{row.uuid}/").content.decode()
    assert client.post(f"/declarations/{row.uuid}/release/").status_code == 302
    assert "A pending case" not in client.get(f"/declarations/{row.uuid}/").content.decode()
    assert client_of(crew.alice).post(f"/declarations/{row.uuid}/release/").status_code == 403
    assert client_of(crew.mark).post(f"/declarations/{row.uuid}/release/").status_code == 404
