"""Who may open and send what: one table for the whole portal. An address that is not in it fails the suite.

`open`: who gets the page. `refused`: who sees that it exists and gets 403. Everybody else at the
school gets 404. `outside`: people of another school get 404 (HIDDEN), or the same as at home, where
the page shows them their own things (SAME). `signs`: who may send it, where fewer may send than open.
"""

from smgov.tests.access.rows import EVERYBODY, MEMBERS, NO_WATCHERS, SAME, WATCHERS, Row
from smgov.tests.access.table_abuse import ABUSE
from smgov.tests.access.table_assurance import ASSURANCE
from smgov.tests.access.table_clocks import CLOCKS
from smgov.tests.access.table_comments import COMMENTS
from smgov.tests.access.table_concerns_casework import CASEWORK
from smgov.tests.access.table_concerns_evidence import CONCERNS_EVIDENCE
from smgov.tests.access.table_concerns_outcomes import CONCERN_OUTCOMES
from smgov.tests.access.table_concerns_reporting import REPORTING
from smgov.tests.access.table_consent import CONSENT
from smgov.tests.access.table_declarations import DECLARATIONS
from smgov.tests.access.table_documents import DOCUMENTS
from smgov.tests.access.table_reading import READING
from smgov.tests.access.table_reviews import REVIEWS
from smgov.tests.access.table_training import TRAINING

