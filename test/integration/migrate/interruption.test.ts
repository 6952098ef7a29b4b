import { readdir } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { startDevsetup } from '../../support/run-devsetup.ts';
import { writeProjectFile } from '../../support/sample-project.ts';
import { withSite, type Site } from '../behaviour/support/site.ts';
import {
  INTERRUPTED_MIGRATION,
  processesOf,
  schemasWith,
  sharedMigrationRunning,
  tenantMigrationRunning,
  WAIT_FOR_GO,
} from '../faults/support/faults.ts';
import { until } from '../../support/until.ts';
import { ADD_COLUMN, blockTable, migrationOf } from './support/blocking.ts';

const UAT = ['migrate', '--environment', 'uat'];
const isMigrating = async (site: Site): Promise<boolean> =>
  (await readdir(site.project.root)).some((name) => name.startsWith('running-'));

describe('Ctrl-C', () => {
  test('in the middle of the shared schema: what was and was not done is said, and what to type', async () => {
    await withSite({ start: 'ready', variations: [sharedMigrationRunning(WAIT_FOR_GO)] }, async (site) => {
      const run = startDevsetup([...UAT, '--ui', 'plain'], {
        cwd: site.project.root,
        env: site.env,
        python: site.python,
      });
      await until('it migrates', () => isMigrating(site));
      run.child.kill('SIGINT');
      const ended = await run.ended;
      expect(ended.exitCode).toBe(130);
      expect(ended.stdout).toContain('applied before it stopped: nothing');
      expect(ended.stdout).toContain(`not applied: plans.${INTERRUPTED_MIGRATION}`);
      expect(ended.stdout).toContain('devsetup migrate --environment uat');
      expect(ended.stdout).not.toContain('Traceback');
      expect(processesOf(site.project.root)).toEqual([]);
      expect(await schemasWith(site.database.url, INTERRUPTED_MIGRATION)).toEqual([]);
      await writeProjectFile(site.project, 'go', '');
      expect((await site.run(UAT)).exitCode).toBe(0);
    });
  });

  test('in the middle of the tenants: none is lost', async () => {
    await withSite({ start: 4, variations: [tenantMigrationRunning(WAIT_FOR_GO)] }, async (site) => {
      const run = startDevsetup([...UAT, '--ui', 'plain'], {
        cwd: site.project.root,
        env: site.env,
        python: site.python,
      });
      await until('it migrates', () => isMigrating(site));
      run.child.kill('SIGINT');
      const { stdout, exitCode } = await run.ended;
      expect(exitCode).toBe(130);
      const told = stdout
        .split('\n')
        .flatMap((line) => /(?:interrupted|not attempted): (.*)/.exec(line)?.[1]?.split(', ') ?? []);
      expect(told.toSorted()).toEqual(['guest', 't001', 't002', 't003', 't004']);
    });
  });

  test('in the pause before another try', async () => {
    const config = { environments: { uat: { lockTimeoutSeconds: 0.3, lockRetries: 50 } } };
    await withSite({ start: 2, variations: [migrationOf('notices', ADD_COLUMN)], config }, async (site) => {
      const blocker = await blockTable(site.database.url, 't002.notices_notice');
      const run = startDevsetup([...UAT, '--ui', 'plain'], {
        cwd: site.project.root,
        env: site.env,
        python: site.python,
      });
      await run.waitForOutput(/try 3 of 51/);
      run.child.kill('SIGINT');
      const { stdout, exitCode } = await run.ended;
      await blocker.release();
      expect(exitCode).toBe(130);
      expect(stdout).toContain('failed: t002 at notices.0006_changed: no lock on t002.notices_notice');
      expect(processesOf(site.project.root)).toEqual([]);
      expect((await site.run(UAT)).exitCode).toBe(0);
    });
  });
});
