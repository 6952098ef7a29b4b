"""What the settings take from outside: a .env file for development, and where the database is."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit


def read_env_file(path):
    """Sets the variables of a .env file that the process does not have yet. No file: nothing to do."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def database_from_environment():
    """NAME, USER, PASSWORD, HOST, PORT, OPTIONS: from DATABASE_URL if it is set, else from DB_*."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {
            "NAME": os.environ.get("DB_NAME", "lending"),
            "USER": os.environ.get("DB_USER", "postgres"),
            "PASSWORD": os.environ.get("DB_PASSWORD", ""),
            "HOST": os.environ.get("DB_HOST", "localhost"),
            "PORT": os.environ.get("DB_PORT", "5432"),
            "OPTIONS": {},
        }
    parts = urlsplit(url)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Such as ?sslmode=require.
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
