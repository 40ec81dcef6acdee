"""The year of governors, leaders and staff in a real browser: comments, policies, training, declarations, assurance."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import MonitoringReport
from accounts.monitoring.tests.cases import an_account
from incidents.comments.tests.cases import a_team, told
from incidents.models import Comment
from policies import models
from policies.assurance.tests.cases import a_board, a_statement
from policies.declarations.tests.cases import a_crew
from policies.reviews.tests.cases import a_policy, a_review_crew
from policies.training.tests.cases import a_staffed_school
from smgov.testing import a_cit_trust
from smgov.tests.browser.hands import Pointer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 390
LONG = "see https://www.rough-talk.example/" + "a-very-long-part-of-the-address-" * 5


class Hand(Pointer):
    """A pointer that checks each page at which it looks, and every page that refuses something."""

    def __init__(self, page: Page, check: Callable[..., None]) -> None:
        super().__init__(page)
        self.go, self._check = page.goto, check

    def look(self) -> None:
        """At the page: axe, nothing sideways, error links."""
        self._check(self.page)

    def press(self, *names: str) -> None:
        """One button or link after the other."""
        for name in names:
            super().press(name)

    def fill(self, *ticks: str, **days: int) -> None:
        """Boxes and radios by their labels; dates by their names, so many days from today."""
        for name, number in days.items():
            day = timezone.localdate() + timedelta(days=number)
            for part in ("day", "month", "year"):
                self.type(f"#id_{name}_{part}", str(getattr(day, part)))
        for label in ticks:
            self.tick(label)

    def follow(self, words: str) -> None:
        """The first link that says these words."""
        self.page.locator("main").get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()

    def says(self, words: str) -> None:
        """The page says so."""
        expect(self.page.locator("main")).to_contain_text(words)

    def refused(self, button: str, *errors: str) -> None:
        """The button is pressed, and each error stands in the summary and beside its field."""
        self.press(button)
        for words in errors:
            expect(self.page.locator(".govuk-error-summary")).to_contain_text(words)
            expect(self.page.locator(".govuk-error-message").filter(has_text=words)).to_be_visible()
        self.look()


@pytest.fixture
def hand(open_as, check) -> Callable[..., Hand]:
    """`hand(user, width=390)`: that person's hand, in a window of their own. Nothing runs there without scripts."""
    return lambda user, **window: Hand(open_as(user, **window), check if window.get("javascript", 1) else str)


@pytest.mark.clause("RAV-4.02", "RAV-10.06")
def test_a_comment_is_logged_talked_over_answered_and_resolved_on_a_phone(hand) -> None:
    team = a_team()
    use = hand(team.lena, width=PHONE)
    use.go("/comments/new/")
    use.refused("Log it", "Enter what was written")
    use.type("Who wrote it?", "parent_of_two")
    use.type("What was written?", LONG)
    use.tick("Question")
    use.press("Log it")
    left = use.page.locator("main p").filter(has=use.page.locator(".govuk-tag"))
    expect(left).to_contain_text(re.compile(r"\d+ (hours?|days?) left"))
    use.look()
    use.press("Ask for a second opinion")
    use.choose("Whom do you ask?", "Milo")
    use.type("How would you answer?", "It begins at two.")
    use.press("Ask")
    use.says("Milo Marsh has been asked")
    milo = hand(team.milo, width=PHONE)
    milo.go("/")
    milo.follow("second opinion")
    milo.says("It begins at two.")
    milo.refused("Give your opinion", "Choose what you think of it")
    milo.tick("Send it as it is")
    milo.press("Give your opinion")
    use.page.reload()
    use.says("Send it as it is")
    use.press("Say what was answered")
    use.type("What was answered", "It begins at two.")
    use.press("It was answered", "Resolve it", "It is resolved")
    use.says("In time")
    use.look()


