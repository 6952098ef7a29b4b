import { afterAll, beforeAll, expect, test } from 'vitest';

import { BAD, makeCheckout, type AuditCheckout } from './support/checkout.ts';

let checkout: AuditCheckout;
beforeAll(() => {
  checkout = makeCheckout({ '.github/workflows/ship.yml': BAD });
});
afterAll(() => checkout.remove());

test('a workflow is told as it is understood: jobs, roles and why, edges, migrations, images with what their tags are', async () => {
  const { stdout, exitCode } = await checkout.audit(['--explain', '.github/workflows/ship.yml']);
  expect(exitCode).toBe(0);
  const blocks = stdout.split('\n\n');
  const [head = '', migrate = '', deploy = ''] = blocks;
  expect(head).toMatch(/^\.github\/workflows\/ship\.yml · Ship\non push/);
  expect(migrate).toMatch(/^migrate {2}migrate {2}line 4$/m);
  expect(migrate).toMatch(/migrates: migrate .*its failure is hidden: \|\| true · line 12/);
  expect(deploy).toMatch(/^deploy {2}deploy {2}line 13$/m);
  expect(deploy).toContain('waits for migrate');
  expect(deploy).toMatch(/pull: ghcr\.io\/acme\/shop:latest · is mutable · .*line 19/);
});

test('as JSON it is one document', async () => {
  const { stdout } = await checkout.audit(['--explain', '.github/workflows/ship.yml', '--json']);
  const { schemaVersion, workflows } = JSON.parse(stdout);
  expect(schemaVersion).toBe(1);
  expect(workflows[0].jobs.map(({ key, role }: { key: string; role: string }) => [key, role])).toEqual([
    ['migrate', 'migrate'],
    ['deploy', 'deploy'],
  ]);
});

test('a role of the configuration is told with its reason', async () => {
  checkout.write('devsetup.config.jsonc', '{"audit": {"roles": {"dep*": "other"}}}');
  const { stdout } = await checkout.audit(['--explain', '.github/workflows/ship.yml']);
  checkout.write('devsetup.config.jsonc', '{}');
  expect(stdout).toMatch(/^deploy {2}other {2}line 13\n.*configuration/m);
});

test('of a rule its page is printed', async () => {
  const { stdout, exitCode } = await checkout.audit(['--explain', 'migrate/order']);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^# .+\n/)]);
});

test('anything else is exit code 2, with what was meant', async () => {
  const { exitCode, stderr } = await checkout.audit(['--explain', 'migrate/ordre']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean migrate/order?')]);
});
