"""One pupil: what they may be shown for, and for whoever may read it the whole record behind it."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.views.generic import TemplateView

from consent.access import flag_rules, pupil_rules, reply_rules
from consent.forms.register import PastDay
from consent.ledger import PupilFacts, Verdict, Word
from consent.mentions import named_in
from consent.models import NeverShow, Pupil, Purpose, Says
from consent.register.history import Ledger, assessment_of, end_of, of_contacts
from consent.register.rows import NO_QUESTIONS, Judge, Questions, Sight, profile_at, questions_of, sights
from consent.selectors import FACTS, with_facts, words_of
from consent.services.reading import history_read
from consent.terms import Terms, terms_of
from consent.views.steps import keeping_links
from consent.wording import words_for
from core.tables import Column, Status, Table
from core.views import ObjectMixin


class PupilDetail(ObjectMixin, TemplateView):
    """For what a pupil may be shown (CIT-7.18, STM-7.24), and how we know."""

    rules = pupil_rules
    template_name = "consent/pupil_detail.html"

    def find(self, request: HttpRequest, uuid: Any) -> Pupil:
        """The visible pupil, with what the ledger needs to know of them on the day asked for; else 404."""
        self.form = PastDay(request.GET or None)
        past = self.form.chosen.get("on") if pupil_rules.can_ever(request.user, "details") else None
        self.past: date | None = past if past and past < timezone.localdate() else None
        self.day = self.past or timezone.localdate()
        self.moment = end_of(self.past) if self.past else None
        rows = with_facts(pupil_rules.visible_to(request.user, "view"), self.moment)
        pupil = rows.select_related("school").filter(uuid=uuid).first()
        if pupil is None:
            raise Http404("No such pupil")
        if self.past and pupil.school_id not in pupil_rules.schools(request.user, "details"):
            # Day by day, yes and no would tell staff a birthday or when somebody withdrew.
            raise Http404("No such day")
        return pupil

    @cached_property
    def sight(self) -> Sight:
        """What this reader sees of the pupil."""
        return sights(self.request.user)[self.object.school_id]

    @cached_property
    def questions(self) -> Questions:
        """What the school asks about, or asked about on that day."""
        found = questions_of([self.object.school_id], self.moment)
        return found.get(self.object.school_id, NO_QUESTIONS)

    @cached_property
    def terms(self) -> Terms:
        """What the school's profile says about consent."""
        return terms_of(profile_at(self.request.user, self.object.school_id))

    def get_context_data(self, **kwargs: Any) -> dict:
        """The state today or on a past day; for readers of the record everything else."""
        purposes = self.questions.asked
        whole = self._whole(purposes) if self.sight.details else self._short(purposes)
        may_record = pupil_rules.allows_at(self.request.user, "record", self.object.school)
        return super().get_context_data(
            pupil=self.object,
            form=self.form,
            past=self.past,
            sight=self.sight,
            may_record=may_record and not self.object.erased_at,
            named_in=named_in(self.request.user, self.object),
            keeping=keeping_links(self.request.user, self.object),
            may_assess=pupil_rules.allows_at(self.request.user, "assess", self.object.school),
            may_settle=reply_rules.allows_at(self.request.user, "settle", self.object.school),
            **whole,
            **kwargs,
        )

    def _short(self, purposes: list[Purpose]) -> dict[str, Any]:
        """Yes or no for each question."""
        words = words_of([self.object.pk], moment=self.moment).get(self.object.pk, {})
        verdicts, _ = self._verdicts(words)
        return {
            "table": Table(
                [Column("what", "For"), Column("may", "The pupil")],
                [
                    {
                        "what": one.title,
                        "may": Status(words_for(verdicts[one.pk], False, self.sight.flag).status),
                    }
                    for one in purposes
                ],
                "What the pupil may be shown for",
                caption_hidden=True,
            )
        }

    def _verdicts(self, words: Mapping[int, list[Word]]) -> Any:
        facts = PupilFacts(*(getattr(self.object, name) for name in FACTS))
        judge = Judge(self.questions, self.terms, self.day)
        states = judge.states(facts, words)
        return judge.verdicts(facts, states), states

    def _whole(self, purposes: list[Purpose]) -> dict[str, Any]:
        """With the facts, the contacts and the ledger. Reading it is recorded."""
        pupil = self.object
        history_read(actor=self.request.user, pupil=pupil)
        ledger = Ledger(pupil, self.moment)
        verdicts, states = self._verdicts(ledger.words)
        assessed = pupil.competent is not None
        return {
            "facts": self._facts(),
            "contacts": of_contacts(pupil.ties.select_related("contact")),
            "assessment": assessment_of(pupil, self.moment) if assessed else None,
            "flag": self._flag() if self.sight.flag and pupil.never_show else None,
            "ledger": ledger,
            "disagreements": [
                one.title for one in purposes if one.pk in states and states[one.pk].says == Says.SPLIT
            ],
            "table": Table(
                [
                    Column("what", "For"),
                    Column("may", "The pupil"),
                    Column("why", "Why"),
                    Column("who", "Who said what last"),
                ],
                [self._row(one, verdicts[one.pk], ledger) for one in purposes],
                "What the pupil may be shown for",
                caption_hidden=True,
            ),
        }

    def _row(self, purpose: Purpose, verdict: Verdict, ledger: Ledger) -> dict[str, Any]:
        words = words_for(verdict, True, self.sight.flag)
        voices = ledger.voices(purpose.pk)
        why: Any = words.text
        if verdict.may and not voices:
            why = f"{words.text}: nobody has said no"
        return {
            "what": purpose.title,
            "may": Status(words.status),
            "why": why,
            "who": [str(one) for one in voices] or "Nobody has answered this question",
        }

    def _facts(self) -> list[dict[str, Any]]:
        pupil = self.object
        return [
            {"key": "Date of birth", "value": pupil.born},
            {"key": "Joined the school", "value": pupil.joined_on},
            {"key": "Last day at the school", "value": pupil.leaves_on or "Not known yet"},
            {"key": "UPN", "value": pupil.upn},
            {"key": "Number in your system", "value": pupil.local_id},
            {"key": "Own e-mail address", "value": pupil.email},
        ]

    def _flag(self) -> NeverShow | None:
        rows = flag_rules.visible_to(self.request.user).filter(pupil=self.object)
        if self.moment is None:
            return rows.filter(lifted_at=None).first()
        return rows.filter(set_at__lte=self.moment).exclude(lifted_at__lte=self.moment).first()