@pytest.mark.clause("RAV-7.01")
def test_an_offensive_comment_is_logged_on_a_phone_without_javascript(hand) -> None:
    team = a_team()
    use = hand(team.lena, width=PHONE, javascript=False)
    use.go("/comments/new/")
    use.type("Who wrote it?", "angry_parent")
    use.type("What was written?", LONG)
    use.fill("Earlier", "Yes")
    use.refused("Log it", "Enter the time at which it reached the account", "Choose what kind of abuse it is")
    use.fill(received=-1)
    use.type("At what time?", "14:30")
    use.choose("What kind of abuse is it?", "Threat")
    use.choose("Against whom is it?", "A member of staff")
    use.press("Log it")
    use.says("Reported as offensive")
    assert timezone.localtime(Comment.objects.get().received_at).strftime("%H:%M") == "14:30"
    assert told("comment_offensive") == ["Cora"]  # the moderator


@pytest.mark.clause("STM-2.02", "STM-2.06", "STM-12.01")
def test_st_marys_policy_is_reviewed_signed_by_both_and_read_on_a_phone(hand) -> None:
    crew = a_review_crew("st-marys")
    policy = a_policy(crew, readers=["staff"])
    use = hand(crew.bob)
    use.go(policy.get_absolute_url())
    use.press("Write a new version")
    use.tick("Write or paste its words")
    use.type("#id_text", "# Purpose\n\nBe kind, also on new platforms.")
    use.press("Save the draft")
    use.look()
    use.go(policy.get_absolute_url())
    use.press("Begin a review", "Begin the review", "Write down what was found")
    use.refused("Save, and ask the reviewers to sign", "Say what you looked at and what you found")
    use.type("What was looked at", "Two new platforms came up in lessons.")
    use.press("Save, and ask the reviewers to sign")
    sign(use, crew.bob.full_name)
    assert models.Version.objects.get(number=2).state == "draft"
    governor = hand(crew.gina, width=PHONE)
    governor.go(use.page.url)
    sign(governor, crew.gina.full_name)
    assert models.Review.objects.get().state == "done"
    assert models.Version.objects.get(number=2).state == "in_force"
    alice = hand(crew.alice, width=PHONE)
    alice.go("/")
    alice.follow("Social media policy")
    alice.says("Be kind, also on new platforms.")
    alice.refused("Confirm", "Tick the box when you have read and understood it")
    alice.tick("I have read and understood")
    alice.press("Confirm")
    assert models.Acknowledgement.objects.get().version.number == 2


def sign(use: Hand, name: str) -> None:
    """Sign a review: not without the equality statement."""
    use.press("Sign as reviewer")
    use.type("Sign with your full name", name)
    use.refused("Sign", "Tick")
    use.tick("does not discriminate")
    use.press("Sign")
    use.says(f"signed by {name}")
    use.look()


@pytest.mark.clause("CIT-0.01")
def test_the_head_of_communications_enters_the_policy_of_the_trust(hand) -> None:
    use = hand(a_cit_trust().cora)
    use.go("/policies/documents/new/")
    use.choose("#id_school", "Support Hub")
    use.press("Go on")
    use.refused("Add it", "Enter the title of the document")
    use.type("Title", "Social media policy")
    use.type("Reference", "IT4b")
    use.type("#id_review_month", "11")
    use.type("#id_review_year", str(timezone.localdate().year + 1))
    use.fill("Social media policy", "Everybody employed here", "Every school of the trust", "Paste its words")
    use.type("#id_text", "# Purpose\n\nWe keep children safe online.")
    use.fill("Yes, it was adopted", in_force_from=-300)
    use.press("Add it")
    use.says(f"November {timezone.localdate().year + 1}")
    use.look()
    assert models.Document.objects.get().for_trust


