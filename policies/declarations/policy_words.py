"""What a school's policy says of links with pupils and parents, in plain words and with its clauses."""

from dataclasses import dataclass

from core.roles import Role
from core.tables import date_text
from people.governance.profile import DEFAULT, Profile
from people.governance.who import joined
from policies.models import Declaration, Relation

ABOUT, STATE = Declaration.About, Declaration.State
CHILDREN = (ABOUT.PUPIL, ABOUT.FORMER)
FAMILY = (Relation.OWN_CHILD, Relation.RELATIVE, Relation.FAMILY_FRIEND)
IN_WORDS = {
    Relation.OWN_CHILD: "your own child",
    Relation.RELATIVE: "a relative",
    Relation.FAMILY_FRIEND: "a close friend of your family",
}
FAMILY_WORDS = (
    "Where family or friends are pupils of the school and the link is a genuine one, you do not network with "
    "them in the working day or on school equipment."
)


@dataclass(frozen=True)
class Says:
    """One thing that the policy says; `clauses` are its references, apart by spaces."""

    text: str
    clauses: str = ""
    warning: bool = False


def allows_contact(profile: Profile, about: str, relation: str) -> bool:
    """Whether the policy excepts this link from its rule against contact (CIT-4.03, CIT-4.09)."""
    return about in CHILDREN and relation in (profile.contact_exception or ())


def not_allowed(about: str, contact: bool, excepted: bool) -> bool:
    """Contact with a child on a personal account that the policy does not except."""
    return contact and about in CHILDREN and not excepted


def before_sending(profile: Profile) -> list[Says]:
    """What somebody should know who is about to declare a link."""
    lead = profile.title_of(Role.DSL)
    found = [
        _exception(profile),
        Says(
            f"If you are in touch with a pupil otherwise, say so all the same. The {lead} then "
            "hears of it, and the contact must end."
        ),
    ]
    if profile.contact_former_pupils:
        found.append(
            Says(
                "Former pupils count like pupils until they are 18.", _cited(profile, "contact_former_pupils")
            )
        )
    if profile.contact_social_circle:
        found.append(
            Says(
                "Tell also of social contacts outside school, such as the same parish, club or circle of "
                "friends. They are no fault: they are openly acknowledged.",
                _cited(profile, "contact_social_circle"),
            )
        )
    if profile.contact_family_out_of_hours:
        found.append(Says(FAMILY_WORDS, _cited(profile, "contact_family_out_of_hours")))
    return found


def of_declaration(profile: Profile, row: Declaration) -> list[Says]:
    """What the policy asks where this was declared."""
    found = []
    if not_allowed(row.about, row.contact, row.excepted) and row.state != STATE.ENDED:
        found.append(_must_end(profile, row))
    if profile.contact_family_out_of_hours and row.about in CHILDREN and row.relation in FAMILY:
        found.append(Says(FAMILY_WORDS, _cited(profile, "contact_family_out_of_hours")))
    if row.about == ABOUT.FORMER and row.state != STATE.ENDED:
        found.append(_until(row))
    return found


def of_lifted_ban(profile: Profile, row: Declaration) -> list[Says]:
    """For the declarer's own page: whether they may post what could identify this pupil (CIT-4.09)."""
    if not row.excepted:
        return []
    refs = [ref for ref in profile.clauses("contact_exception") if ref == "CIT-4.09"]
    cited = " ".join(refs)
    if row.state in (STATE.NOTED, STATE.ADVISED):
        text = (
            "This is noted, so the rule that you post no information which could identify a pupil does not "
            "apply to you for this pupil. It holds for every other pupil."
        )
    elif row.state == STATE.SENT:
        text = (
            "Until this is noted, you post no information which could identify this pupil. Once it is noted, "
            "that rule does not apply to you for this pupil."
        )
    else:
        text = "This has ended, so you post no information which could identify this pupil."
    return [Says(text, cited)]


def _exception(profile: Profile) -> Says:
    excepted = [words for value, words in IN_WORDS.items() if value in (profile.contact_exception or ())]
    cited = _cited(profile, "contact_exception")
    if excepted:
        return Says(
            f"Your policy allows contact with a pupil on a personal account only if it is "
            f"{joined(excepted, 'or')}, and once you have declared it.",
            cited,
        )
    if profile.source("contact_exception") == DEFAULT:
        return Says(
            "Your policy says nothing of contact with pupils on personal accounts. Until it does, such contact "
            "counts as not allowed here."
        )
    return Says("Your policy allows no contact with a pupil on a personal account.", cited)


def _must_end(profile: Profile, row: Declaration) -> Says:
    lead, cited = profile.title_of(Role.DSL), _cited(profile, "contact_exception")
    if profile.source("contact_exception") == DEFAULT:
        text = (
            "The policy says nothing of contact with pupils on personal accounts, so this contact counts as not "
            f"allowed. The {lead} hears of it: end it unless they say otherwise."
        )
        return Says(text, warning=True)
    if profile.contact_family_out_of_hours and row.relation in FAMILY:
        text = (
            "The policy excepts nobody from its rule against contact with pupils on personal accounts, and only "
            f"speaks of genuine family links. The {lead} hears of this one and says what is to happen."
        )
        return Says(text, cited, warning=True)
    return Says(
        "The policy never allowed this contact on a personal account. It must end.", cited, warning=True
    )


def _until(row: Declaration) -> Says:
    if row.eighteen_on:
        return Says(f"This counts until the former pupil is 18, on {date_text(row.eighteen_on)}.")
    return Says("This counts until the former pupil is 18. Whoever declared it says when that is so.")


def _cited(profile: Profile, key: str) -> str:
    """The clauses of the policy on this matter, unless the school has chosen otherwise."""
    return "" if profile.departs(key) else " ".join(profile.clauses(key))
