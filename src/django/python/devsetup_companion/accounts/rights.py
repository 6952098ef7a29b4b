"""What keeps a user from logging in and administering."""

from __future__ import annotations

from typing import Any, List

from django.apps import apps
from django.contrib.auth.hashers import check_password

#: In the order they are reported in; `Lack` of protocol.ts.
INACTIVE = "inactive"
PASSWORD_UNUSABLE = "password-unusable"
PASSWORD_DIFFERS = "password-differs"
NOT_STAFF = "not-staff"
NOT_SUPERUSER = "not-superuser"


def lacks(user: Any, password: str) -> List[str]:
    """
    Empty: the user can log in with this password and administer everything, in the schema that is set. Asks the user and the
    project's authentication backends, not columns: both may be kept elsewhere. Changes nothing.
    """
    found: List[str] = []
    if not getattr(user, "is_active", True):
        found.append(INACTIVE)
    if not user.has_usable_password():
        found.append(PASSWORD_UNUSABLE)
    # Not user.check_password: that one saves a stronger hash when it can.
    elif password and not check_password(password, user.password):
        found.append(PASSWORD_DIFFERS)
    if apps.is_installed("django.contrib.admin") and not getattr(user, "is_staff", False):
        found.append(NOT_STAFF)
    # No backend gives permissions to an inactive user; they are checked once it is active.
    if not getattr(user, "is_superuser", False) and INACTIVE not in found and not _may_do_everything(user):
        found.append(NOT_SUPERUSER)
    return found


def _may_do_everything(user: Any) -> bool:
    """A user model without `is_superuser` answers by `has_perm`, which asks the backends."""
    if not callable(getattr(user, "has_perm", None)):
        return False
    return all(
        user.has_perm("%s.%s_%s" % (model._meta.app_label, action, model._meta.model_name))
        for model in apps.get_models()
        for action in model._meta.default_permissions
    )