@pytest.mark.clause("CIT-2.41")
def test_the_head_of_communications_reports_on_the_accounts_and_the_headteacher_reads_it(hand) -> None:
    cast = a_cit_trust()
    an_account(cast.hilltop)
    use = hand(cast.cora)
    use.go(f"/monitoring/new/?school={cast.hilltop.uuid}")
    use.type("#id_what-0", "Renew the password")
    use.refused("Save the draft and check it", "Choose who does it")
    use.choose("Found on Hilltop news", "Something must change")
    use.type("Note on Hilltop news", "Two people share one password")
    use.type("What was looked at", "The account, twice")
    use.type("What is done to lower", "A password manager")
    use.choose("Who does it?", "Bob")
    use.fill(**{"starts_on": -30, "ends_on": 0, "due-0": 10})
    use.press("Save the draft and check it")
    use.look()
    use.press("Send the report")
    use.says("Nobody has said yet that they have read it.")
    assert MonitoringReport.objects.get().sent_at
    reader = hand(cast.bob, width=PHONE)
    reader.go("/")
    reader.follow("Read a monitoring report")
    reader.look()
    reader.press("I have read this report")
    reader.says("Bob Barnes has read it")


@pytest.mark.clause("STM-11.01", "STM-11.04")
def test_a_training_session_is_recorded_and_an_event_for_pupils_planned_and_held(hand) -> None:
    made = a_staffed_school()
    use = hand(made.head)
    use.go("/training/sessions/new/")
    use.refused("Record the session", "Tick at least one person who was there")
    use.fill("Recognising pupils who may be at risk", "Ann Ash", on=0)
    use.type("What was it called?", "Signs to look for")
    use.type("Who gave it?", "The council")
    use.type("Find people by name", "cora")
    use.press("Search")
    use.tick("Cora Clay")
    use.press("Record the session")
    use.says("Who was there (2)")
    assert models.TrainingRecord.objects.filter(kind="at_risk").count() == 2
    hold(hand(made.dsl, width=PHONE))


def hold(use: Hand) -> None:
    """An assembly is planned, and held on the same day."""
    use.go("/education/")
    use.press("Plan an event")
    use.refused("Put it into the calendar", "Say what it is about")
    use.fill("Pupils", "Assembly", on=0)
    use.type("What is it about?", "When somebody is unkind online")
    use.press("Put it into the calendar", "Say how it went")
    use.type("How many came?", "180")
    use.press("It was held")
    use.says("180")
    use.go("/education/")
    use.says("When somebody is unkind online")
    use.look()
    assert models.EducationEvent.objects.get().state == "held"


@pytest.mark.clause("CIT-4.03", "CIT-4.04")
def test_a_relationship_is_declared_on_a_phone_and_noted_by_the_dsl(hand) -> None:
    crew = a_crew()
    use = hand(crew.alice, width=PHONE)
    use.go("/declarations/")
    use.press("Declare a link")
    use.refused("Declare it", "Choose how you are linked")
    use.fill("A pupil", "A relative", "Yes")
    use.type("What is their name?", "Kit Quill")
    use.press("Declare it")
    dsl = hand(crew.dora, width=PHONE)
    dsl.go("/")
    expect(dsl.page.locator("main")).not_to_contain_text("Kit Quill")
    dsl.follow("eclar")
    dsl.look()
    dsl.press("Note it")
    dsl.type("Advice", "Keep it to family matters.")
    dsl.press("Note it")
    dsl.says("Noted, with advice")
    use.page.reload()
    use.says("Keep it to family matters.")
    use.look()
    assert models.Declaration.objects.get().state == "advised"


@pytest.mark.clause("STM-2.03", "STM-2.21")
def test_a_governor_confirms_the_remit_and_prints_the_report_of_the_term(hand) -> None:
    school, dsl, gina = a_board()
    a_statement(dsl, school, text="Each year group has a lesson on it.")
    use = hand(gina)
    use.go("/assurance/remits/")
    use.follow(school.name)
    use.press("Confirm it")
    use.refused("Sign and confirm", "Type your full name to sign")
    use.type("Your full name", gina.full_name)
    use.press("Sign and confirm")
    use.look()
    assert models.RemitConfirmation.objects.get().by == gina
    use.go("/assurance/report/")
    use.look()
    expect(use.page.locator(".app-nav")).to_be_visible()
    use.page.emulate_media(media="print")
    for hidden in (".app-nav", ".app-filter", ".app-footer", "main button"):
        expect(use.page.locator(hidden).first).to_be_hidden()
    use.says("Each year group has a lesson on it.")
