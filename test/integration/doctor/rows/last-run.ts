import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { onTestFinished } from 'vitest';

import { startDevsetup, type StartedDevsetup } from '../../../support/run-devsetup.ts';
import { editProjectFile } from '../../../support/sample-project.ts';
import type { DoctorSite } from '../support/healthy-site.ts';
import type { Row } from '../support/row.ts';

/** A server that is not there. */
const DOWN = { DATABASE_URL: 'postgresql://lending:lending@127.0.0.1:1/lending' };

const waiting = (seconds: number): Pick<Row, 'site'> => ({
  site: { config: { database: { waitSeconds: seconds } } },
});

/** A run that waits for a database. */
const startWaiting = async (site: DoctorSite): Promise<StartedDevsetup> => {
  const started = startDevsetup([], { cwd: site.project.root, python: site.python, env: { ...site.env, ...DOWN } });
  await started.waitForOutput(/127\.0\.0\.1:1/);
  return started;
};

export const LAST_RUN_ROWS: readonly Row[] = [
  {
    name: 'a run that failed for want of a database, which by now refuses the password',
    ...waiting(1),
    breaks: async (site) => {
      await site.show([], DOWN);
      return { DATABASE_URL: (site.env['DATABASE_URL'] ?? '').replace(/:[^:@/]+@/, ':wrong-horse@') };
    },
    code: 'last-run-failed',
    severity: 'warning',
    mends: 'npx devsetup',
    afterwards: {},
    also: ['database-password-rejected'],
  },
  {
    name: 'a run that was killed',
    ...waiting(300),
    breaks: async (site) => {
      const started = await startWaiting(site);
      started.child.kill('SIGKILL');
      await started.ended;
      return DOWN;
    },
    code: 'last-run-cut-short',
    severity: 'warning',
    mends: 'npx devsetup',
    afterwards: {},
    also: ['database-unreachable'],
  },
  {
    name: 'a run that goes on',
    ...waiting(300),
    breaks: async (site) => {
      const started = await startWaiting(site);
      onTestFinished(async () => {
        started.child.kill('SIGKILL');
        await started.ended;
      });
    },
    code: 'run-in-progress',
    severity: 'info',
    mends: 'npx devsetup status',
  },
  {
    name: 'a dev container whose creation failed, and which has no postStartCommand that heals',
    ...waiting(1),
    breaks: async (site) => {
      await editProjectFile(site.project, '.devcontainer/devcontainer.json', /"postStartCommand":.*\n/, '');
      const { home } = await site.show([], DOWN);
      const marker = path.join(home, '.devcontainer', '.postCreateCommandMarker');
      await mkdir(path.dirname(marker), { recursive: true });
      await writeFile(marker, '2026-01-02T03:04:05.000Z\n');
      const then = new Date(Date.now() - 24 * 3600 * 1000);
      await utimes(marker, then, then);
      return DOWN;
    },
    code: 'create-not-retried',
    severity: 'warning',
    mends: 'npx devsetup --if-needed',
    also: ['database-unreachable', 'devcontainer-start-does-not-heal'],
    afterwards: {},
    leaves: ['devcontainer-start-does-not-heal'],
  },
];
