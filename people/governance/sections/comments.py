"""Comments and abuse: the clock for answers, the log, and the press."""

from core.roles import Role
from people.governance.setting import COMMENTS, Setting
from people.governance.values import Boolean, Choice, DateList, Integer, RoleList, TimeOfDay, options

SETTINGS = (
    Setting(
        "response_hours",
        9,
        COMMENTS,
        "Time to answer a comment",
        "Within how many hours must a comment, query or complaint be answered? Leave empty for no limit.",
        Integer(1, 336, "hour"),
        unset="No limit",
    ),
    Setting(
        "response_acknowledgement",
        9,
        COMMENTS,
        "An acknowledgement counts",
        "Is it enough to acknowledge the comment within that time?",
        Boolean(),
        default=False,
    ),
    Setting(
        "weekend_rule",
        9,
        COMMENTS,
        "Comments received at a weekend",
        "When must a comment that comes in at a weekend be answered?",
        Choice(
            options(next_working_day="On the next working day", literal="Within the same hours as any other")
        ),
        default="next_working_day",
    ),
    Setting(
        "friday_rule",
        0,
        COMMENTS,
        "Comments received on a Friday",
        "A comment comes in on Friday and its time runs out at the weekend. When must it be answered?",
        Choice(
            options(
                literal="When the hours run out, though that is at the weekend",
                next_working_day="On the next working day",
            )
        ),
        default="literal",
    ),
    Setting(
        "next_working_day_ends",
        0,
        COMMENTS,
        "End of the next working day",
        "Where something is due on the next working day, at what time is it late?",
        TimeOfDay(),
        default="23:59",
    ),
    Setting(
        "comment_remind_hours",
        0,
        COMMENTS,
        "Reminder before the time runs out",
        "How many hours before the time runs out are those who look after the account reminded?",
        Integer(1, 168, "hour"),
        default=4,
    ),
    Setting(
        "comment_escalate_hours",
        0,
        COMMENTS,
        "Telling the headteacher",
        "How many hours after the time has run out is the headteacher told, if nobody has answered?",
        Integer(1, 336, "hour"),
        default=24,
    ),
    Setting(
        "closure_days",
        0,
        COMMENTS,
        "Days when the school is closed",
        "On which days, besides weekends and bank holidays, does the time to answer comments stand still? "
        "Statutory deadlines never do.",
        DateList(),
        default=[],
    ),
    Setting(
        "abuse_log",
        10,
        COMMENTS,
        "Log of abuse",
        "Does the school keep a log of inappropriate comments and abuse?",
        Boolean(),
        default=False,
        used=True,
    ),
    Setting(
        "abuse_log_role",
        10,
        COMMENTS,
        "Who handles abuse",
        "Who hears of inappropriate comments and abuse, handles them and keeps the log?",
        RoleList(),
        default=[Role.HEADTEACHER.value],
        routing=True,
        used=True,
    ),
    Setting(
        "abuse_log_elsewhere",
        10,
        COMMENTS,
        "Abuse found elsewhere",
        "Does the log also take in abuse about the school that is found outside its own accounts?",
        Boolean(),
        default=True,
        used=True,
    ),
    Setting(
        "press_recipient",
        49,
        COMMENTS,
        "Contact from the press",
        "Who is told when a journalist makes contact through social media?",
        RoleList(),
        default=[Role.HEADTEACHER.value],
        routing=True,
    ),
)
