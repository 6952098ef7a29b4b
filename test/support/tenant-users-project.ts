import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import type { Venv } from './venv.ts';

const execute = promisify(execFile);

export const TENANT_USERS: readonly string[] = [
  'Django==5.2.19',
  'django-tenants==4.0.1',
  'django-tenant-users==3.0.1',
  'psycopg[binary]==3.3.9',
];

const FILES: Readonly<Record<string, string>> = {
  'manage.py': `import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
`,
  'config/__init__.py': '',
  'config/urls.py': 'urlpatterns = []\n',
  'config/settings.py': `import os
from urllib.parse import unquote, urlparse

SECRET_KEY = "of-a-test-and-long-enough-to-be-one"
DEBUG = True
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = PUBLIC_SCHEMA_URLCONF = "config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_url = urlparse(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": _url.path[1:],
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _url.hostname,
        "PORT": _url.port,
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
MIDDLEWARE = [
    "django_tenants.middleware.main.TenantMainMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
SHARED_APPS = [
    "django_tenants",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "tenant_users.permissions",
    "tenant_users.tenants",
    "companies",
    "users",
]
TENANT_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "tenant_users.permissions"]
INSTALLED_APPS = list(dict.fromkeys(SHARED_APPS + TENANT_APPS))
TENANT_MODEL = "companies.Company"
TENANT_DOMAIN_MODEL = "companies.Domain"
AUTH_USER_MODEL = "users.TenantUser"
AUTHENTICATION_BACKENDS = ("tenant_users.permissions.backend.UserBackend",)
TENANT_USERS_DOMAIN = "localhost"
`,
  'companies/__init__.py': '',
  'companies/migrations/__init__.py': '',
  'companies/models.py': `from django.db import models
from django_tenants.models import DomainMixin
from tenant_users.tenants.models import TenantBase


class Company(TenantBase):
    name = models.CharField(max_length=100)


class Domain(DomainMixin):
    pass
`,
  'users/__init__.py': '',
  'users/migrations/__init__.py': '',
  'users/models.py': `from tenant_users.tenants.models import UserProfile


class TenantUser(UserProfile):
    pass
`,
};

export interface TenantUsersProject {
  readonly root: string;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** A project in which users are global and their permissions are kept per tenant, by the django-tenant-users of PyPI. */
export const createTenantUsersProject = async (python: Venv, url: string): Promise<TenantUsersProject> => {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-tenant-users-')));
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  };
  for (const [name, text] of Object.entries(FILES)) await write(name, text);
  const env = { ...process.env, DATABASE_URL: url };
  await execute(python.python, ['manage.py', 'makemigrations', 'companies', 'users'], { cwd: root, env });
  return { root, write, remove: () => rm(root, { recursive: true, force: true }) };
};
