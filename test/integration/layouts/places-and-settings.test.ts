import { defineLayouts } from '../../support/layouts/define-layouts.ts';

const MANAGE_PY = { config: { backend: { managePy: 'api/manage.py' } } };

defineLayouts('places and settings', [
  { name: 'manage.py in the root', layout: { place: 'root', settings: 'module' } },
  { name: 'manage.py in backend/', layout: { place: 'backend', settings: 'variants' } },
  { name: 'manage.py one folder down', layout: { place: 'other', settings: 'chosen' } },
  { name: 'manage.py two folders down', layout: { place: 'two-down', settings: 'module', given: 'backend' } },
  {
    name: 'manage.py three folders down',
    layout: { place: 'three-down' },
    refused: {
      code: 'MANAGE_PY_MISSING',
      names: ['backend.managePy', 'devsetup.config.jsonc', '--project'],
      mend: { config: { backend: { managePy: 'code/python/site/manage.py' } } },
    },
  },
  {
    name: 'two manage.py of one rank',
    layout: { place: 'several' },
    refused: {
      code: 'MANAGE_PY_AMBIGUOUS',
      names: ['api/manage.py, office/manage.py', 'managePy'],
      mend: MANAGE_PY,
    },
  },
  { name: 'a manage.py of another framework in the root', layout: { place: 'disguised' } },
  { name: 'settings in one module, an env file in the root', layout: { settings: 'module', given: 'root' } },
  { name: 'settings in variants, the development one named', layout: { settings: 'variants', given: 'process' } },
  {
    name: 'settings in variants, the production one named',
    layout: { settings: 'production', package: 'shop', sample: null },
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['ALLOWED_HOSTS', 'PAYMENT_KEY', 'settings/prod.py'],
      mend: { env: { DJANGO_SETTINGS_MODULE: 'shop.settings.dev' } },
    },
  },
  {
    name: 'production settings on a machine without the database',
    layout: { settings: 'production', given: 'process' },
    config: {},
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['ALLOWED_HOSTS', 'PAYMENT_KEY'],
      mend: {
        env: { ALLOWED_HOSTS: 'localhost', PAYMENT_KEY: 'none' },
        config: { database: { create: true }, tenants: { guest: { outsideDevelopment: true } } },
      },
    },
  },
  { name: 'settings chosen in __init__ with a default', layout: { settings: 'chosen' } },
  {
    name: 'settings chosen in __init__ by a variable nobody set',
    layout: { settings: 'chosen-required', given: 'process', sample: '.env.example' },
    refused: { code: 'ENVIRONMENT_MISSING', names: ['APP_STAGE'], mend: { env: { APP_STAGE: 'dev' } } },
  },
  {
    name: 'manage.py names no settings',
    layout: { settings: 'unnamed', package: 'config' },
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['DJANGO_SETTINGS_MODULE'],
      mend: {
        files: { '.devcontainer.json': '{ "containerEnv": { "DJANGO_SETTINGS_MODULE": "config.settings.dev" } }' },
      },
    },
  },
  { name: 'settings as a class', layout: { settings: 'configurations', reader: 'os' } },
  {
    name: 'settings as a class, with plain Django',
    layout: { settings: 'configurations', reader: 'environ', tenants: 'none', generation: 'django 5.2' },
  },
]);
