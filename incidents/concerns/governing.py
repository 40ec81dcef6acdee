"""Which of the school's policies may govern a case (CIT-8.04, 8.07, 10.01, STM-8.04, 8.07, 10.01)."""

from incidents.concerns.roads import BULLYING, Facts
from incidents.models import About, Category
from people.governance.profile import Profile

SAFEGUARDING = "Child protection and safeguarding policy"
BEHAVIOUR = "Behaviour policy"
SOCIAL_MEDIA = "Social media policy"
DATA_PROTECTION = "Data protection policy"
FOR_STAFF = (
    "Allegations of abuse against staff policy",
    "Staff code of conduct",
    "Low-level concerns policy",
    "Disciplinary policy and procedures",
)
BULLYING_POLICIES = {
    "behaviour": BEHAVIOUR,
    "anti_bullying": "Anti-bullying policy",
    "social_media": SOCIAL_MEDIA,
}
BREACH_POLICIES = {"data_protection": DATA_PROTECTION, "cyber_security": "Cyber-security policy"}


def about_staff(facts: Facts) -> bool:
    """Whether it is said to be a colleague's doing: then it is an allegation (CIT-10.04, STM-10.04)."""
    return bool(facts.about() & {About.STAFF, About.HEAD})


def policies_for(profile: Profile, facts: Facts) -> list[str]:
    """The names of those that fit, the likeliest first."""
    found: list[str] = []
    if facts.category in BULLYING and not about_staff(facts):
        found.append(BULLYING_POLICIES[profile.bullying_policy])
    if facts.category == Category.DATA_BREACH:
        found.append(BREACH_POLICIES[profile.data_breach_policy])
    if facts.category == Category.DATA_COMPLAINT:
        found.append(DATA_PROTECTION)
    if about_staff(facts):
        found += FOR_STAFF
    if facts.child:
        found += [SAFEGUARDING, BEHAVIOUR]
    return list(dict.fromkeys([*found, SOCIAL_MEDIA]))


def likeliest(profile: Profile, facts: Facts) -> str:
    """The policy to choose beforehand, where the school's profile says which one it is; else nothing."""
    stated = facts.category == Category.DATA_BREACH or (facts.category in BULLYING and not about_staff(facts))
    return policies_for(profile, facts)[0] if stated else ""
