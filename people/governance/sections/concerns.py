"""Concerns: who hears of what, and who calls whom outside the school.

A concern about a pupil always reaches the Designated Safeguarding Lead, and nobody hears a concern about
themselves. No setting here changes either.
"""

from core.roles import Role
from people.governance.setting import CONCERNS, Setting
from people.governance.values import Boolean, Choice, RoleList, Text, options

HEAD = [Role.HEADTEACHER.value]

SETTINGS = (
    Setting(
        "misuse_recipient",
        12,
        CONCERNS,
        "Reports of misuse",
        "Who is told at once when social media is misused by staff, pupils or parents?",
        RoleList(),
        part="concerns",
        routing=True,
    ),
    Setting(
        "misuse_recipient_central",
        12,
        CONCERNS,
        "Reports of misuse in the trust’s own team",
        "Who is told at once of misuse in the trust’s central team? Leave empty for the same as in a school.",
        RoleList(),
        routing=True,
        unset="As in a school",
    ),
    Setting(
        "misuse_in_hours_recipient",
        12,
        CONCERNS,
        "Use during the working day",
        "Who is told when somebody uses social media in the working day against the policy? "
        "Leave empty for the same as other misuse.",
        RoleList(),
        routing=True,
        unset="As for other misuse",
    ),
    Setting(
        "staff_concern_recipient",
        13,
        CONCERNS,
        "Concern about a member of staff",
        "Who hears a concern about what a member of staff does online?",
        RoleList(),
        part="concerns",
        routing=True,
    ),
    Setting(
        "staff_concern_recipient_central",
        13,
        CONCERNS,
        "Concern about somebody in the trust’s own team",
        "Who hears a concern about somebody in the trust’s central team? Leave empty for the same people.",
        RoleList(),
        routing=True,
        unset="As in a school",
    ),
    Setting(
        "staff_concern_hr_advice",
        13,
        CONCERNS,
        "Advice from HR first",
        "Must advice from HR be waited for before a concern about a member of staff is looked into?",
        Boolean(),
        default=False,
    ),
    Setting(
        "head_concern_recipient",
        14,
        CONCERNS,
        "Concern about the headteacher",
        "Who hears a concern about the headteacher? It can never be the headteacher.",
        RoleList(
            barred=(Role.HEADTEACHER, Role.STAFF, Role.CONTRIBUTOR),
            barred_because="a concern about the headteacher must go to somebody independent of them",
        ),
        part="concerns",
        routing=True,
    ),
    Setting(
        "pupil_concern_also_to",
        15,
        CONCERNS,
        "Concern about a pupil: who else hears",
        "The Designated Safeguarding Lead always hears a concern about a pupil. Who else does?",
        RoleList(allow_empty=True, empty_words="Nobody else"),
        default=[],
        routing=True,
    ),
    Setting(
        "lado_rule",
        16,
        CONCERNS,
        "Referral to the LADO",
        "When is an allegation against a member of staff referred to the local authority designated officer?",
        Choice(
            options(
                guidance="As statutory guidance says",
                as_required="As statutory guidance says, with other agencies brought in as required",
                always="Always",
            )
        ),
        default="guidance",
        routing=True,
    ),
    Setting(
        "lado_hold",
        16,
        CONCERNS,
        "Wait for the LADO’s advice",
        "Is no action taken against the member of staff until the LADO has advised?",
        Boolean(),
        default=False,
    ),
    Setting(
        "lado_contact",
        0,
        CONCERNS,
        "How to reach the LADO",
        "How is your local authority designated officer reached? Give office, telephone and e-mail address.",
        Text(),
        part="concerns",
        routing=True,
    ),
    Setting(
        "last_resort_contact",
        0,
        CONCERNS,
        "Last contact outside the school",
        "Whom outside the portal is somebody sent to when everyone who would hear the concern is part of it, "
        "such as the chair of trustees? Give the office, telephone and e-mail address.",
        Text(),
        part="concerns",
        routing=True,
    ),
    Setting(
        "police_role",
        17,
        CONCERNS,
        "Who calls the police",
        "Who contacts the police when something illegal may have happened? Any one of them may.",
        RoleList(join="or"),
        default=[Role.HEADTEACHER.value, Role.DSL.value],
        routing=True,
    ),
    Setting(
        "police_discretion",
        17,
        CONCERNS,
        "Sparing a pupil a criminal record",
        "Who may decide that a pupil who acted by mistake or curiosity is not reported as a criminal?",
        RoleList(allow_empty=True, join="or"),
        default=[],
        routing=True,
    ),
    Setting(
        "bullying_police_rule",
        17,
        CONCERNS,
        "Bullying of an adult: telling the police",
        "When an adult is bullied online, who decides whether the police are told?",
        Choice(options(school="The school", victim="The person who is bullied")),
        default="school",
    ),
    Setting(
        "indecent_image_pupil_route",
        0,
        CONCERNS,
        "Indecent image made by a pupil",
        "A pupil has made an indecent image of themselves or a friend. Who decides about the police? "
        "In either case nobody views, copies, uploads or looks into the image.",
        Choice(
            options(
                police_always="Nobody decides: the police are called at once",
                dsl_decides="The Designated Safeguarding Lead decides, and records why",
            )
        ),
        part="concerns",
        routing=True,
    ),
    Setting(
        "bullying_policy",
        18,
        CONCERNS,
        "Policy for cyberbullying",
        "Under which of your policies is cyberbullying by pupils handled?",
        Choice(
            options(
                behaviour="Behaviour policy",
                anti_bullying="Anti-bullying policy",
                social_media="The social media policy itself",
            )
        ),
        default="behaviour",
    ),
    Setting(
        "bullying_recipient",
        18,
        CONCERNS,
        "Cyberbullying of staff: who hears",
        "Whom does a member of staff tell who is bullied online?",
        RoleList(),
        default=HEAD,
        routing=True,
    ),
    Setting(
        "bullying_reporter_wishes",
        18,
        CONCERNS,
        "Wishes of the person who reports",
        "Do the wishes of the person who reports bullying steer how it is handled?",
        Boolean(),
        default=False,
    ),
    Setting(
        "bullying_off_site",
        18,
        CONCERNS,
        "Bullying outside school",
        "Is bullying looked into even when it began outside the school?",
        Boolean(),
        default=True,
    ),
    Setting(
        "bullying_account_intervention",
        18,
        CONCERNS,
        "Stepping in on the account",
        "Do those who monitor an account step in when bullying appears on it?",
        Boolean(),
        default=True,
    ),
)
