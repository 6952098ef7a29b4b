import { describe, expect, test } from 'vitest';

import type { Variation } from '../../support/sample-project.ts';
import { withoutOwnCommands, plainDjango } from '../../support/variations.ts';
import { findInterpreter } from '../../support/interpreters.ts';
import { needs } from '../../support/needs.ts';
import { DJANGO_52, PAIRS, PLAIN } from '../../support/venv.ts';
import { statuses, withSite } from './support/site.ts';
import { isThorough } from '../../support/thoroughness.ts';

const CREDENTIALS = { DJANGO_SUPERUSER_USERNAME: 'ada', DJANGO_SUPERUSER_PASSWORD: 'correct horse' };

const TENANT_STEPS = [
  'database',
  'shared-migrations',
  'super-tenant',
  'tenant-migrations',
  'guest-tenant',
  'superuser',
] as const;

const all = (status: string, steps: readonly string[] = TENANT_STEPS) =>
  Object.fromEntries(steps.map((id) => [id, status]));

const expectTwoRuns = async (requirements: readonly string[], variations: readonly Variation[]): Promise<void> => {
  await withSite({ requirements, variations, env: CREDENTIALS }, async (site) => {
    const first = await site.run();
    expect(first.exitCode).toBe(0);
    expect(first.report.djangoStarts).toBe(1);
    expect(statuses(first)).toMatchObject({
      'shared-migrations': 'changed',
      'super-tenant': 'changed',
      'guest-tenant': 'changed',
      superuser: 'changed',
    });
    const schemas = await site.sql('SELECT schema_name FROM customers_library ORDER BY 1');
    expect(schemas.map((row) => row['schema_name'])).toEqual(['guest', 'public']);
    expect(await site.sql('SELECT domain FROM customers_domain ORDER BY 1')).toEqual([
      { domain: 'guest.localhost' },
      { domain: 'localhost' },
    ]);
    expect(await site.sql('SELECT count(*)::int AS members FROM guest.members_member')).toEqual([{ members: 0 }]);

    const second = await site.run();
    expect(second.exitCode).toBe(0);
    expect(second.report.outcome).toBe('unchanged');
    expect(second.report.djangoStarts).toBeLessThanOrEqual(1);
    expect(statuses(second)).toEqual(all('unchanged'));
  });
};

describe('a first run and a second one', () => {
  // oxlint-disable-next-line vitest/expect-expect -- expectTwoRuns asserts
  test('no commands of its own', () => expectTwoRuns(DJANGO_52, [withoutOwnCommands]));

  for (const { name, python, requirements } of PAIRS.filter((pair) => isThorough || pair === PAIRS.at(-1))) {
    const hasPython = needs(findInterpreter(python) !== undefined, `Python ${python} is not installed`, true);
    // oxlint-disable-next-line vitest/expect-expect -- expectTwoRuns asserts
    test(`Python ${python}, ${name}`, hasPython, () => expectTwoRuns(requirements, []));
  }

  test('plain Django', async () => {
    await withSite({ requirements: PLAIN, variations: [plainDjango], env: CREDENTIALS }, async (site) => {
      const first = await site.run();
      expect(first.exitCode).toBe(0);
      expect(first.report.djangoStarts).toBe(1);
      expect(statuses(first)).toMatchObject({ 'shared-migrations': 'changed', superuser: 'changed' });
      expect(first.step('tenant-migrations').message).toContain('django_tenants');
      expect(await site.sql('SELECT username, is_superuser FROM accounts_user')).toEqual([
        { username: 'ada', is_superuser: true },
      ]);

      const second = await site.run();
      expect(second.report.outcome).toBe('unchanged');
      expect(statuses(second)).toEqual(all('unchanged', ['database', 'shared-migrations', 'superuser']));
    });
  });
});
