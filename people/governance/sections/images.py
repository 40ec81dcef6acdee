"""Images and devices: what a picture may show, beside which words, and what it is taken with."""

from core.roles import Role
from people.governance.setting import IMAGES, Setting
from people.governance.values import Boolean, Choice, RoleList, options

SETTINGS = (
    Setting(
        "nonconsent_image",
        25,
        IMAGES,
        "A pupil without consent in a picture",
        "A picture shows one pupil without consent among others. May it be published?",
        Choice(options(refuse="No", blur="Yes, when that pupil is blurred for good")),
        default="refuse",
        used=True,
    ),
    Setting(
        "minimise_every_image",
        25,
        IMAGES,
        "Making pupils harder to recognise",
        "Must every picture be checked for ways to make pupils harder to recognise, such as blurring?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "name_rule",
        26,
        IMAGES,
        "Names beside pictures",
        "Which name of a pupil may stand beside a picture of them?",
        Choice(
            options(
                no_name="No name at all",
                no_full_name="Never the full name",
                no_reference="No mention of any pupil, with or without a picture",
            )
        ),
        default="no_name",
        used=True,
    ),
    Setting(
        "general_labels_only",
        26,
        IMAGES,
        "General labels",
        "Are pictures of a group or class labelled only in general, such as “sports day”?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "device_rule",
        27,
        IMAGES,
        "Devices for pictures",
        "Which devices may pictures of the school community be taken, kept and uploaded with?",
        Choice(
            options(
                approved="Devices that the school or trust owns and that were approved beforehand",
                owned="Equipment that the school owns: never somebody’s own device, for uploading either",
                stored_at_school="Pictures may be moved to and kept on a school computer only",
            )
        ),
        default="owned",
    ),
    Setting(
        "device_approver",
        27,
        IMAGES,
        "Who approves devices",
        "Who approves a device for taking pictures?",
        RoleList(join="or"),
        default=[Role.HEADTEACHER.value],
        routing=True,
    ),
)
