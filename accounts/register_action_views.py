"""What is done with an account of the register: going live, changing, closing, rights."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from accounts.access import account_rules
from accounts.choices import Right
from accounts.directory import Directory
from accounts.models import AccountRight, RightsRequest, SocialAccount
from accounts.models.account import right_in_force
from accounts.register_forms import ChangeForm, CloseForm, EndForm, LiveForm, RightsForm
from accounts.services.register import account_change, account_close, account_go_live, obstacles_to_live
from accounts.services.right_holders import grantor_chain, may_end
from accounts.services.rights import right_end_now, rights_ask
from core.views import KeptInputMixin, ObjectMixin, redirect
from people.governance.profile import Profile
from people.selectors import profile_of


class AccountFormView(ObjectMixin, KeptInputMixin, FormView):
    """A form about one account, which leads back to its page."""

    rules = account_rules
    object: SocialAccount
    select_related = ("school__trust", "platform", "request__approval")

    def back(self, message: str) -> HttpResponse:
        """To the account's page, with what was done."""
        messages.success(self.request, message)
        return redirect(reverse("accounts:account-detail", args=[self.object.uuid]))


class AccountLive(AccountFormView):
    """Record that an approved account is live (STM-15.24, STM-15.28)."""

    action = "go_live"
    form_class = LiveForm
    template_name = "accounts/account_live.html"

    def get_initial(self) -> dict:
        """The handle that was asked for, and today."""
        account = self.object
        return {"handle": account.handle, "address": account.address, "live_since": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What still stands in the way."""
        return super().get_context_data(
            obstacles=obstacles_to_live(self.object, profile_of(self.object.school)), **kwargs
        )

    def perform(self, form: LiveForm) -> HttpResponse:
        """Record it."""
        account = account_go_live(actor=self.request.user, account=self.object, **form.cleaned_data)
        return self.back(f"{account.name} is live and stands in the register.")


class AccountChange(AccountFormView):
    """Correct name, handle, address or official e-mail."""

    action = "enter"
    form_class = ChangeForm
    template_name = "accounts/account_change.html"

    def get_form_kwargs(self) -> dict:
        """What may not be emptied depends on the account."""
        return {**super().get_form_kwargs(), "account": self.object}

    def get_initial(self) -> dict:
        """What the register says now."""
        return {name: getattr(self.object, name) for name in ChangeForm.base_fields}

    def perform(self, form: ChangeForm) -> HttpResponse:
        """Change it."""
        account_change(actor=self.request.user, account=self.object, values=form.cleaned_data)
        return self.back("The details were changed.")


class AccountClose(AccountFormView):
    """Close an account (RAV-2.10)."""

    action = "close"
    form_class = CloseForm
    template_name = "accounts/account_close.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """How many rights end with it."""
        held = AccountRight.objects.filter(account=self.object, ended_at=None).count()
        return super().get_context_data(held=held, **kwargs)

    def perform(self, form: CloseForm) -> HttpResponse:
        """Close it."""
        account_close(actor=self.request.user, account=self.object, **form.cleaned_data)
        return self.back("The account is closed, and every right on it has ended.")


class RightsAsk(AccountFormView):
    """Ask that a right be given, given until a day, or ended (CIT-2.42, CIT-3.09, STM-3.09)."""

    action = "ask_rights"
    form_class = RightsForm
    template_name = "accounts/rights_ask.html"

    @cached_property
    def profile(self) -> Profile:
        """How the account's school governs."""
        return profile_of(self.object.school)

    @cached_property
    def held(self) -> list[AccountRight]:
        """Rights in force on the account."""
        rows = AccountRight.objects.filter(right_in_force(), account=self.object)
        return list(rows.select_related("user").order_by("right", "user__full_name"))

    def get_initial(self) -> dict:
        """A link may say what it is about."""
        return {name: self.request.GET.get(name, "") for name in ("move", "user", "right")}

    def get_form_kwargs(self) -> dict:
        """People of the school, and whoever holds a right."""
        directory = Directory(self.object.school)
        return {
            **super().get_form_kwargs(),
            "directory": directory,
            "profile": self.profile,
            "held": self.held,
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who holds what now, and who will sign."""
        return super().get_context_data(
            held=[(row.user.full_name, Right(row.right).label, row.until) for row in self.held],
            to_give=self._signers(RightsRequest.Move.GRANT),
            to_end=self._signers(RightsRequest.Move.END),
            **kwargs,
        )

    def _signers(self, move: str) -> list[str]:
        chain = grantor_chain(self.profile, self.object.school, move)
        return [self.profile.title_of(step.role, step.post) for step in chain]

    def perform(self, form: RightsForm) -> HttpResponse:
        """Ask for it."""
        data = form.cleaned_data
        row = rights_ask(
            actor=self.request.user,
            account=self.object,
            user=form.person,
            right=data["right"],
            move=data["move"],
            until=data["until"],
            reason=data["reason"],
        )
        signers = self._signers(row.move)
        return self.back(f"Your request was sent. It waits for: {', then '.join(signers)}.")


class RightEnd(AccountFormView):
    """A grantor ends a right at once, with a reason (STM-3.10, CIT-3.10)."""

    form_class = EndForm
    template_name = "accounts/right_end.html"

    def find(self, request: Any, uuid: Any) -> SocialAccount:
        """The account of the right: invisible is 404, visible but not one's to end is 403."""
        rows = AccountRight.objects.filter(account__in=account_rules.visible_to(request.user).values("pk"))
        self.right = (
            rows.select_related("user", "account__school__trust", "account__platform")
            .filter(uuid=uuid)
            .first()
        )
        if self.right is None:
            raise Http404("No such page")
        if not may_end(request.user, self.right.account):
            raise PermissionDenied
        return self.right.account

    def get_context_data(self, **kwargs: Any) -> dict:
        """Which right, of whom."""
        return super().get_context_data(right=self.right, **kwargs)

    def perform(self, form: EndForm) -> HttpResponse:
        """End it."""
        right_end_now(actor=self.request.user, right=self.right, **form.cleaned_data)
        label = self.right.get_right_display()
        return self.back(f"The right “{label}” of {self.right.user.full_name} has ended.")
