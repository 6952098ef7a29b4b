import path from 'node:path';

import { expect, test } from 'vitest';

import { pasteFaults } from '../../support/pasted-commands.ts';
import { makeTree } from '../project/make-tree.ts';

test.each([
  ['cp .env.example .env', ''],
  ['cd backend && ../bin/python manage.py check', 'there is no program ../bin/python'],
  ['cd backend && python3 manage.py check', ''],
  ['python3 manage.py check', 'manage.py'],
  ['cp .env.sample .env', '.env.sample'],
  ['cd back && npx devsetup', 'there is no folder'],
  ['docker compose -f docker/local.yml up -d db', ''],
  ['docker compose -f local.yml up -d db', 'local.yml'],
  ["npx devsetup --project 'my shop'", 'my shop'],
  ["cp .env.example 'x", 'bash cannot parse it'],
  ['npx devsetupp && no-such-program', 'there is no program no-such-program'],
  ['cp .env.example no/.env', 'there is no'],
  ['gh secret set DATABASE_URL --env production', ''],
  ['cp <sample> .env', ''],
])('of a printed command is reported what keeps it from running where it is pasted: %s', async (command, fault) => {
  const root = await makeTree({ '.env.example': '', 'backend/manage.py': '', 'docker/local.yml': '' });
  const report = { checks: [{ findings: [{ remedy: { text: 'Type it.', command } }] }] };
  const faults = pasteFaults(report, { cwd: root, path: process.env['PATH'] ?? '' });
  expect(faults.map((text) => text.slice(command.length))).toEqual(
    fault === '' ? [] : [expect.stringContaining(fault)],
  );
  const hint = { steps: [{ failure: { hint: `Do it: \`${command}\`.` } }] };
  if (!command.startsWith('no-'))
    expect(pasteFaults(hint, { cwd: root, path: process.env['PATH'] ?? '' })).toEqual(faults);
  const elsewhere = { cwd: path.join(root, 'docker'), path: process.env['PATH'] ?? '' };
  if (command.startsWith('cp .env.example')) expect(pasteFaults(report, elsewhere)).not.toEqual([]);
});
