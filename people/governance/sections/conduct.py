"""Conduct: what staff and pupils may do on their own account, and what follows a breach."""

from people.governance.setting import CONDUCT, Setting
from people.governance.values import Boolean, Choice, RoleList, Table, Text, options

SETTINGS = (
    Setting(
        "employer_naming_rule",
        44,
        CONDUCT,
        "Naming the school on a personal account",
        "May staff say on a personal account that they work for the school?",
        Choice(
            options(
                views_personal="Yes, when it is clear that the views are their own",
                disclaimer="Yes, with a disclaimer",
                not_representative="Not as a representative of the school",
                avoid="They avoid it",
                no_reference="They do not mention the school at all",
            )
        ),
    ),
    Setting(
        "personal_use_rule",
        45,
        CONDUCT,
        "Personal use in working hours",
        "May staff use personal social media in working hours?",
        Choice(
            options(
                not_if_work_suffers="Yes, unless their work suffers",
                appropriate_times="At appropriate times",
                barred_in_hours="Not in school hours, and never on school phones",
                none_on_site="Not at school at all",
            )
        ),
    ),
    Setting(
        "consequence_texts",
        46,
        CONDUCT,
        "What follows a breach",
        "What do staff, pupils and parents read about what follows when they break the policy?",
        Table(options(staff="Staff", pupils="Pupils", parents="Parents"), Text(1000)),
        used=True,
    ),
    Setting(
        "pupil_phone_rule",
        50,
        CONDUCT,
        "Pupils’ phones",
        "What happens to a pupil’s phone in the school day?",
        Choice(
            options(
                handed_in="Phones are not permitted: any that is brought is handed in, with the internet off",
                handed_in_head_discretion="It is handed in, and given back when the headteacher allows",
            )
        ),
        used=True,
    ),
    Setting(
        "departure_recipient",
        51,
        CONDUCT,
        "Departing from the policy",
        "Whom does a member of staff tell who departs from the policy for good reason, before or after?",
        RoleList(),
        routing=True,
        unset="Nobody is named",
        used=True,
    ),
    Setting(
        "departure_hr_advice",
        51,
        CONDUCT,
        "Advice on a departure",
        "Does whoever is told ask HR for advice where that is appropriate?",
        Boolean(),
        default=False,
        routing=True,
        used=True,
    ),
)
