"""Rows for the bench: a trust of a hundred schools, made in bulk. History goes past the services here."""

import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.choices import Right
from accounts.models import AccountRequest, AccountRight, SocialAccount
from approvals.models import ApprovalRequest, ApprovalRound, ApprovalStep
from core.models import Notice, Platform
from core.roles import Role
from people.models import GovernanceProfile, Membership, ProfileSetting, School, Trust, User

FULL = {"schools": 100, "people": 50, "accounts": 200, "requests": 200}
"""Per trust: schools; per school: people, accounts in the register, requests."""

ROLES = [
    Role.HEADTEACHER,
    Role.DSL,
    Role.OFFICE,
    Role.IT,
    Role.SENIOR_LEADER,
    Role.GOVERNANCE,
    Role.DPO,
    Role.HR,
]


class World:
    """The trust, its Head of Communications, and the headteacher of its first school."""

    def __init__(self) -> None:
        self.trust = Trust.objects.create(name="Bench Trust", slug="bench")
        profile = GovernanceProfile.objects.create(trust=self.trust, preset="cit")
        for key, value in {"allowed_email_domains": ["bench.example.org"], "lead_required": False}.items():
            ProfileSetting.objects.create(profile=profile, key=key, value=value)
        self.comms = self._person("Cora Clay", 0)
        Membership.objects.create(
            user=self.comms, role=Role.HEAD_OF_COMMS, trust=self.trust, starts=self._start()
        )
        self.root = User.objects.create(email="root@bench.example.org", full_name="Root", is_superuser=True)
        self.schools: list[School] = []
        self.head: User | None = None
        self.teacher: User | None = None

    def _start(self):
        return timezone.localdate() - timedelta(days=30)

    def _person(self, name: str, number: int) -> User:
        return User.objects.create(
            email=f"p{number}-{uuid.uuid4().hex[:8]}@bench.example.org", full_name=name
        )

    def grow(self, schools: int, people: int, accounts: int, requests: int) -> None:
        """Add schools until there are so many, each filled."""
        for number in range(len(self.schools), schools):
            school = School.objects.create(
                name=f"School {number:03}", slug=f"bench-{number}", trust=self.trust
            )
            GovernanceProfile.objects.create(school=school)
            self.schools.append(school)
            staff = User.objects.bulk_create(
                [
                    User(email=f"s{number}-{n}@bench.example.org", full_name=f"Person {number:03}-{n:03}")
                    for n in range(people)
                ]
            )
            Membership.objects.bulk_create(
                [
                    Membership(
                        user=user,
                        role=ROLES[n] if n < len(ROLES) else Role.STAFF,
                        school=school,
                        starts=self._start(),
                    )
                    for n, user in enumerate(staff)
                ]
            )
            if self.head is None:
                self.head, self.teacher = staff[0], staff[-1]
            self.fill(school, staff, accounts, requests)

    def fill(self, school: School, staff: list[User], accounts: int, requests: int) -> None:
        """Accounts with rights, and requests that wait for the headteacher, at one school."""
        platforms = list(Platform.objects.all())
        now = timezone.now()
        approvals = ApprovalRequest.objects.bulk_create(
            [
                ApprovalRequest(
                    kind="new-account",
                    school=school,
                    title=f"New account: Club {n}",
                    requested_by=staff[-1 - n % 10],
                    status="pending" if n % 10 == 0 else "approved",
                    due_at=now + timedelta(days=5),
                )
                for n in range(requests)
            ]
        )
        snapshot = {"form": "cit", "sections": []}
        ApprovalRound.objects.bulk_create(
            [
                ApprovalRound(
                    request=row, number=1, snapshot=snapshot, hash="0" * 64, submitted_by=row.requested_by
                )
                for row in approvals
            ]
        )
        ApprovalStep.objects.bulk_create(
            [
                ApprovalStep(
                    request=row,
                    order=order,
                    role=role,
                    title=role.label,
                    status=("current" if order == 1 else "waiting")
                    if row.status == "pending"
                    else "approved",
                )
                for row in approvals
                for order, role in enumerate((Role.HEADTEACHER, Role.HEAD_OF_COMMS), start=1)
            ]
        )
        AccountRequest.objects.bulk_create(
            [
                AccountRequest(
                    once=uuid.uuid4(),
                    school=school,
                    requested_by=row.requested_by,
                    form="cit",
                    approval=row,
                    name=row.title,
                    platform=platforms[n % len(platforms)],
                )
                for n, row in enumerate(approvals)
            ]
        )
        rows = SocialAccount.objects.bulk_create(
            [
                SocialAccount(
                    school=school,
                    platform=platforms[n % len(platforms)],
                    name=f"Account {n:04} of {school.name}",
                    handle=f"@account{n}-{uuid.uuid4().hex[:6]}",
                    address=f"https://example.org/{n}",
                    status="live",
                    live_since=self._start(),
                )
                for n in range(accounts)
            ]
        )
        AccountRight.objects.bulk_create(
            [
                AccountRight(
                    account=row,
                    user=staff[(n + k) % len(staff)],
                    right=right,
                    granted_at=now,
                    approval=approvals[n % len(approvals)],
                )
                for n, row in enumerate(rows)
                for k, right in enumerate((Right.LEAD, Right.ADMINISTRATOR, Right.MODERATOR))
            ]
        )
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient=row.requested_by,
                    kind="approvals.decided",
                    key=f"b{row.pk}",
                    subject=f"approvals.approvalrequest:{row.pk}",
                    link="/",
                    created_at=now,
                    message_id=f"<{uuid.uuid4()}@bench>",
                    sent_at=now,
                )
                for row in approvals
            ]
        )
