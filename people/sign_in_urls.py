"""Addresses of the sign-in pages, under the names that django-allauth reverses. Only what is needed."""

from allauth.account import views as library
from django.urls import path
from django.views.generic import RedirectView

from core.access import declare, public
from people.views import sign_in

SIGNED_IN = "signed in"

urlpatterns = [
    path("sign-in/", public(sign_in.SignIn.as_view()), name="account_login"),
    path("sign-out/", public(sign_in.SignOut.as_view()), name="account_logout"),
    path(
        "sign-in/again/", declare(sign_in.Reauthenticate.as_view(), SIGNED_IN), name="account_reauthenticate"
    ),
    path("sign-in/closed/", public(library.AccountInactiveView.as_view()), name="account_inactive"),
    path("sign-up/", public(sign_in.closed), name="account_signup"),
    path("password/", declare(sign_in.PasswordChange.as_view(), SIGNED_IN), name="account_change_password"),
    path(
        "password/first/",
        declare(RedirectView.as_view(pattern_name="account_reset_password"), SIGNED_IN),
        name="account_set_password",
    ),
    path("password/forgotten/", public(sign_in.PasswordReset.as_view()), name="account_reset_password"),
    path(
        "password/forgotten/code/",
        public(sign_in.PasswordCode.as_view()),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/forgotten/new/",
        public(sign_in.PasswordNew.as_view()),
        name="account_complete_password_reset",
    ),
    path(
        "password/forgotten/done/",
        public(library.PasswordResetFromKeyDoneView.as_view()),
        name="account_password_reset_completed",
    ),
]
