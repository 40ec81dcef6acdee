"""The board, the case, and the steps on it."""

from django.urls import path

from incidents.concerns.views import board, case, case_people, casework

ONE = "concerns/<uuid:uuid>/"

urlpatterns = [
    path("concerns/", board.Board.as_view(), name="board"),
    path(ONE, case.CaseDetail.as_view(), name="case"),
    path(f"{ONE}note/", casework.NoteAdd.as_view(), name="case-note"),
    path(f"{ONE}lines/<uuid:entry>/correct/", casework.NoteCorrect.as_view(), name="case-correct"),
    path(f"{ONE}take/", casework.CaseTake.as_view(), name="case-take"),
    path(f"{ONE}assign/", casework.CaseAssign.as_view(), name="case-assign"),
    path(f"{ONE}category/", casework.CaseClassify.as_view(), name="case-classify"),
    path(f"{ONE}waiting/", casework.CaseWait.as_view(), name="case-wait"),
    path(f"{ONE}policy/", casework.CasePolicy.as_view(), name="case-policy"),
    path(f"{ONE}reference/", casework.CaseReference.as_view(), name="case-reference"),
    path(f"{ONE}image/", casework.CaseImage.as_view(), name="case-image"),
    path(f"{ONE}decision/", casework.DecisionAdd.as_view(), name="case-decide"),
    path(f"{ONE}actions/new/", casework.ActionAdd.as_view(), name="case-action-add"),
    path(f"{ONE}actions/<uuid:act>/", casework.ActionChange.as_view(), name="case-action-change"),
    path(f"{ONE}actions/<uuid:act>/done/", casework.ActionDone.as_view(), name="case-action-done"),
    path(f"{ONE}link/", casework.CaseLinkAdd.as_view(), name="case-link"),
    path(f"{ONE}people/new/", case_people.PersonAdd.as_view(), name="case-person-add"),
    path(f"{ONE}people/<uuid:part>/find/", case_people.PersonIdentify.as_view(), name="case-person-identify"),
    path(
        f"{ONE}people/<uuid:part>/mistake/",
        case_people.PersonMistaken.as_view(),
        name="case-person-mistaken",
    ),
    path(f"{ONE}kept-out/<uuid:person>/", case_people.NotMeant.as_view(), name="case-not-meant"),
    path(f"{ONE}share/", case_people.CaseShareAdd.as_view(), name="case-share"),
    path(f"{ONE}shares/<uuid:share>/end/", case_people.CaseShareEnd.as_view(), name="case-unshare"),
    path(f"{ONE}stand-back/", case_people.CaseRecuse.as_view(), name="case-recuse"),
]
