"""Referrals, special cases and the end of a case."""

from django.urls import URLPattern, path

from incidents.concerns.views import outcomes, referrals, special

CASE = "concerns/<uuid:uuid>/"
REFERRAL = f"{CASE}referrals/<uuid:referral>/"

urlpatterns: list[URLPattern] = [
    path("concerns/kept/", outcomes.RetentionList.as_view(), name="concern-retention"),
    path(f"{CASE}refer/", referrals.Refer.as_view(), name="concern-refer"),
    path(f"{REFERRAL}made/", referrals.ReferralMade.as_view(), name="concern-referral-made"),
    path(f"{REFERRAL}advice/", referrals.Advice.as_view(), name="concern-advice"),
    path(f"{REFERRAL}go-ahead/", referrals.Override.as_view(), name="concern-override"),
    path(f"{CASE}people/<uuid:part>/wish/", referrals.Wish.as_view(), name="concern-wish"),
    path(f"{CASE}spare/", referrals.Spare.as_view(), name="concern-spare"),
    path(f"{CASE}conduct/", referrals.Conduct.as_view(), name="concern-conduct"),
    path(f"{CASE}measure/", outcomes.SanctionAdd.as_view(), name="concern-sanction"),
    path(f"{CASE}parents/", outcomes.Parents.as_view(), name="concern-parents"),
    path(f"{CASE}close/", outcomes.CaseClose.as_view(), name="concern-close"),
    path(f"{CASE}reopen/", outcomes.CaseReopen.as_view(), name="concern-reopen"),
    path(f"{CASE}keep/", outcomes.CaseKeep.as_view(), name="concern-keep"),
    path(f"{CASE}breach/aware/", special.BreachAware.as_view(), name="concern-breach-aware"),
    path(f"{CASE}breach/decide/", special.BreachDecide.as_view(), name="concern-breach-decide"),
    path(f"{CASE}breach/reported/", special.BreachReported.as_view(), name="concern-breach-reported"),
    path(f"{CASE}hearing/", special.HearingAdd.as_view(), name="concern-hearing"),
    path(f"{CASE}acknowledge/", special.Acknowledge.as_view(), name="concern-acknowledge"),
]
