"""Addresses of signing in and of one's account; include at "".

The names are allauth's. Its e-mail and password-reset pages are not mounted: a lost password is replaced after
signing in by code. Its password pages are replaced by one of ours; where a code is sent, by views on top of its own.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as spare_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path
from django.views.generic import RedirectView

from base.accounts import code_views, views

SIGN_IN = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-nhap/ma/", account.request_login_code, name="account_request_login_code"),
    path("dang-nhap/ma/nhap/", code_views.ConfirmLoginCode.as_view(), name="account_confirm_login_code"),
    path("dang-nhap/ma-gap-mat/", views.shown_code, name="account_shown_code"),
    path("dang-nhap/hai-lop/", mfa.authenticate, name="mfa_authenticate"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("dang-ky/", code_views.SignUp.as_view(), name="account_signup"),
    path("tai-khoan/xac-nhan-so/", code_views.verify_phone, name="account_verify_phone"),
    path("tai-khoan/dong/", account.account_inactive, name="account_inactive"),
    path(
        "tai-khoan/quen-mat-khau/",
        RedirectView.as_view(pattern_name="account_request_login_code", query_string=True),
        name="account_reset_password",
    ),
]
NAMED = [path("", views.home, name="home"), path("ten/", views.name, name="name")]
MINE = [
    path("tai-khoan/", include((NAMED, "accounts"))),
    path("tai-khoan/mat-khau/", views.password, name="account_change_password"),
    path("tai-khoan/doi-so/", code_views.ChangePhone.as_view(), name="account_change_phone"),
    path("tai-khoan/xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    path("tai-khoan/hai-lop/", mfa.index, name="mfa_index"),
    path("tai-khoan/hai-lop/xac-nhan/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("tai-khoan/hai-lop/bat/", totp.activate_totp, name="mfa_activate_totp"),
    path("tai-khoan/hai-lop/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("tai-khoan/hai-lop/ma-du-phong/", spare_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tai-khoan/hai-lop/ma-du-phong/tao/", spare_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("tai-khoan/hai-lop/ma-du-phong/tai/", spare_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]  # fmt: skip
urlpatterns = [*SIGN_IN, *MINE]
