"""Inviting people, one by one or from a file, and accepting an invitation."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from core import csvfiles
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Post, Role
from people.models import Invitation, Membership, PendingChange, School, Trust, User
from people.services.memberships import membership_give, require_manager

SALT = "people.invitation"
CSV_REQUIRED = ("email", "full name", "role")
CSV_OPTIONAL = ("post",)


def token_of(invitation: Invitation) -> str:
    """The secret part of the link: signed, and stored nowhere."""
    return signing.dumps(str(invitation.uuid), salt=SALT)


def by_token(token: str) -> Invitation | None:
    """The open invitation behind a link, or None for one that is wrong, used, revoked or late."""
    try:
        uuid = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    invitation = Invitation.objects.select_related("user", "school", "trust").filter(uuid=uuid).first()
    return invitation if invitation and invitation.is_open and invitation.user.is_active else None


def person_invite(
    *,
    actor: User,
    email: str,
    full_name: str,
    role: str,
    post: str = "",
    school: School | None = None,
    trust: Trust | None = None,
) -> tuple[User, Membership | PendingChange]:
    """Invite a person and give them a role; somebody known already only gets the role.

    Raises PermissionDenied or Refused.
    """
    require_manager(actor, school=school, trust=trust)
    with audited():
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is not None and not user.is_active:
            raise Refused("This person's sign-in was closed. Ask whoever runs the server to open it.", field="email")
        if user is None:
            user = User.objects.create_user(email, full_name)
            invitation = _invite(actor, user, school=school, trust=trust)
            record("people.invited", actor=actor, school=school, subject=invitation, data={"user": user.pk})
        given = membership_give(actor=actor, user=user, role=role, post=post, school=school, trust=trust)
    return user, given


def _invite(actor: User | None, user: User, *, school: School | None, trust: Trust | None) -> Invitation:
    invitation = Invitation.objects.create(user=user, school=school, trust=trust, invited_by=actor)
    notify("people.invitation", recipients=[user], about=invitation, key=str(invitation.pk), link="")
    return invitation


def invite_first(user: User, school: School) -> Invitation | None:
    """Invite the first person of a new school. Only `manage.py school_start` calls this."""
    if user.joined_at or user.has_usable_password():
        return None
    with audited():
        invitation = _invite(None, user, school=school, trust=None)
        record("people.invited", school=school, subject=invitation, data={"user": user.pk})
    return invitation


def invitation_send_again(*, actor: User, invitation: Invitation) -> Invitation:
    """Revoke the old link and send a new one."""
    require_manager(actor, school=invitation.school, trust=invitation.trust)
    with audited():
        old = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if old.accepted_at:
            raise Refused("This person has joined already.")
        old.revoked_at = old.revoked_at or timezone.now()
        old.save(update_fields=["revoked_at"])
        new = _invite(actor, old.user, school=old.school, trust=old.trust)
        record("people.invitation_sent_again", actor=actor, school=old.school, subject=new)
    return new


def invitation_accept(*, token: str, password: str) -> User:
    """Choose the first password. The link works once. Raises Refused."""
    with audited():
        found = by_token(token)
        row = Invitation.objects.select_for_update().filter(pk=found.pk).first() if found else None
        if row is None or not row.is_open:
            raise Refused("This invitation was used already or has ended. Ask your school for a new one.")
        user = User.objects.select_for_update().get(pk=row.user_id)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), field="password") from error
        user.set_password(password)
        user.joined_at = timezone.now()
        user.save(update_fields=["password", "joined_at"])
        row.accepted_at = timezone.now()
        row.save(update_fields=["accepted_at"])
        record("people.joined", actor=user, school=row.school, subject=row)
    return user


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell of a file."""

    row: int
    column: str
    message: str


class ImportRefused(Refused):
    """A file of which nothing was taken; `problems` names each bad row."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__("Nothing was taken from the file. Mend these rows and send it again.", field="file")
        self.problems = problems


def staff_import(*, actor: User, school: School, data: bytes) -> int:
    """Invite everybody in a CSV file, or nobody. Returns how many people.

    Columns: email, full name, role, and optionally post, by their words or their codes. Raises
    Refused for a file that cannot be read and ImportRefused with every bad row.
    """
    require_manager(actor, school=school, trust=None)
    try:
        table = csvfiles.read(data, CSV_REQUIRED, CSV_OPTIONAL, most_rows=2000)
    except csvfiles.CsvProblem as problem:
        raise Refused(str(problem), field="file") from problem
    if not table.rows:
        raise Refused("The file has a heading and no rows.", field="file")
    people, problems = _read_rows(table)
    if problems:
        raise ImportRefused(problems)
    with audited():
        for number, person in people:
            try:
                person_invite(actor=actor, school=school, **person)
            except Refused as refusal:
                problems.append(RowProblem(number, refusal.field or "email", refusal.message))
        if problems:
            raise ImportRefused(problems)
        record("people.staff_imported", actor=actor, school=school, subject=school, data={"people": len(people)})
    return len(people)


def _read_rows(table: csvfiles.CsvTable) -> tuple[list[tuple[int, dict]], list[RowProblem]]:
    people: list[tuple[int, dict]] = []
    problems: list[RowProblem] = []
    seen: dict[tuple, int] = {}
    for number, cells in table.rows:
        email = cells["email"].lower()
        role = _code(Role, cells["role"])
        post = _code(Post, cells.get("post", ""))
        wrong = [
            *_wrong_email(number, email),
            *_wrong_name(number, cells["full name"]),
            *([] if role else [RowProblem(number, "role", f"“{cells['role']}” is no role. Use: {_words(Role)}.")]),
            *(
                []
                if post is not None
                else [RowProblem(number, "post", f"“{cells['post']}” is no post. Use: {_words(Post)}.")]
            ),
        ]
        first = seen.setdefault((email, role, post), number)
        if first != number and not wrong:
            wrong.append(RowProblem(number, "email", f"The same person and role stand in row {first}."))
        problems += wrong
        if not wrong:
            people.append((number, {"email": email, "full_name": cells["full name"], "role": role, "post": post}))
    return people, problems


def _wrong_email(number: int, email: str) -> list[RowProblem]:
    try:
        validate_email(email)
    except ValidationError:
        return [RowProblem(number, "email", "Enter an e-mail address like name@school.org.")]
    return []


def _wrong_name(number: int, name: str) -> list[RowProblem]:
    if not name.strip():
        return [RowProblem(number, "full name", "Enter the person's full name.")]
    if len(name) > 150:
        return [RowProblem(number, "full name", "Keep the name to 150 characters.")]
    return []


def _code(choices: Any, text: str) -> str | None:
    wanted = text.strip().casefold()
    if not wanted:
        return "" if choices is Post else None
    for value, label in choices.choices:
        if wanted in (value.casefold(), label.casefold(), value.replace("_", " ")):
            return value
    return None


def _words(choices: Any) -> str:
    return ", ".join(value for value, _ in choices.choices)


