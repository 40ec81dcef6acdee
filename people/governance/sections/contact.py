"""Contact with pupils on personal accounts, and what must be declared."""

from core.roles import Role
from people.governance.setting import CONTACT, Setting
from people.governance.values import Boolean, ChoiceList, RoleList, options

SETTINGS = (
    Setting(
        "contact_exception",
        39,
        CONTACT,
        "Pupils whom staff may be in touch with",
        "With which pupils may a member of staff be in touch on a personal account, once it is declared?",
        ChoiceList(
            options(
                own_child="Their own child",
                relative="A relative",
                family_friend="A close friend of the family",
            ),
            allow_empty=True,
        ),
        default=[],
        used=True,
    ),
    Setting(
        "contact_declaration_recipient",
        39,
        CONTACT,
        "Who hears of such contacts",
        "Whom does a member of staff tell of such a contact?",
        RoleList(),
        default=[Role.DSL.value],
        routing=True,
        used=True,
    ),
    Setting(
        "contact_social_circle",
        39,
        CONTACT,
        "Social contacts outside school",
        "Must staff declare social contacts with pupils, such as in the same parish or circle of friends?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "contact_former_pupils",
        39,
        CONTACT,
        "Former pupils",
        "Does the rule also cover former pupils until they are 18?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "contact_family_out_of_hours",
        39,
        CONTACT,
        "Family links in the working day",
        "Must staff with family among the pupils keep it out of the working day and off school equipment?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "contact_attempt_recipients",
        40,
        CONTACT,
        "A pupil tries to follow a member of staff",
        "Who is told when a pupil tries to befriend or follow a member of staff?",
        RoleList(),
        default=[Role.HEADTEACHER.value],
        routing=True,
        used=True,
    ),
    Setting(
        "contact_attempt_tell_parents",
        40,
        CONTACT,
        "Telling the parents",
        "Are the pupil’s parents told of it?",
        Boolean(),
        default=False,
        used=True,
    ),
)
