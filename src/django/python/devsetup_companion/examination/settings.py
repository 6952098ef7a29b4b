"""Settings that django-tenants depends on."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

#: Where they cannot be read.
NOTHING: Dict[str, Any] = {
    "routers": [],
    "middleware": [],
    "sharedApps": None,
    "tenantApps": None,
    "hasSecretKeyFallbacks": False,
    "allowedHosts": [],
}


def examine() -> Dict[str, Any]:
    """Lists as written."""
    from django.conf import settings

    return {
        "routers": _texts(settings.DATABASE_ROUTERS) or [],
        "middleware": _texts(settings.MIDDLEWARE) or [],
        "sharedApps": _texts(getattr(settings, "SHARED_APPS", None)),
        "tenantApps": _texts(getattr(settings, "TENANT_APPS", None)),
        "hasSecretKeyFallbacks": bool(getattr(settings, "SECRET_KEY_FALLBACKS", None)),
        "allowedHosts": _texts(settings.ALLOWED_HOSTS) or [],
    }


def _texts(values: Any) -> Optional[List[str]]:
    return None if values is None else [_text(value) for value in values]


def _text(value: Any) -> str:
    """A router may be an object: it is called by its class, as a setting would name it."""
    return value if isinstance(value, str) else "%s.%s" % (type(value).__module__, type(value).__qualname__)
