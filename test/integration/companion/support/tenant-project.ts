import type { TestDatabase } from '../../../support/postgres.ts';
import type { Files } from './django-project.ts';

export interface TenantSettings {
  readonly engine?: string;
  readonly shared?: readonly string[];
  readonly tenant?: readonly string[];
  /** Python appended to the settings. */
  readonly extra?: string;
  readonly database?: TestDatabase;
}

const list = (entries: readonly string[]): string => JSON.stringify(entries);

/** Files of a project with django-tenants: an app `customers` with tenants and domains, and a `people` app with a user model. */
export const tenantFiles = (options: TenantSettings = {}): Files => {
  const { engine = 'django_tenants.postgresql_backend', database, extra = '' } = options;
  const shared = options.shared ?? ['django_tenants', 'customers', 'shop', 'django.contrib.contenttypes', 'people'];
  const tenant = options.tenant ?? ['django.contrib.contenttypes'];
  return {
    'mysite/settings.py': `
SECRET_KEY = 'only for tests'
DEBUG = False
SHARED_APPS = ${list(shared)}
TENANT_APPS = ${list(tenant)}
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]
DATABASES = {'default': {
    'ENGINE': '${engine}',
    'NAME': '${database?.name ?? 'nowhere'}', 'USER': '${database?.user ?? 'nobody'}',
    'PASSWORD': '${database?.password ?? 'p@ss:word/%'}', 'HOST': '${database?.host ?? 'db.invalid'}', 'PORT': ${database?.port ?? 5433},
    'OPTIONS': {'sslmode': 'disable', 'application_name': 'mysite'},
}}
DATABASE_ROUTERS = ['django_tenants.routers.TenantSyncRouter']
TENANT_MODEL = 'customers.Client'
TENANT_DOMAIN_MODEL = 'customers.Domain'
AUTH_USER_MODEL = 'people.Person'
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
USE_TZ = True
${extra}
`,
    'customers/__init__.py': '',
    'customers/models.py': `
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

class Client(TenantMixin):
    name = models.CharField(max_length=100)

class Domain(DomainMixin):
    pass
`,
    'people/__init__.py': '',
    'people/apps.py': `
from django.apps import AppConfig

class PeopleConfig(AppConfig):
    name = 'people'
`,
    'people/models.py': `
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

class Person(AbstractBaseUser):
    mail = models.EmailField(unique=True)
    city = models.CharField(max_length=50)
    USERNAME_FIELD = 'mail'
    REQUIRED_FIELDS = ['city']
`,
  };
};
