"""The one form with which everything is decided."""

from django import forms

from approvals.models import Decision
from core.forms import PortalForm


class DecisionForm(PortalForm):
    """Outcome, reasons and signature. What was seen travels with it, hidden."""

    outcome = forms.ChoiceField(
        label="What do you decide?",
        widget=forms.RadioSelect,
        choices=[
            (Decision.Outcome.APPROVED, "Approve"),
            (Decision.Outcome.RETURNED, "Send back with a question"),
            (Decision.Outcome.REFUSED, "Refuse"),
        ],
    )
    reasons = forms.CharField(
        label="Your reasons or questions",
        help_text="Needed when you send it back or refuse it. The person who asked will read them.",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=5000,
    )
    typed_name = forms.CharField(
        label="Sign with your full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    missing = {
        "outcome": "Choose whether you approve, send back or refuse",
        "typed_name": "Type your full name to sign",
    }
    option_hints = {
        "outcome": {
            Decision.Outcome.APPROVED: "You sign the declaration below.",
            Decision.Outcome.RETURNED: "It goes back to be changed; all signatures are then given anew.",
            Decision.Outcome.REFUSED: "This ends the request.",
        }
    }

    def __init__(
        self,
        *args,
        returnable: bool = True,
        reasons_for_yes: bool = False,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        if reasons_for_yes:
            self.fields[
                "reasons"
            ].help_text = "Needed for a yes and for a no. The person who asked will read them."
        if not returnable:
            outcome = self.fields["outcome"]
            outcome.choices = [one for one in outcome.choices if one[0] != Decision.Outcome.RETURNED]
            outcome.error_messages["required"] = "Choose whether you approve or refuse"
            if not reasons_for_yes:
                self.fields[
                    "reasons"
                ].help_text = "Needed when you refuse it. The person who asked will read them."
                self.fields["reasons"].label = "Your reasons"
