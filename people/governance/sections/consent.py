"""Consent: whom the school may show, for how long, and who may say so."""

from core.roles import Role
from people.governance.setting import CONSENT, Setting
from people.governance.values import Boolean, Choice, ChoiceList, Integer, RoleList, options

SETTINGS = (
    Setting(
        "consent_model",
        19,
        CONSENT,
        "Consent to publish pictures",
        "May a picture of a pupil be published when nobody has said anything?",
        Choice(
            options(
                opt_in="No: only with consent",
                opt_out="Yes, unless the pupil is on the list of those not to be shown, or somebody refused",
                not_published="Pictures of pupils are never published",
            )
        ),
        part="consent",
        used=True,
    ),
    Setting(
        "consent_to_take",
        19,
        CONSENT,
        "Consent to take pictures",
        "Is consent needed before a picture of a pupil is taken at all?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "consent_permission_record",
        19,
        CONSENT,
        "Permissions beside the opt-out list",
        "Where pictures may be used unless somebody objects, are permissions recorded as well?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "consent_validity",
        20,
        CONSENT,
        "How long consent lasts",
        "How long does consent last once it is given?",
        Choice(
            options(
                academic_year="Until the end of the academic year",
                whole_time="As long as the pupil is at the school",
            )
        ),
        default="academic_year",
        used=True,
    ),
    Setting(
        "consent_reassess_at_18",
        20,
        CONSENT,
        "Pupils who turn 18",
        "Is consent obtained afresh when a pupil turns 18?",
        Boolean(),
        default=True,
        used=True,
    ),
    Setting(
        "academic_year_start_month",
        20,
        CONSENT,
        "Start of the academic year",
        "In which month does your academic year begin? Give a number from 1 to 12.",
        Integer(1, 12),
        default=9,
        used=True,
    ),
    Setting(
        "consent_giver",
        21,
        CONSENT,
        "Who gives consent",
        "Who gives consent for pictures of a pupil?",
        Choice(
            options(
                parental_responsibility="A person with parental responsibility",
                pupils_and_parents="Pupils and parents",
            )
        ),
        default="parental_responsibility",
        used=True,
    ),
    Setting(
        "consent_record_capacity",
        21,
        CONSENT,
        "In what capacity somebody signs",
        "Does the form record in what capacity the person gives consent?",
        Boolean(),
        default=True,
        used=True,
    ),
    Setting(
        "consent_scopes",
        22,
        CONSENT,
        "What consent is about",
        "What does the consent form ask about?",
        ChoiceList(options(images="Images", videos="Videos")),
        default=["images", "videos"],
        used=True,
    ),
    Setting(
        "consent_separable",
        22,
        CONSENT,
        "Consent to some and not to others",
        "May somebody agree to one of these and refuse another?",
        Boolean(),
        default=True,
        used=True,
    ),
    Setting(
        "consent_covers",
        22,
        CONSENT,
        "Where pictures may appear",
        "Where may a picture appear to which somebody has consented? Personal accounts are never covered.",
        ChoiceList(
            options(
                school_accounts="Accounts of the school",
                trust_accounts="Accounts of the trust",
                setting_only="Inside the school only",
            )
        ),
        default=["school_accounts"],
        used=True,
    ),
    Setting(
        "consent_keeper",
        23,
        CONSENT,
        "Who keeps the consent record",
        "Who keeps the record of consent and sees to it that it is up to date?",
        RoleList(),
        part="consent",
        routing=True,
        used=True,
    ),
    Setting(
        "withdrawal_channel",
        24,
        CONSENT,
        "How consent is withdrawn",
        "How must somebody tell you that they withdraw or change their consent?",
        Choice(options(any="In any way, by word of mouth too", writing="In writing, on paper or by e-mail")),
        default="any",
        used=True,
    ),
    Setting(
        "withdrawal_by",
        24,
        CONSENT,
        "Who may object to a picture",
        "Whose wish not to be photographed or shown is respected?",
        Choice(
            options(
                anyone="Anyone’s: pupils, parents, staff and visitors", family="The pupil’s and the parents’"
            )
        ),
        default="anyone",
        used=True,
    ),
    Setting(
        "withdrawal_recipient",
        24,
        CONSENT,
        "Who receives a withdrawal",
        "Who receives it when consent is withdrawn or changed?",
        RoleList(),
        default=[Role.OFFICE.value],
        routing=True,
        used=True,
    ),
)
