"""Rows for the bench: a trust of a hundred schools, made in bulk. History goes past the services here."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from accounts.choices import Right
from accounts.models import AccountRequest, AccountRight, SocialAccount
from approvals.models import (
    ApprovalRequest,
    ApprovalRound,
    ApprovalStep,
    Decision,
    PupilWifi,
    SecurityMeasure,
    Stage,
    UnblockRequest,
    WifiGate,
)
from bench.clocks import fill_comments, fill_policies
from bench.concerns import fill_concerns
from bench.consent import fill_consent
from core.models import Notice, Platform, Signature
from core.roles import Role
from incidents.models import (
    About,
    Circumvention,
    ContentReport,
    Matter,
    MatterKind,
    NamedPerson,
    RoadStep,
)
from people.models import GovernanceProfile, Membership, ProfileSetting, School, Trust, User

FULL = {"schools": 100, "people": 50, "accounts": 200, "requests": 200, "pupils": 600}
CONCERNS, ABUSE = 3, 1
"""Per trust: schools; per school: people, accounts in the register, requests, pupils with ten answers each.

Of four requests, three concerns and one entry of the abuse log, and as many comments as requests. Beside each request for an account stands one for a blocked site, beside each tenth a permission for the Wi-Fi and a security measure; and as many incidents as requests: reports of content with the technician's
part to come, and attempts to get round the firewall.
"""

CHOSEN = {
    "allowed_email_domains": ["bench.example.org"],
    "lead_required": False,
    "unblock_approver": ["headteacher"],
    "consent_keeper": ["dpo"],
    "retention_image_consent": 2,
    "retention_raw_imports": 30,
}
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
        for key, value in CHOSEN.items():
            ProfileSetting.objects.create(profile=profile, key=key, value=value)
        self.comms = self._person("Cora Clay", 0)
        Membership.objects.create(
            user=self.comms, role=Role.HEAD_OF_COMMS, trust=self.trust, starts=self._start()
        )
        self.lead = self._person("Lena Lamb", 1)
        Membership.objects.create(user=self.lead, role=Role.DSL, trust=self.trust, starts=self._start())
        self.root = User.objects.create(email="root@bench.example.org", full_name="Root", is_superuser=True)
        self.schools: list[School] = []
        self.head: User | None = None
        self.teacher: User | None = None
        self.dsl: User | None = None
        self.office: User | None = None
        self.dpo: User | None = None

    def _start(self):
        return timezone.localdate() - timedelta(days=30)

    def _person(self, name: str, number: int) -> User:
        return User.objects.create(
            email=f"p{number}-{uuid.uuid4().hex[:8]}@bench.example.org", full_name=name
        )

    def grow(self, schools: int, people: int, accounts: int, requests: int, pupils: int) -> None:
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
                self.dsl, self.office, self.dpo = staff[1], staff[2], staff[6]
            self.fill(school, staff, accounts, requests, pupils)

    def fill(self, school: School, staff: list[User], accounts: int, requests: int, pupils: int) -> None:
        """Accounts with rights, requests that wait for the headteacher, and pupils, at one school."""
        fill_consent(school, staff, pupils)
        fill_concerns(school, staff, requests * CONCERNS // 4 + 1, requests * ABUSE // 4 + 1)
        platforms = list(Platform.objects.all())
        now = timezone.now()
        approvals = ApprovalRequest.objects.bulk_create(
            [
                ApprovalRequest(
                    kind="new-account",
                    school=school,
                    title=f"New account: Club {n}",
                    requested_by=staff[-1 - n % 5],
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
        self.fill_network(school, staff, requests)
        self.fill_incidents(school, staff, requests)
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
        fill_comments(school, staff, requests)
        fill_policies(school, staff, 2 + accounts // 25)
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

    def fill_network(self, school: School, staff: list[User], requests: int) -> None:
        """Requests for blocked sites at every stage, permissions for the Wi-Fi, and measures."""
        stages = [Stage.ASKED, Stage.OPEN, Stage.TO_SHUT, Stage.SHUT, Stage.SHUT]
        until = timezone.localdate() + timedelta(days=20)
        rows = [
            UnblockRequest(
                once=uuid.uuid4(),
                approval=approval,
                why="permission",
                category=UnblockRequest.Category.values[n % 8],
                addresses=f"https://site{n}.example/",
                hosts=[f"site{n}.example"],
                site_content="Films",
                reasons="A lesson",
                risks="Adverts",
                **self._opening(school, staff, n, stages[n % 5], until),
            )
            for n, approval in enumerate(self._approvals(school, staff, requests, "unblock", stages))
        ]
        UnblockRequest.objects.bulk_create(rows)
        wifi = PupilWifi.objects.bulk_create(
            [
                PupilWifi(
                    once=uuid.uuid4(),
                    platforms="Instagram",
                    reasons="A lesson",
                    supervision="I am there",
                    **self._opening(school, staff, n, stages[n % 5], until),
                )
                for n in range(requests // 10 + 1)
            ]
        )
        gates = self._approvals(school, staff, len(wifi), "wifi-permission", stages)
        WifiGate.objects.bulk_create(
            [WifiGate(permission=row, order=1, approval=gate) for row, gate in zip(wifi, gates, strict=True)]
        )
        SecurityMeasure.objects.bulk_create(
            [
                SecurityMeasure(
                    once=uuid.uuid4(),
                    school=school,
                    kind="filtering",
                    title=f"Measure {n}",
                    details="Keep the list up to date",
                    directed_by=staff[0],
                    status="in_place",
                    done_by=staff[3],
                    done_at=timezone.now(),
                    review_on=until,
                )
                for n in range(requests // 10 + 1)
            ]
        )

    @staticmethod
    def fill_incidents(school: School, staff: list[User], count: int) -> None:
        """Two reports to one attempt; every fifth names somebody, and goes to the headteacher alone."""
        matters = Matter.objects.bulk_create(
            [
                Matter(
                    once=uuid.uuid4(),
                    kind=MatterKind.BYPASS if n % 3 == 2 else MatterKind.CONTENT,
                    school=school,
                    reporter=staff[-1 - n % 5],
                    about=About.STAFF if n % 5 == 0 else About.UNKNOWN,
                    about_user=staff[-2] if n % 5 == 0 else None,
                )
                for n in range(count)
            ]
        )
        road = {True: [Role.HEADTEACHER], False: [Role.IT, Role.DSL, Role.HEADTEACHER]}
        RoadStep.objects.bulk_create(
            [
                RoadStep(matter=row, role=role, blocks=role == Role.IT, decides=role == Role.HEADTEACHER)
                for row in matters
                for role in road[row.about == About.STAFF]
            ]
        )
        named = [NamedPerson(matter=row, user_id=row.about_user_id) for row in matters if row.about_user_id]
        NamedPerson.objects.bulk_create(named)
        day = timezone.localdate()
        ContentReport.objects.bulk_create(
            [
                ContentReport(
                    matter=row,
                    seen_on=day,
                    addresses="https://bad.example/x",
                    nature="hate",
                    words="A slogan",
                )
                for row in matters
                if row.kind == MatterKind.CONTENT
            ]
        )
        Circumvention.objects.bulk_create(
            [
                Circumvention(matter=row, happened_on=day, what="A proxy")
                for row in matters
                if row.kind == MatterKind.BYPASS
            ]
        )

    @staticmethod
    def _opening(school: School, staff: list[User], n: int, stage: str, until: date) -> dict:
        now = timezone.now()
        moments = {"opened_at": now} if stage in (Stage.OPEN, Stage.TO_SHUT, Stage.SHUT) else {}
        moments |= {"over_at": now} if stage in (Stage.TO_SHUT, Stage.SHUT) else {}
        moments |= {"shut_at": now} if stage == Stage.SHUT else {}
        asker = staff[-1 - n % 5]
        return {
            "school": school, "requested_by": asker, "for_whom": "year", "who_in_words": "Year 6",
            "until": until, "stage": stage, **moments,
        }  # fmt: skip

    @staticmethod
    def _approvals(school: School, staff: list[User], count: int, kind: str, stages: list) -> list:
        """Their approvals, each decided by the headteacher where its stage says so."""
        now, head = timezone.now(), staff[0]
        rows = ApprovalRequest.objects.bulk_create(
            [
                ApprovalRequest(
                    kind=kind,
                    school=school,
                    title=f"Open a blocked site: site{n}.example",
                    requested_by=staff[-1 - n % 5],
                    status="approved" if stages[n % 5] != Stage.ASKED else "refused",
                    closed_at=now,
                )
                for n in range(count)
            ]
        )
        ApprovalRound.objects.bulk_create(
            [
                ApprovalRound(
                    request=row,
                    number=1,
                    snapshot={"form": kind, "sections": []},
                    hash="0" * 64,
                    submitted_by=head,
                )
                for row in rows
            ]
        )
        steps = ApprovalStep.objects.bulk_create(
            [
                ApprovalStep(request=row, order=1, role="headteacher", title="Headteacher", status=row.status)
                for row in rows
            ]
        )
        signed = [
            Signature.objects.create(
                user=head, at=now, typed_name=head.full_name, declaration="Yes", content_hash="0" * 64
            )
            for _ in steps
        ]
        Decision.objects.bulk_create(
            [
                Decision(
                    step=step,
                    round=1,
                    decided_by=head,
                    capacity="Headteacher",
                    outcome=step.status,
                    reasons="Fine",
                    signature=signature,
                    subject_hash="0" * 64,
                )
                for step, signature in zip(steps, signed, strict=True)
            ]
        )
        return rows
