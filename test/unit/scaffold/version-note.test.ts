import { expect, test } from 'vitest';

import { versionsWithoutEffect } from '../../../src/scaffold/plan/version-note.ts';

const NAME = '.devcontainer/devcontainer.json';
const created = (after: string) => [{ path: 'x.yml', action: 'create' as const, before: null, after, reason: null }];

test('versions asked for a dev container of its own are said to have no effect, unless init writes them', () => {
  const asked = { pythonVersion: '3.12', postgresVersion: '16', databaseName: 'app' };
  expect(versionsWithoutEffect(asked, NAME, [])).toEqual([
    `--python 3.12 and --postgres 16 have no effect: ${NAME} is not what this version of devsetup writes, so init keeps its versions. Change them in the image, Dockerfile or compose file that it names.`,
  ]);
  expect(versionsWithoutEffect({ postgresVersion: '16' }, NAME, created('    image: postgres:16-bookworm\n'))).toEqual(
    [],
  );
  expect(versionsWithoutEffect({ databaseName: 'app' }, NAME, [])).toEqual([]);
});
