"""Addresses of comments."""

from django.urls import URLPattern, path

from incidents.comments.moves import MOVES
from incidents.comments.views import board, detail, figures, logging, opinions

ONE = "comments/<uuid:uuid>/"

urlpatterns: list[URLPattern] = [
    path("comments/", board.CommentList.as_view(), name="comment-list"),
    path("comments/export/", board.CommentExport.as_view(), name="comment-export"),
    path("comments/new/", logging.CommentLog.as_view(), name="comment-log"),
    path("comments/import/", logging.CommentImport.as_view(), name="comment-import"),
    path("comments/figures/", figures.CommentFigures.as_view(), name="comment-figures"),
    path("comments/figures/export/", figures.CommentFiguresExport.as_view(), name="comment-figures-export"),
    path("comments/opinions/<uuid:uuid>/", opinions.OpinionGive.as_view(), name="opinion-give"),
    path(ONE, detail.CommentDetail.as_view(), name="comment-detail"),
    path(f"{ONE}take/", detail.CommentTake.as_view(), name="comment-take"),
    path(f"{ONE}kind/", detail.CommentKind.as_view(), name="comment-kind"),
    path(f"{ONE}time/", detail.CommentTime.as_view(), name="comment-time"),
    path(f"{ONE}offensive/", detail.CommentOffensive.as_view(), name="comment-offensive"),
    path(f"{ONE}ask/", opinions.OpinionAsk.as_view(), name="opinion-ask"),
    *(
        path(f"{ONE}{move}/", detail.CommentStepAdd.as_view(move=move), name=f"comment-{move}")
        for move in MOVES
    ),
]
