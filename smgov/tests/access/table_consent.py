"""Who may open and send what about consent: part of the one table."""

from smgov.tests.access.rows import EVERYBODY, SAME, Row

SHOWERS = "owner staff office headteacher dsl head_of_comms senior_leader dpo"
"""Who sees yes and no: whoever takes or publishes pictures, or answers for it."""
NO_SHOWERS = "root contributor governance hr it chair"
WHOLE = "office headteacher dsl dpo"
"""Who sees dates of birth, contacts, and who said what."""
NOT_DSL = f"{NO_SHOWERS} owner staff office headteacher head_of_comms senior_leader dpo"
NOT_KEEPER = f"{NO_SHOWERS} owner staff office headteacher dsl head_of_comms senior_leader"
IMPORTERS = "office headteacher dpo"
"""Who brings pupils in from a file."""
NO_IMPORTERS = f"{NO_SHOWERS} owner staff dsl head_of_comms senior_leader"

LEADERS = "dpo headteacher"
"""Who changes what consent is asked for."""
SEES_QUESTIONS = "owner staff office dsl head_of_comms senior_leader"
NOT_LEADERS = f"{NO_SHOWERS} {SEES_QUESTIONS}"
ASKERS = "office dpo headteacher"
"""Who opens rounds."""
NOT_ASKERS = f"{NO_SHOWERS} owner staff dsl head_of_comms senior_leader"

