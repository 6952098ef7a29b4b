import { readFile } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { writeProjectFile, type Variation } from '../../support/sample-project.ts';
import {
  askingCommand,
  failingCommand,
  invalidUtf8,
  noisyCommand,
  withoutNoInputOption,
} from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';

/** Shared migrations are done, and no tenant is there yet: the project's commands are about to run. */
const withoutTenants = async (site: Site): Promise<void> => {
  await site.sql('DELETE FROM customers_domain');
  await site.sql('DELETE FROM customers_library');
  await site.sql('DROP SCHEMA guest CASCADE');
};

const withOwnCommand = (variation: Variation, use: (site: Site) => Promise<void>): Promise<void> =>
  withSite({ start: 'ready', variations: [variation] }, async (site) => {
    await withoutTenants(site);
    await use(site);
  });

const ONLY = ['--only', 'database,shared-migrations,super-tenant'];

/** The body of a create_super_tenant that takes no options of its own. */
const superTenantCommand =
  (body: string): Variation =>
  async (project) => {
    await writeProjectFile(
      project,
      'backend/customers/management/commands/create_super_tenant.py',
      `from django.core.management.base import BaseCommand\n\nfrom customers.models import Domain, Library\n\n\nclass Command(BaseCommand):\n    def handle(self, *args, **options):\n${body.replace(/^(?=.)/gm, '        ')}\n`,
    );
  };

test('a command that does not take --no-input is run without it', async () => {
  await withOwnCommand(withoutNoInputOption, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    expect(run.step('super-tenant').message).toContain('created tenant public');
    expect(run.status('guest-tenant')).toBe('changed');
    expect((await site.run()).report.outcome).toBe('unchanged');
  });
});

test('a command that ends well having done nothing is a failure: the tenant is still not there', async () => {
  await withOwnCommand(superTenantCommand('self.stdout.write("tenant created")'), async (site) => {
    const run = await site.run(ONLY);
    expect(run.exitCode).toBe(1);
    const failure = run.failure('super-tenant');
    expect(failure.code).toBe('NOT_CONVERGED');
    expect(failure.message).toContain('there is no tenant public');
    expect(`${failure.message} ${failure.hint}`).toContain('create_super_tenant');
    expect((await site.run(ONLY)).exitCode).toBe(1);
  });
});

test('a command that fails is shown with its words and the line to repeat it by hand', async () => {
  await withOwnCommand(failingCommand(), async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(1);
    const { code, message, hint } = run.failure('super-tenant');
    expect(code).toBe('COMMAND_FAILED');
    expect(message).toContain('no plan to give');
    expect(hint).toContain(`\`cd backend && ${site.python.directory}/bin/python manage.py create_super_tenant`);
    expect(run.status('tenant-migrations')).toBe('not-attempted');
  });
});

test('a command that raises is shown with the place in the project', async () => {
  await withOwnCommand(superTenantCommand('self.stdout.write("beginning")\nraise KeyError("PLAN")'), async (site) => {
    const run = await site.run(ONLY);
    expect(run.exitCode).toBe(1);
    const { message, output } = run.failure('super-tenant');
    expect(message).toContain('KeyError');
    expect(message).toContain('create_super_tenant.py:9');
    expect(output.join('\n')).toContain('KeyError');
    expect(output.join('\n')).not.toContain('devsetup_companion');
  });
});

test('what a command prints, and in which language, decides nothing', async () => {
  const body = `
library, created = Library.objects.get_or_create(schema_name="public", defaults={"name": "Alle"})
Domain.objects.get_or_create(domain="localhost", defaults={"tenant": library, "is_primary": True})
self.stdout.write("Fehler: Mandant existiert bereits. ERROR failed already exists")
self.stderr.write("租户已创建")
`.trim();
  await withOwnCommand(superTenantCommand(body), async (site) => {
    const run = await site.run(ONLY);
    expect(run.exitCode).toBe(0);
    expect(run.status('super-tenant')).toBe('changed');
    expect(run.step('super-tenant').message).toContain('created tenant public');
    expect((await site.run(ONLY)).status('super-tenant')).toBe('unchanged');
    expect(await readFile(`${run.home}/devsetup.log`, 'utf8')).toContain('租户已创建');
  });
});

test('a command that asks a question does not hang', async () => {
  await withOwnCommand(askingCommand(), async (site) => {
    const run = await site.run(ONLY);
    expect(run.exitCode).toBe(1);
    const { message, hint } = run.failure('super-tenant');
    expect(message).toContain('EOFError');
    expect(hint).toMatch(/ask|question|input/);
  });
});

test('output that is not UTF-8 is shown as far as it can be', async () => {
  await withOwnCommand(invalidUtf8(), async (site) => {
    const run = await site.run(ONLY);
    expect(run.exitCode).toBe(0);
    expect(await readFile(`${run.home}/devsetup.log`, 'utf8')).toContain('| caf\uFFFD \uFFFD\uFFFD');
  });
});

describe('a command that prints 50 MB', () => {
  const LINES = 50 * 16_384;

  test('is in the log with its beginning and its end, which says how much is missing, and not in the memory of devsetup', async () => {
    await withOwnCommand(noisyCommand(50), async (site) => {
      // The whole output on the heap twice would not fit.
      const run = await site.run(ONLY, { NODE_OPTIONS: '--max-old-space-size=64' });
      expect(run.exitCode).toBe(0);
      const log = await readFile(`${run.home}/devsetup.log`, 'latin1');
      const kept = log.split('x'.repeat(63)).length - 1;
      expect(kept).toBeGreaterThan(10_000);
      expect(log).toContain(` ${LINES - kept} lines (`);
      expect(log.length).toBeLessThan(16 * 1_048_576);
      expect(log).toContain('created');
    });
  });
});
