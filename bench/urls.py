"""The portal's addresses, a bare page with the same base template, and plain admin lists as yardsticks."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.models import AccountRequest, SocialAccount
from approvals.models import ApprovalRequest, PupilWifi, SecurityMeasure, UnblockRequest
from consent.models import PostSearch, Pupil
from core.access import DECLARED_NAMESPACES, declare
from incidents.models import AbuseEntry, Comment, Concern, Matter
from people.models import Membership
from policies.models import Document, TrainingDuty


class PlainSite(admin.AdminSite):
    """Django's own admin, as it comes, for whoever is signed in."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Everybody of the bench."""
        return True


class PlainList(admin.ModelAdmin):
    """A change list with the page size of ours."""

    list_per_page = 25
    has_view_permission = has_change_permission = has_module_permission = lambda self, request, obj=None: True


class AccountList(PlainList):
    """The columns of our register."""

    list_display = ("name", "platform", "handle", "school", "status", "live_since")
    list_filter = ("platform", "status")
    search_fields = ("name",)


class RequestList(PlainList):
    """The columns of our list of requests."""

    list_display = ("name", "platform", "school", "requested_by", "changed_at")
    list_filter = ("platform",)
    search_fields = ("name",)


class ApprovalList(PlainList):
    """The columns of our queue."""

    list_display = ("title", "school", "requested_by", "due_at")
    list_filter = ("status",)
    search_fields = ("title",)


class MembershipList(PlainList):
    """The columns of our list of people."""

    list_display = ("user", "role", "school")
    list_filter = ("role",)
    search_fields = ("user__full_name",)


class OpeningList(PlainList):
    """The columns of our lists of openings."""

    list_display = ("__str__", "school", "requested_by", "for_whom", "created_at", "until", "stage")
    list_filter = ("stage",)
    search_fields = ("reasons",)


class MeasureList(PlainList):
    """The columns of our list of measures."""

    list_display = ("title", "school", "kind", "status", "review_on")
    list_filter = ("status", "kind")
    search_fields = ("title",)


class MatterList(PlainList):
    """The columns of our lists of incidents."""

    list_display = ("__str__", "kind", "school", "reporter", "at")
    list_filter = ("kind",)
    search_fields = ("about_words",)


class ConcernList(PlainList):
    """The columns of our board."""

    list_display = ("reference", "category", "school", "status", "owner", "at")
    list_filter = ("status", "category")
    search_fields = ("reference",)


class AbuseList(PlainList):
    """The columns of our abuse log."""

    list_display = ("author", "nature", "against", "school", "seen_at", "done_at")
    list_filter = ("nature", "against")
    search_fields = ("author", "words")


class CommentList(PlainList):
    """The columns of our board of comments."""

    list_display = ("author", "kind", "account", "school", "due_at", "answered_at")
    list_filter = ("kind",)
    search_fields = ("author", "words")


class DocumentList(PlainList):
    """The columns of our list of documents."""

    list_display = ("title", "kind", "school", "review_on")
    list_filter = ("kind",)
    search_fields = ("title",)


class DutyList(PlainList):
    """The columns of our list of who owes which training."""

    list_display = ("user", "kind", "school", "due_on")
    list_filter = ("kind",)
    search_fields = ("user__full_name",)


class PupilList(PlainList):
    """The columns of our register of consent that need no answers."""

    list_display = ("__str__", "school", "class_name", "year_group")
    list_filter = ("year_group",)
    search_fields = ("search_name",)


class SearchList(PlainList):
    """The columns of our list of earlier posts to look for."""

    list_display = ("pupil", "school", "why", "raised_at", "outcome")
    list_filter = ("outcome",)


site = PlainSite(name="plain")
site.register(SocialAccount, AccountList)
site.register(AccountRequest, RequestList)
site.register(ApprovalRequest, ApprovalList)
site.register(Membership, MembershipList)
site.register(UnblockRequest, OpeningList)
site.register(PupilWifi, OpeningList)
site.register(SecurityMeasure, MeasureList)
site.register(Matter, MatterList)
site.register(Concern, ConcernList)
site.register(AbuseEntry, AbuseList)
site.register(Comment, CommentList)
site.register(Document, DocumentList)
site.register(TrainingDuty, DutyList)
site.register(Pupil, PupilList)
site.register(PostSearch, SearchList)
DECLARED_NAMESPACES.add("plain")


def bare(request: HttpRequest) -> HttpResponse:
    """Signed in, the same base template, one heading."""
    return render(request, "bench/bare.html")


urlpatterns = [
    path("bench/bare/", declare(bare, "signed in"), name="bench-bare"),
    path("bench/plain/", site.urls),
    path("", include("smgov.urls")),
]
