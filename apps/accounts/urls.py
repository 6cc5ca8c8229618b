"""Pages of accounts. Of allauth only what the site offers: no registration, no e-mail addresses to keep."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from apps.accounts import pages, people

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", factor.authenticate, name="mfa_authenticate"),
    path("login/inactive/", account.account_inactive, name="account_inactive"),
    path("login/sso/<str:provider_id>/", pages.single_sign_on, name="openid_connect_login"),
    path("login/sso/<str:provider_id>/callback/", oidc.callback, name="openid_connect_callback"),
    path("login/sso-cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("login/sso-name/", social.signup, name="socialaccount_signup"),
    path("logout/", LogoutView.as_view(), name="account_logout"),
    path("invitations/<str:secret>/", pages.invitation, name="invitation"),
    path("preferences/", pages.choose, name="preferences"),
    path("account/", pages.account, name="account"),
    path("account/sessions/", pages.end_other_sessions, name="account-sessions"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/new/", account.password_set, name="account_set_password"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/sign-on/", social.connections, name="socialaccount_connections"),
    path("account/factor/", RedirectView.as_view(pattern_name="account"), name="mfa_index"),
    path("account/factor/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/factor/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/factor/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("projects/<slug:slug>/people/", people.people, name="people"),
    path("projects/<slug:slug>/people/member/", people.set_member, name="people-member"),
    path("projects/<slug:slug>/people/remove/", people.remove_member, name="people-remove"),
    path("projects/<slug:slug>/people/invite/", people.invite, name="people-invite"),
    path(
        "projects/<slug:slug>/people/invitations/<int:invitation_id>/withdraw/",
        people.uninvite,
        name="people-uninvite",
    ),
    path("projects/<slug:slug>/people/token/", people.make_token, name="people-token"),
    path(
        "projects/<slug:slug>/people/tokens/<int:token_id>/revoke/", people.revoke_token, name="people-revoke"
    ),
]
