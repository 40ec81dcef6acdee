"""Records: breaches of data protection, and how long each kind of record is kept.

No policy states how long. The offers follow common practice in schools; a person must choose.
"""

from people.governance.setting import RECORDS, Setting
from people.governance.values import Boolean, Choice, Integer, options

SETTINGS = (
    Setting(
        "data_breach_policy",
        43,
        RECORDS,
        "Policy for a data protection breach",
        "Under which of your policies is a breach of data protection handled?",
        Choice(options(data_protection="Data protection policy", cyber_security="Cyber-security policy")),
        default="data_protection",
    ),
    Setting(
        "report_own_mistakes",
        43,
        RECORDS,
        "Reporting one’s own mistakes",
        "Must staff report their own mistakes on social media?",
        Boolean(),
        default=False,
    ),
    Setting(
        "retention_child_protection",
        0,
        RECORDS,
        "Child protection files",
        "How many years after the child’s birth is a child protection file kept before it is reviewed?",
        Integer(25, 100, "year"),
        offer=25,
        part="concerns",
    ),
    Setting(
        "retention_staff_allegation",
        0,
        RECORDS,
        "Allegations against staff",
        "How many years is the record of an allegation kept? If the person reaches normal pension age later "
        "than that, it is kept until then.",
        Integer(10, 100, "year"),
        offer=10,
        part="concerns",
    ),
    Setting(
        "retention_image_consent",
        0,
        RECORDS,
        "Image consent",
        "How many years after the pupil has left is a record of consent kept?",
        Integer(1, 50, "year"),
        offer=2,
        part="consent",
        used=True,
    ),
    Setting(
        "retention_account_records",
        0,
        RECORDS,
        "Records of accounts",
        "How many years after it is closed is the record of an account kept?",
        Integer(1, 50, "year"),
        offer=7,
        part="records",
    ),
    Setting(
        "retention_approval_records",
        0,
        RECORDS,
        "Records of approvals",
        "How many years is the record of an approval kept?",
        Integer(1, 50, "year"),
        offer=7,
        part="records",
    ),
    Setting(
        "retention_policy_records",
        0,
        RECORDS,
        "Records of policies",
        "How many years after it is replaced is a version of a policy kept, with who read it?",
        Integer(1, 50, "year"),
        offer=7,
        part="records",
    ),
    Setting(
        "retention_raw_imports",
        0,
        RECORDS,
        "Imported files",
        "How many days is a file that was imported kept?",
        Integer(1, 90, "day"),
        offer=30,
        part="consent",
        used=True,
    ),
)
