import { databaseText, readVariable, type DatabaseValues } from './database-text.ts';
import type { Layout } from './layout.ts';

type Files = Readonly<Record<string, string>>;

const IMPORTS: Readonly<Record<Layout['reader'], string>> = {
  os: '',
  environ: 'import environ',
  decouple: 'from decouple import config',
  dotenv: 'from dotenv import load_dotenv',
};

/** Files of the settings package and manage.py, by their paths from the folder of manage.py. */
export const settingsFiles = (layout: Layout, values: DatabaseValues): Files => {
  const name = layout.package;
  const isModule = ['module', 'configurations'].includes(layout.settings);
  const text = settingsText(layout, values, isModule ? 1 : 2);
  const variants: Files = {
    [`${name}/settings/base.py`]: text,
    [`${name}/settings/dev.py`]: 'from .base import *\n\nDEBUG = True\n',
    [`${name}/settings/prod.py`]: `import os\n\nfrom .base import *\n\nDEBUG = False\nALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")\nPAYMENT_KEY = os.environ["PAYMENT_KEY"]\n`,
    [`${name}/settings/__init__.py`]: chooserText(layout),
  };
  return {
    'manage.py': managePyText(layout),
    [`${name}/__init__.py`]: '',
    [`${name}/urls.py`]: 'urlpatterns = []\n',
    ...(isModule ? { [`${name}/settings.py`]: layout.settings === 'module' ? text : asClass(text) } : variants),
  };
};

const chooserText = ({ settings }: Layout): string => {
  if (settings === 'chosen')
    return 'import os\n\nif os.environ.get("APP_STAGE", "dev") == "prod":\n    from .prod import *\nelse:\n    from .dev import *\n';
  if (settings === 'chosen-required')
    return 'import os\n\nAPP_STAGE = os.environ["APP_STAGE"]\nif APP_STAGE == "prod":\n    from .prod import *\nelse:\n    from .dev import *\n';
  return '';
};

/** django-configurations: everything that is a setting becomes an attribute of a class. */
const asClass = (text: string): string => {
  const at = text.indexOf('SECRET_KEY');
  const body = text.slice(at).replace(/^(?=.)/gm, '    ');
  return `from configurations import Configuration\n${text.slice(0, at)}\n\nclass Dev(Configuration):\n${body}`;
};

const managePyText = ({ settings, package: name }: Layout): string => {
  const modules: Readonly<Record<Layout['settings'], string>> = {
    module: `${name}.settings`,
    variants: `${name}.settings.dev`,
    production: `${name}.settings.prod`,
    chosen: `${name}.settings`,
    'chosen-required': `${name}.settings`,
    unnamed: '',
    configurations: `${name}.settings`,
  };
  const line =
    settings === 'unnamed' ? '' : `\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "${modules[settings]}")`;
  const more = settings === 'configurations' ? '\n    os.environ.setdefault("DJANGO_CONFIGURATION", "Dev")' : '';
  const library = settings === 'configurations' ? 'configurations.management' : 'django.core.management';
  return `#!/usr/bin/env python
import os
import sys


def main():${line}${more}
    from ${library} import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
`;
};

const settingsText = (layout: Layout, values: DatabaseValues, levels: number): string => {
  const usesUrl = layout.names === 'both' || (layout.names === 'url' && layout.reader !== 'environ');
  const secret =
    layout.secretKey === 'required' ? readVariable(layout, 'SECRET_KEY') : readVariable(layout, 'SECRET_KEY', '"x"');
  return `import os
from pathlib import Path
${IMPORTS[layout.reader]}
${usesUrl ? 'import dj_database_url' : ''}

BASE_DIR = Path(__file__).resolve().parents[${levels}]
${readFileText(layout)}
SECRET_KEY = ${secret}
DEBUG = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "${layout.package}.urls"
# Quick: nobody logs in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
${appsText(layout)}
${databaseText(layout, values)}
`;
};

/** The project loads its .env itself, as far as its library does that when told to. */
const readFileText = ({ reader, given }: Layout): string => {
  const place = { root: 'BASE_DIR.parent / ".env"', settings: 'Path(__file__).resolve().parent / ".env"' } as const;
  const file = given === 'settings' ? place.settings : 'BASE_DIR / ".env"';
  if (reader === 'environ') return `env = environ.Env()\nenviron.Env.read_env(str(${file}))`;
  return reader === 'dotenv' ? `load_dotenv(${file})` : '';
};

const appsText = (layout: Layout): string => {
  const users = ['django.contrib.auth', ...(layout.user === 'default' ? [] : ['accounts'])];
  const userModel = layout.user === 'default' ? '' : 'AUTH_USER_MODEL = "accounts.User"\n';
  const common = 'django.contrib.contenttypes';
  if (layout.tenants === 'none') return `${userModel}INSTALLED_APPS = ${JSON.stringify([common, ...users, 'notes'])}`;
  const app = layout.tenants === 'nested' ? 'apps.customers' : 'customers';
  const shared = ['django_tenants', app, common, ...(layout.usersIn === 'tenant' ? [] : users)];
  const tenant = [common, ...(layout.usersIn === 'shared' ? [] : users), 'notes'];
  const lists =
    layout.tenants === 'types'
      ? `HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
TENANT_TYPES = {
    "public": {"APPS": ${JSON.stringify(shared)}, "URLCONF": "${layout.package}.urls"},
    "shop": {"APPS": ${JSON.stringify(tenant)}, "URLCONF": "${layout.package}.urls"},
    "depot": {"APPS": ${JSON.stringify([common, ...(layout.usersIn === 'shared' ? [] : users)])}, "URLCONF": "${layout.package}.urls"},
}
INSTALLED_APPS = ${JSON.stringify([...new Set([...shared, ...tenant])])}`
      : `SHARED_APPS = ${JSON.stringify(shared)}
TENANT_APPS = ${JSON.stringify(tenant)}
INSTALLED_APPS = ${JSON.stringify([...new Set([...shared, ...tenant])])}`;
  const domain = layout.tenants === 'no-domain' ? '' : 'TENANT_DOMAIN_MODEL = "customers.Domain"\n';
  return `${userModel}${lists}
TENANT_MODEL = "customers.Client"
${domain}DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]`;
};
