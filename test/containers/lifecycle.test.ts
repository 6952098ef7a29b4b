import path from 'node:path';

import { beforeAll, describe, expect, inject, it } from 'vitest';

import { needs } from '../support/needs.ts';
import { createCheckout, type Checkout } from './support/checkout.ts';
import { devContainer, type DevContainer } from './support/dev-container.ts';
import { initCheckout } from './support/init-checkout.ts';
import { openTerminal, query, runInside, statuses, statusInside } from './support/inspect.ts';
import { report } from './support/report.ts';

const LOG = '/tmp/devcontainer-setup.log';
const MIGRATIONS = 'SELECT count(*), max(applied) FROM public.django_migrations';
const TENANTS = 'SELECT schema_name FROM customers_library ORDER BY 1';

const provided = inject('containers');

// One container from its first creation on; each test begins where the one before ended.
describe(
  'the life of a dev container, in a folder with a space in its name',
  needs(provided.ok, 'no container engine answers'),
  () => {
    let container: DevContainer;
    let checkout: Checkout;

    beforeAll(async () => {
      if (!provided.ok) return;
      checkout = await createCheckout(`my library ${provided.suite.id}`, provided.suite);
      container = devContainer(checkout.folder, provided.suite);
    });

    it('is made by devsetup init of a plain repository, and init finds nothing to do then', async () => {
      if (!provided.ok) return;
      expect(checkout.init, JSON.stringify(checkout.init, null, 2)).toMatchObject({ outcome: 'done', exitCode: 0 });
      const again = await initCheckout(checkout.folder, provided.suite);
      expect(again, JSON.stringify(again, null, 2)).toMatchObject({ outcome: 'unchanged', exitCode: 0 });
    });

    it('is read by the dev container program', async () => {
      const { exitCode, stdout, stderr } = await container.readConfiguration();
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ configuration: { service: 'app', remoteUser: 'vscode' } });
    });

    it('opens with everything in place', async () => {
      const first = await container.up();
      report('first up', first.seconds);
      expect(first, first.log).toMatchObject({ exitCode: 0, outcome: 'success', remoteUser: 'vscode' });
      expect(first.remoteWorkspaceFolder).toBe(`/workspaces/${path.basename(checkout.folder)}`);
      // postStartCommand comes after the rest has been done.
      expect(first.log).toContain('Nothing to do: everything is in place');
      expect((await statusInside(container)).report).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
      expect(await openTerminal(container)).toBe('');
    });

    it('has every step done, and nothing left to do', async () => {
      const { exitCode, report: run, seconds } = await runInside(container);
      report('exec devsetup with nothing to do', seconds, `devsetup itself ${String(run.milliseconds)} ms`);
      expect({ exitCode, outcome: run.outcome, steps: statuses(run) }).toEqual({
        exitCode: 0,
        outcome: 'unchanged',
        steps: {
          'backend-dependencies': 'unchanged',
          'frontend-dependencies': 'unchanged',
          database: 'unchanged',
          'shared-migrations': 'unchanged',
          'super-tenant': 'unchanged',
          'tenant-migrations': 'unchanged',
          'guest-tenant': 'unchanged',
          superuser: 'skipped',
        },
      });
    });

    it('has the tenants in the database, every one with its tables', async () => {
      expect(await query(container, TENANTS)).toEqual(['guest', 'public']);
      const tables = "SELECT table_schema FROM information_schema.tables WHERE table_name = 'loans_loan'";
      expect(await query(container, tables)).toEqual(['guest']);
    });

    it('has no migration that Django would still apply', async () => {
      const { exitCode, stdout, stderr } = await container.exec(
        'backend/.venv/bin/python',
        'backend/manage.py',
        'showmigrations',
      );
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toContain('[X] 0001_initial');
      expect(stdout).not.toContain('[ ]');
    });

    it('has a log that belongs to the user and that nobody else reads', async () => {
      expect((await container.exec('stat', '--format=%U %a', LOG)).stdout.trim()).toBe('vscode 600');
      expect((await container.exec('cat', LOG)).stdout).toContain('devsetup');
    });

    it('does nothing when it is opened again', async () => {
      const before = await query(container, MIGRATIONS);
      const second = await container.up();
      report('second up', second.seconds);
      expect(second, second.log).toMatchObject({ exitCode: 0, outcome: 'success' });
      expect(second.log).not.toContain('Running the');
      expect(await query(container, MIGRATIONS)).toEqual(before);
    });

    it('says that there is nothing to do when it is started again', async () => {
      await container.stop();
      const started = await container.up();
      report('up of a stopped container', started.seconds);
      expect(started, started.log).toMatchObject({ exitCode: 0, outcome: 'success' });
      expect(started.log).toContain('Nothing to do: everything is in place');
    });

    it('keeps its log elsewhere where root has made the file', async () => {
      const shell = `rm ${LOG} && echo made by root > ${LOG} && chmod 644 ${LOG}`;
      await container.inService('app', 'sh', '-c', shell);
      const { exitCode, report: run, stderr } = await runInside(container);
      expect({ exitCode, outcome: run.outcome }, stderr).toEqual({ exitCode: 0, outcome: 'unchanged' });
      expect(run.logFile).toMatch(/^\/home\/vscode\/.*\/devcontainer-setup\.log$/);
      expect([...run.warnings, stderr].join('\n')).toContain(
        `${LOG} belongs to another user; the log is ${String(run.logFile)}`,
      );
      expect((await container.exec('stat', '--format=%U %a', run.logFile ?? '')).stdout.trim()).toBe('vscode 600');
      expect((await container.exec('cat', LOG)).stdout).toBe('made by root\n');
    });

    it('finds its tenants again after a rebuild that keeps the volume, and migrates nothing anew', async () => {
      await query(container, "UPDATE customers_library SET name = 'Kept' WHERE schema_name = 'guest'");
      const before = await query(container, MIGRATIONS);
      const rebuilt = await container.up({ rebuild: true });
      report('rebuild, volume kept', rebuilt.seconds);
      expect(rebuilt, rebuilt.log).toMatchObject({ exitCode: 0, outcome: 'success' });
      expect(await query(container, "SELECT name FROM customers_library WHERE schema_name = 'guest'")).toEqual([
        'Kept',
      ]);
      expect(await query(container, MIGRATIONS)).toEqual(before);
      expect((await statusInside(container)).report).toMatchObject({ outcome: 'succeeded' });
    });

    it('makes its database anew after a rebuild without the volume', async () => {
      await container.remove();
      const rebuilt = await container.up();
      report('rebuild, volume gone', rebuilt.seconds);
      expect(rebuilt, rebuilt.log).toMatchObject({ exitCode: 0, outcome: 'success' });
      expect(await query(container, TENANTS)).toEqual(['guest', 'public']);
      expect(await query(container, "SELECT name FROM customers_library WHERE schema_name = 'guest'")).not.toEqual([
        'Kept',
      ]);
      expect((await runInside(container)).report.outcome).toBe('unchanged');
    });
  },
);
