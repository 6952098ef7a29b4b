import path from 'node:path';

import { expect, test } from 'vitest';

import { findPostgresqlMention } from '../../../src/project/find-settings-line.ts';
import { makeTree } from './make-tree.ts';

const POSTGRESQL = `DATABASES = {\n        "default": {\n            "ENGINE": "django.db.backends.postgresql",\n        }\n    }`;
const SQLITE = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}';

test.each([
  ['a condition', `if os.environ.get("USE_PG"):\n    ${POSTGRESQL}\nelse:\n    ${SQLITE}\n`, 'USE_PG'],
  ['its other branch', `if env.bool("USE_SQLITE", False):\n    ${SQLITE}\nelse:\n    ${POSTGRESQL}\n`, 'USE_SQLITE'],
  [
    'a name that is assigned before',
    `LOCAL = config("LOCAL", cast=bool)\n\nif not LOCAL:\n    ${POSTGRESQL}\n`,
    'LOCAL',
  ],
  ['nothing of the environment', `if sys.argv[1:2] == ["test"]:\n    ${POSTGRESQL}\n`, undefined],
  ['no condition', `VALUE = os.environ["OTHER"]\n${POSTGRESQL}\n`, undefined],
])('the variable that makes settings choose PostgreSQL is named: %s', async (_, text, variable) => {
  const root = await makeTree({ 'site/settings.py': text });
  const backend = { directory: root } as never;
  const found = await findPostgresqlMention({ root, backend, frontends: [] }, 'site.settings');
  expect(found?.place).toMatch(/^site\/settings\.py:\d+$/);
  expect(found?.variable).toBe(variable);
  expect(path.isAbsolute(found?.place ?? '')).toBe(false);
});
