import path from 'node:path';

import { expect, test } from 'vitest';

import { findSettingsModule } from '../../../../src/checks/environment/settings/find-settings-module.ts';
import { scanSettings } from '../../../../src/checks/environment/settings/scan-settings.ts';
import { makeTree } from '../../project/make-tree.ts';

const MANAGE = 'import os\ndef main():\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")\n';

test.each([
  [MANAGE, 'config.settings.dev'],
  ['import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "a.b"', 'a.b'],
  ['os.environ.setdefault("DJANGO_SETTINGS_MODULE", get())', null],
  [
    'if T:\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a")\nelse:\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b")',
    null,
  ],
  ['', null],
])('the module of %j', (text, expected) => {
  expect(findSettingsModule(text)).toBe(expected);
});

const scan = async (files: Readonly<Record<string, string>>, module: string | null = null) => {
  const root = await makeTree(files);
  const found = await scanSettings({ managePy: path.join(root, 'manage.py'), directory: root, module });
  return found?.lookups.map(({ name, file, always }) => `${name} ${path.relative(root, file)}${always ? '' : ' ?'}`);
};

const PROJECT = {
  'manage.py': MANAGE,
  'config/__init__.py': 'from .celery import app\n',
  'config/celery.py': 'import os\nBROKER = os.environ["BROKER"]\n',
  'config/env.py': 'import environ\nenv = environ.Env()\n',
  'config/settings/__init__.py': '',
  'config/settings/base.py': 'from config.env import env\nKEY = env("KEY")\n',
  'config/settings/dev.py':
    'from .base import *\nif CI:\n    from .ci import *\ntry:\n    from .local import *\nexcept ImportError:\n    pass\n',
  'config/settings/ci.py': 'import os\nRUN = os.environ["RUN"]\n',
  'config/settings/local.py': 'import os\nMINE = os.environ["MINE"]\n',
  'config/settings/prod.py': 'import os\nPAY = os.environ["PAY"]\n',
};

test('the modules that the settings import are read, and no other variant', async () => {
  expect(await scan(PROJECT)).toEqual([
    'BROKER config/celery.py',
    'KEY config/settings/base.py',
    'RUN config/settings/ci.py ?',
    'MINE config/settings/local.py ?',
  ]);
});

test('what Django or the environment names is read instead', async () => {
  expect(await scan(PROJECT, 'config.settings.prod')).toEqual([
    'BROKER config/celery.py',
    'PAY config/settings/prod.py',
  ]);
});

test('settings that are not there are no settings', async () => {
  expect(await scan({ 'manage.py': MANAGE })).toBeUndefined();
});