TABLE: dict[str, Row] = {
    "policies:home": Row(open=EVERYBODY, outside=SAME),
    "people:home": Row(open=EVERYBODY, outside=SAME),
    "accounts:home": Row(open=MEMBERS, refused="root", outside=SAME),
    "home": Row(open=EVERYBODY, outside=SAME),
    "health": Row(open=EVERYBODY, outside=SAME, public=True),
    "core:notice-list": Row(open=EVERYBODY, outside=SAME),
    "core:notices-seen": Row(open=EVERYBODY, outside=SAME, posts=True, gets=False),
    "account_login": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "account_logout": Row(open=EVERYBODY, outside=SAME, posts=True),
    "account_reauthenticate": Row(open="", refused=EVERYBODY, outside=SAME, posts=True),
    "account_inactive": Row(open=EVERYBODY, outside=SAME, public=True),
    "account_signup": Row(open="", outside=SAME, public=True, posts=True),
    "account_change_password": Row(open=EVERYBODY, outside=SAME, posts=True),
    "account_set_password": Row(open=EVERYBODY, outside=SAME, posts=True),
    "account_reset_password": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "account_confirm_password_reset_code": Row(open=EVERYBODY, outside=SAME, posts=True),
    "account_complete_password_reset": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "account_password_reset_completed": Row(open=EVERYBODY, outside=SAME, public=True),
    "people:person-list": Row(
        open="office headteacher dsl head_of_comms senior_leader it chair",
        refused="root owner staff contributor governance hr dpo",
        outside=SAME,
    ),
    "people:person-export": Row(
        open="office headteacher dsl head_of_comms senior_leader it chair",
        refused="root owner staff contributor governance hr dpo",
        outside=SAME,
    ),
    "people:person-invite": Row(
        open="root headteacher it",
        refused="owner staff contributor office dsl head_of_comms senior_leader governance hr dpo chair",
        posts=True,
    ),
    "people:staff-import": Row(
        open="root headteacher it",
        refused="owner staff contributor office dsl head_of_comms senior_leader governance hr dpo chair",
        posts=True,
    ),
    "people:staff-import-example": Row(
        open="root headteacher it",
        refused="owner staff contributor office dsl head_of_comms senior_leader governance hr dpo chair",
    ),
    "people:person-detail": Row(open="root office headteacher dsl head_of_comms senior_leader it chair"),
    "people:membership-give": Row(
        open="root headteacher it", refused="office dsl head_of_comms senior_leader chair", posts=True
    ),
    "people:person-leave": Row(
        open="root headteacher it", refused="office dsl head_of_comms senior_leader chair", posts=True
    ),
    "people:person-email": Row(
        open="root headteacher it", refused="office dsl head_of_comms senior_leader chair", posts=True
    ),
    "people:person-name": Row(
        open="root headteacher it", refused="office dsl head_of_comms senior_leader chair", posts=True
    ),
    "people:membership-end": Row(
        open="root headteacher it", refused="office dsl head_of_comms senior_leader chair", posts=True
    ),
    "people:invitation-again": Row(open="root headteacher it", posts=True),
    "people:invitation-accept": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "people:change-list": Row(open=EVERYBODY, outside=SAME),
    "people:change-detail": Row(
        open="root headteacher dsl it chair", posts=True, signs="headteacher dsl it chair"
    ),
    "people:change-withdraw": Row(open="it", refused="root headteacher dsl chair", posts=True),
    "people:deputy-list": Row(open=EVERYBODY, outside=SAME),
    "people:deputy-appoint": Row(open=EVERYBODY, posts=True),
    "people:deputy-end": Row(open="headteacher chair", refused="senior_leader", posts=True),
    "people:profile-list": Row(open=EVERYBODY, outside=SAME),
    "people:profile-detail": Row(open=EVERYBODY),
    "people:preset-choose": Row(
        open="headteacher it",
        refused="root owner staff contributor office dsl head_of_comms senior_leader governance hr dpo chair",
        posts=True,
    ),
    "people:setting-change": Row(
        open="headteacher it",
        refused="root owner staff contributor office dsl head_of_comms senior_leader governance hr dpo chair",
        posts=True,
    ),
    "approvals:request-list": Row(open=EVERYBODY, outside=SAME),
    "approvals:request-detail": Row(
        open="owner headteacher head_of_comms senior_leader", posts=True, signs="owner headteacher"
    ),
    "approvals:network-home": Row(open=EVERYBODY, outside=SAME),
    "approvals:unblock-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "approvals:unblock-ask": Row(
        open="owner staff office headteacher dsl head_of_comms senior_leader hr dpo it",
        refused="root contributor governance chair",
        outside=SAME,
        posts=True,
    ),
    "approvals:unblock-detail": Row(
        open="owner office headteacher dsl head_of_comms senior_leader governance dpo it chair"
    ),
    "approvals:unblock-change": Row(
        open="owner",
        refused="office headteacher dsl head_of_comms senior_leader governance dpo it chair",
        posts=True,
    ),
    "approvals:unblock-withdraw": Row(
        open="owner",
        refused="office headteacher dsl head_of_comms senior_leader governance dpo it chair",
        posts=True,
    ),
    "approvals:unblock-note": Row(
        open="it",
        refused="owner office headteacher dsl head_of_comms senior_leader governance dpo chair",
        posts=True,
    ),
    "approvals:unblock-link": Row(
        open="it",
        refused="owner office headteacher dsl head_of_comms senior_leader governance dpo chair",
        posts=True,
    ),
    "approvals:unblock-opened": Row(
        open="it",
        refused="owner office headteacher dsl head_of_comms senior_leader governance dpo chair",
        posts=True,
    ),
    "approvals:unblock-shut": Row(
        open="it",
        refused="owner office headteacher dsl head_of_comms senior_leader governance dpo chair",
        posts=True,
    ),
    "approvals:unblock-end": Row(
        open="owner headteacher dsl it",
        refused="office head_of_comms senior_leader governance dpo chair",
        posts=True,
    ),
    "approvals:wifi-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "approvals:wifi-ask": Row(
        open="owner staff office headteacher dsl head_of_comms senior_leader hr dpo it",
        refused="root contributor governance chair",
        outside=SAME,
        posts=True,
    ),
    "approvals:wifi-detail": Row(open="owner headteacher dsl senior_leader it"),
    "approvals:wifi-withdraw": Row(open="owner", refused="headteacher dsl senior_leader it", posts=True),
    "approvals:wifi-opened": Row(open="it", refused="owner headteacher dsl senior_leader", posts=True),
    "approvals:wifi-shut": Row(open="it", refused="owner headteacher dsl senior_leader", posts=True),
    "approvals:wifi-end": Row(open="owner headteacher dsl it", refused="senior_leader", posts=True),
    "approvals:outside-answer": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "approvals:site-list": Row(
        open="owner staff office headteacher dsl head_of_comms senior_leader governance hr dpo it chair",
        refused="root contributor",
        outside=SAME,
    ),
    "approvals:site-block": Row(
        open="it",
        refused="root owner staff contributor office headteacher dsl head_of_comms senior_leader governance hr "
        "dpo chair",
        posts=True,
    ),
    "approvals:site-lift": Row(
        open="it",
        refused="owner staff office headteacher dsl head_of_comms senior_leader governance hr dpo chair",
        posts=True,
    ),
    "approvals:decision-list": Row(
        open="office headteacher dsl head_of_comms senior_leader governance dpo it chair",
        refused="root owner staff contributor hr",
        outside=SAME,
    ),
    "approvals:decision-export": Row(
        open="office headteacher dsl head_of_comms senior_leader governance dpo it chair",
        refused="root owner staff contributor hr",
        outside=SAME,
    ),
    "approvals:measure-list": Row(open=WATCHERS, refused=NO_WATCHERS, outside=SAME),
    "approvals:measure-export": Row(open=WATCHERS, refused=NO_WATCHERS, outside=SAME),
    "approvals:measure-direct": Row(
        open="headteacher head_of_comms senior_leader",
        refused="root owner staff contributor office dsl governance hr dpo it chair",
        posts=True,
    ),
    "approvals:measure-detail": Row(open=WATCHERS),
    "approvals:measure-carry-out": Row(
        open="it", refused="headteacher dsl head_of_comms senior_leader governance dpo chair", posts=True
    ),
    "approvals:measure-review": Row(
        open="headteacher dpo it", refused="dsl head_of_comms senior_leader governance chair", posts=True
    ),
    "approvals:measure-withdraw": Row(
        open="headteacher head_of_comms senior_leader", refused="dsl governance dpo it chair", posts=True
    ),
    "approvals:statement": Row(open=WATCHERS, refused=NO_WATCHERS, outside=SAME),
    "policies:policy-list": Row(open=EVERYBODY, outside=SAME),
    "policies:clause-detail": Row(open=EVERYBODY, outside=SAME),
    "policies:policy-detail": Row(open=EVERYBODY, outside=SAME),
    "accounts:request-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "accounts:request-start": Row(
        open="owner staff contributor office headteacher dsl head_of_comms senior_leader hr dpo it",
        refused="root governance chair",
        outside=SAME,
        posts=True,
    ),
    "accounts:request-detail": Row(open="owner head_of_comms"),
    "accounts:request-check": Row(open="owner", refused="head_of_comms", posts=True),
    "accounts:request-advice": Row(open="owner head_of_comms", posts=True),
    "accounts:request-discard": Row(open="owner", refused="head_of_comms", posts=True),
    "accounts:request-withdraw": Row(
        open="owner", refused="headteacher head_of_comms senior_leader", posts=True
    ),
    "accounts:request-section": Row(open="owner", refused="head_of_comms", posts=True),
    "accounts:account-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "accounts:account-export": Row(
        open="office headteacher head_of_comms senior_leader governance it chair",
        refused="root owner staff contributor dsl hr dpo",
        outside=SAME,
    ),
    "accounts:account-enter": Row(
        open="office headteacher head_of_comms senior_leader it",
        refused="root owner staff contributor dsl governance hr dpo chair",
        posts=True,
    ),
    "accounts:account-import": Row(
        open="office headteacher head_of_comms senior_leader it",
        refused="root owner staff contributor dsl governance hr dpo chair",
        posts=True,
    ),
    "accounts:account-detail": Row(
        open="owner staff office headteacher dsl head_of_comms senior_leader governance hr dpo it chair"
    ),
    "accounts:account-change": Row(
        open="office headteacher head_of_comms senior_leader it",
        refused="owner staff dsl governance hr dpo chair",
        posts=True,
    ),
    "accounts:account-live": Row(
        open="owner office headteacher head_of_comms",
        refused="staff dsl senior_leader governance hr dpo it chair",
        posts=True,
    ),
    "accounts:account-close": Row(
        open="headteacher head_of_comms",
        refused="owner staff office dsl senior_leader governance hr dpo it chair",
        posts=True,
    ),
    "accounts:rights-ask": Row(
        open="owner office headteacher head_of_comms senior_leader it",
        refused="staff dsl governance hr dpo chair",
        posts=True,
    ),
    "accounts:right-end": Row(
        open="headteacher head_of_comms",
        refused="owner staff office dsl senior_leader governance hr dpo it chair",
        posts=True,
    ),
    "incidents:report-list": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:report-start": Row(
        open="owner staff contributor office headteacher dsl head_of_comms senior_leader hr dpo it",
        refused="root governance chair",
        outside=SAME,
    ),
    "incidents:report-stop": Row(
        open="owner staff contributor office headteacher dsl head_of_comms senior_leader hr dpo it",
        refused="root governance chair",
        outside=SAME,
        posts=True,
    ),
    "incidents:report-write": Row(
        open="owner staff contributor office headteacher dsl head_of_comms senior_leader hr dpo it",
        refused="root governance chair",
        outside=SAME,
        posts=True,
    ),
    "incidents:report-detail": Row(open="owner dsl it"),
    "incidents:report-sent": Row(open="owner", refused="dsl it"),
    "incidents:report-hand-over": Row(open="dsl", refused="owner", posts=True),
    "incidents:report-technician": Row(open="it", posts=True),
    "incidents:report-close": Row(open="dsl", refused="owner", posts=True),
    "incidents:bypass-list": Row(
        open="headteacher dsl senior_leader it",
        refused="root owner staff contributor office head_of_comms governance hr dpo chair",
        outside=SAME,
    ),
    "incidents:bypass-record": Row(
        open="headteacher dsl senior_leader it",
        refused="root owner staff contributor office head_of_comms governance hr dpo chair",
        outside=SAME,
        posts=True,
    ),
    "incidents:bypass-detail": Row(open="headteacher dsl senior_leader it"),
    "incidents:ban-set": Row(open="headteacher", refused="dsl senior_leader it", posts=True),
    "incidents:ban-none": Row(open="headteacher", refused="dsl senior_leader it", posts=True),
    "incidents:ban-end": Row(open="headteacher", refused="dsl senior_leader it", posts=True),
    "accounts:official-trust": Row(open=EVERYBODY, outside=SAME, public=True),
    "accounts:official-school": Row(open=EVERYBODY, outside=SAME, public=True),
    **CONSENT,
    **REPORTING,
    **CASEWORK,
    **CONCERN_OUTCOMES,
    **CONCERNS_EVIDENCE,
    **ASSURANCE,
    **CLOCKS,
    **COMMENTS,
    **DECLARATIONS,
    **DOCUMENTS,
    **READING,
    **REVIEWS,
    **TRAINING,
    **ABUSE,
}
