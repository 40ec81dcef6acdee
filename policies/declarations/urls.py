"""Addresses of declarations."""

from django.urls import URLPattern, path

from policies.declarations import departure_views, heard_views, link_views, name_views

urlpatterns: list[URLPattern] = [
    path("declarations/", link_views.DeclarationList.as_view(), name="declaration-list"),
    path("declarations/new/", link_views.DeclarationMake.as_view(), name="declaration-make"),
    path("declarations/<uuid:uuid>/", link_views.DeclarationDetail.as_view(), name="declaration-detail"),
    path("declarations/<uuid:uuid>/note/", link_views.DeclarationNote.as_view(), name="declaration-note"),
    path("declarations/<uuid:uuid>/end/", link_views.DeclarationEnd.as_view(), name="declaration-end"),
    path("declarations/<uuid:uuid>/meant/", heard_views.DeclarationMeant.as_view(), name="declaration-meant"),
    path("declarations/<uuid:uuid>/keep/", heard_views.DeclarationHoldOn.as_view(), name="declaration-hold"),
    path(
        "declarations/<uuid:uuid>/release/",
        heard_views.DeclarationRelease.as_view(),
        name="declaration-release",
    ),
    path("departures/", departure_views.DepartureList.as_view(), name="departure-list"),
    path("departures/new/", departure_views.DepartureMake.as_view(), name="departure-make"),
    path("departures/<uuid:uuid>/", departure_views.DepartureDetail.as_view(), name="departure-detail"),
    path(
        "departures/<uuid:uuid>/advice/", departure_views.DepartureAdvice.as_view(), name="departure-advice"
    ),
    path(
        "departures/<uuid:uuid>/advise/", departure_views.DepartureAdvise.as_view(), name="departure-advise"
    ),
    path(
        "departures/<uuid:uuid>/answer/", departure_views.DepartureAnswer.as_view(), name="departure-answer"
    ),
    path(
        "departures/<uuid:uuid>/withdraw/",
        departure_views.DepartureWithdraw.as_view(),
        name="departure-withdraw",
    ),
    path("departures/<uuid:uuid>/keep/", heard_views.DepartureHoldOn.as_view(), name="departure-hold"),
    path(
        "departures/<uuid:uuid>/release/",
        heard_views.DepartureRelease.as_view(),
        name="departure-release",
    ),
    path("name-and-logo/", name_views.NameUseList.as_view(), name="name-use-list"),
    path("name-and-logo/new/", name_views.NameUseAsk.as_view(), name="name-use-ask"),
    path("name-and-logo/<uuid:uuid>/", name_views.NameUseDetail.as_view(), name="name-use-detail"),
    path("name-and-logo/<uuid:uuid>/end/", name_views.NameUseEnd.as_view(), name="name-use-end"),
    path(
        "name-and-logo/<uuid:uuid>/withdraw/", name_views.NameUseWithdraw.as_view(), name="name-use-withdraw"
    ),
]
