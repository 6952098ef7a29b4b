import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import type { DoctorReport } from '../../../src/core/doctor-report.ts';
import { startOwnServer } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject } from '../../support/sample-project.ts';
import { startTcpServer } from '../../support/tcp-server.ts';
import { DJANGO_52, ensureVenv } from '../../support/venv.ts';
import { ADD_SHARED_COLUMN, blockTable, migrationOf } from '../migrate/support/blocking.ts';
import { cleanUpAfterEach } from './support/faults.ts';

const keep = cleanUpAfterEach();

/** A database whose server accepts connections and never answers, and what makes it answer again. */
const SERVERS: Readonly<Record<string, () => Promise<{ readonly url: string; readonly drop: () => Promise<void> }>>> = {
  'a PostgreSQL that is stopped (SIGSTOP)': async () => {
    const server = await startOwnServer();
    const { url } = await createReadyDatabase(await ensureVenv(DJANGO_52), { admin: server.url });
    process.kill(server.pid(), 'SIGSTOP');
    return {
      url,
      drop: async () => {
        process.kill(server.pid(), 'SIGCONT');
        await server.remove();
      },
    };
  },
  'a program that is not PostgreSQL': async () => {
    const { port, close } = await startTcpServer(() => undefined);
    return { url: `postgresql://u:p@127.0.0.1:${port}/d`, drop: close };
  },
};

describe.each(Object.entries(SERVERS))('%s', (_, start) => {
  it('doctor: one connection attempt counts for all checks, none runs into its time limit', async () => {
    const python = await ensureVenv(DJANGO_52);
    const { url } = keep(await start());
    const project = keep(await createSampleProject());
    const run = await runDevsetup(['doctor', '--json'], { cwd: project.root, env: { DATABASE_URL: url }, python });
    const report = JSON.parse(run.stdout) as DoctorReport;
    const found = report.checks.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(found).toContain('database-not-postgres');
    const inspection = report.checks.find(({ id }) => id === 'orphaned-migrations');
    expect(inspection).toMatchObject({ status: 'could-not-check', blockedBy: 'database-not-postgres' });
    expect(run.stdout).not.toContain('it took longer than');
  });
});

/** The server process and those of its sessions. */
const processesOf = (pid: number): readonly number[] => [
  pid,
  ...execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .map(Number),
];

it('a server that stops in the middle of a run: the run says what it waits for, and Ctrl-C ends it', async () => {
  const python = await ensureVenv(DJANGO_52);
  const server = keep(await startOwnServer());
  const { url } = await createReadyDatabase(python, { admin: server.url });
  const project = keep(await createSampleProject({ variations: [migrationOf('plans', ADD_SHARED_COLUMN)] }));
  const blocker = await blockTable(url, 'public.plans_plan');
  const run = startDevsetup(['--ui', 'plain'], { cwd: project.root, env: { DATABASE_URL: url }, python });
  await run.waitForOutput('waiting for a lock on public.plans_plan');
  const stopped = processesOf(server.pid());
  stopped.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    await run.waitForOutput('which does not answer');
    run.child.kill('SIGINT');
    await run.waitForOutput('up to 10 seconds if a command or the database does not react');
    // While the server is still stopped.
    expect(await run.ended).toMatchObject({ exitCode: 130 });
  } finally {
    stopped.forEach((pid) => process.kill(pid, 'SIGCONT'));
    await blocker.release();
  }
});