CONSENT: dict[str, Row] = {
    "consent:home": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:pupil-detail": Row(open=SHOWERS),
    "consent:reply-settle": Row(open="office dpo", refused="headteacher dsl", posts=True),
    "consent:search-list": Row(
        open="office headteacher head_of_comms dpo dsl",
        refused="root owner staff contributor senior_leader governance hr it chair",
        outside=SAME,
    ),
    "consent:search-do": Row(open="headteacher head_of_comms", refused="office dpo dsl", posts=True),
    "consent:check": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME, posts=True),
    "consent:check-keep": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME, posts=True),
    "consent:check-list": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:check-detail": Row(open="owner office headteacher dsl dpo head_of_comms"),
    "consent:photo-list": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME, posts=True),
    "consent:other-list": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:other-add": Row(
        open=WHOLE,
        refused=f"{NO_SHOWERS} owner staff head_of_comms senior_leader",
        outside=SAME,
        posts=True,
    ),
    "consent:other-self": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME, posts=True),
    "consent:other-end": Row(open=WHOLE, refused="owner staff head_of_comms senior_leader", posts=True),
    "consent:search-export": Row(
        open="office headteacher head_of_comms dpo dsl",
        refused="root owner staff contributor senior_leader governance hr it chair",
        outside=SAME,
    ),
    "consent:reply-list": Row(
        open="office dpo",
        refused=f"{NO_SHOWERS} owner staff headteacher dsl head_of_comms senior_leader",
        outside=SAME,
    ),
    "consent:flag-list": Row(open="dsl", refused=NOT_DSL, outside=SAME),
    "consent:flag-detail": Row(open="dsl"),
    "consent:flag-lift": Row(open="dsl", posts=True),
    "consent:flag-set": Row(
        open="dsl", refused="owner staff office headteacher head_of_comms senior_leader dpo", posts=True
    ),
    "consent:review": Row(open="dpo", refused=NOT_KEEPER, outside=SAME, posts=True),
    "consent:review-pupils": Row(open="dpo", refused=NOT_KEEPER, outside=SAME),
    "consent:review-detail": Row(open="dpo headteacher"),
    "consent:pupil-erase": Row(
        open="dpo", refused="owner staff office headteacher dsl head_of_comms senior_leader", posts=True
    ),
    "consent:pupil-export": Row(
        open="dpo", refused="owner staff office headteacher dsl head_of_comms senior_leader"
    ),
    # A request for a blocked site stands for every record that names pupils.
    "consent:mention-change": Row(
        open="owner office headteacher dsl head_of_comms senior_leader dpo",
        refused="it governance chair",
        posts=True,
    ),
    "consent:mention-remove": Row(
        open="owner office headteacher dsl head_of_comms senior_leader dpo",
        refused="it governance chair",
        posts=True,
        gets=False,
    ),
    # Without an account: the link is the proof.
    "consent:link-ask": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "consent:answer-overview": Row(open=EVERYBODY, outside=SAME, public=True),
    "consent:answer-paper": Row(open=EVERYBODY, outside=SAME, public=True),
    "consent:answer-recorded": Row(open=EVERYBODY, outside=SAME, public=True),
    "consent:answer-child": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "consent:answer-withdraw": Row(open=EVERYBODY, outside=SAME, public=True, posts=True),
    "consent:link-send": Row(open="office dpo", refused="headteacher dsl", posts=True, gets=False),
    "consent:link-revoke": Row(open="office dpo", refused="headteacher dsl", posts=True),
    "consent:pupil-link-send": Row(
        open="office dpo",
        refused="owner staff headteacher dsl head_of_comms senior_leader",
        posts=True,
        gets=False,
    ),
    "consent:pupil-link-revoke": Row(
        open="office dpo", refused="owner staff headteacher dsl head_of_comms senior_leader", posts=True
    ),
    "consent:paper-form": Row(
        open="office dpo",
        refused=f"{NO_SHOWERS} owner staff headteacher dsl head_of_comms senior_leader",
        outside=SAME,
    ),
    # The register
    "consent:register": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:register-export": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:coverage": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:coverage-export": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:reply-record": Row(
        open="office dpo", refused="owner staff headteacher dsl head_of_comms senior_leader", posts=True
    ),
    "consent:scan-open": Row(open=WHOLE),
    "consent:import-list": Row(open=IMPORTERS, refused=NO_IMPORTERS, outside=SAME),
    "consent:import-add": Row(open=IMPORTERS, refused=NO_IMPORTERS, outside=SAME, posts=True),
    "consent:import-detail": Row(open=IMPORTERS),
    "consent:import-columns": Row(open=IMPORTERS, posts=True),
    "consent:import-accept": Row(open=IMPORTERS, posts=True),
    "consent:import-cancel": Row(open=IMPORTERS, posts=True),
    "consent:import-rows": Row(open=IMPORTERS),
    "consent:import-doubtful": Row(open=IMPORTERS, posts=True),
    "consent:import-missing": Row(open=IMPORTERS, posts=True),
    "consent:import-mistakes": Row(open=IMPORTERS),
    "consent:pupil-add": Row(
        open="office dpo",
        refused=f"{NO_SHOWERS} owner staff headteacher dsl head_of_comms senior_leader",
        outside=SAME,
        posts=True,
    ),
    "consent:pupil-change": Row(
        open="office dpo", refused="owner staff headteacher dsl head_of_comms senior_leader", posts=True
    ),
    "consent:contact-add": Row(
        open="office dpo", refused="owner staff headteacher dsl head_of_comms senior_leader", posts=True
    ),
    "consent:contact-change": Row(open="office dpo", refused="headteacher dsl", posts=True),
    "consent:purpose-list": Row(open=SHOWERS, refused=NO_SHOWERS, outside=SAME),
    "consent:purpose-start": Row(open=LEADERS, refused=NOT_LEADERS, outside=SAME, posts=True, gets=False),
    "consent:purpose-add": Row(open=LEADERS, refused=NOT_LEADERS, outside=SAME, posts=True),
    "consent:purpose-reword": Row(open=LEADERS, refused=SEES_QUESTIONS, posts=True),
    "consent:purpose-retire": Row(open=LEADERS, refused=SEES_QUESTIONS, posts=True),
    "consent:round-list": Row(open=ASKERS, refused=NOT_ASKERS, outside=SAME),
    "consent:round-open": Row(open=ASKERS, refused=NOT_ASKERS, outside=SAME, posts=True),
    "consent:round-detail": Row(open=ASKERS),
    "consent:round-remind": Row(open=ASKERS, posts=True, gets=False),
    "consent:round-close": Row(open=ASKERS, posts=True),
    "consent:assessment-list": Row(
        open=WHOLE, refused=f"{NO_SHOWERS} owner staff head_of_comms senior_leader", outside=SAME
    ),
    "consent:assessment-record": Row(
        open=WHOLE, refused="owner staff head_of_comms senior_leader", posts=True
    ),
}
