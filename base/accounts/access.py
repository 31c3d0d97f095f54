"""Rows of the permission matrix for signing in and one's own account."""

from base.access.matrix import Role, Scope, named, register

register(
    [
        named(
            "account",
            "sign in",
            [Role.ANYONE],
            Scope.ALL,
            "account_login",
            "account_logout",
            "account_request_login_code",
            "account_confirm_login_code",
            "account_shown_code",
            "account_inactive",
            "account_reset_password",
            "mfa_authenticate",
            "door_of_wagtail",
            "door_of_wagtail_reset",
            "door_of_admin",
            "door_of_oscar",
        ),
        named("account", "make", [Role.ANYONE], Scope.ALL, "account_signup", "account_verify_phone"),
        named(
            "account",
            "see and change",
            [Role.LEARNER],
            Scope.OWN,
            "accounts:home",
            "accounts:name",
            "account_change_password",
            "account_change_phone",
            "account_reauthenticate",
        ),
        named(
            "second factor",
            "see and change",
            [Role.LEARNER],
            Scope.OWN,
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
        ),
    ]
)
