import { beforeAll, describe, expect, it } from 'vitest';

import { describeDatabase } from '../../support/describe-database.ts';
import { createDatabase, query } from '../../support/postgres.ts';
import { runDevsetup, startDevsetup, type StartedDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, type SampleProject } from '../../support/sample-project.ts';
import { extraTenants } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { cleanUpAfterEach, processesOf } from './support/faults.ts';
import { until } from '../../support/until.ts';
import { isThorough } from '../../support/thoroughness.ts';

const keep = cleanUpAfterEach();
const VARIATIONS = [extraTenants(2)];
const ROUNDS = Number(process.env['DEVSETUP_KILL_ROUNDS'] ?? (isThorough ? 4 : 1));
const KILLS = 3;

/** Whom a kill hits. The companion is a process that names the checkout in its arguments; its workers do, too. */
const VICTIMS: readonly ((run: StartedDevsetup, project: SampleProject, url: string) => Promise<unknown> | unknown)[] =
  [
    (run) => run.child.kill('SIGKILL'),
    (_, project) => killCompanion(project),
    (run, project) => {
      run.child.kill('SIGKILL');
      killCompanion(project);
    },
    (_, __, url) =>
      query(
        url,
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      ),
  ];

const killCompanion = (project: SampleProject): void => {
  for (const line of processesOf(project.managePy)) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
};

let python: Venv;
let undisturbed: readonly string[];
/** How long an undisturbed run takes here and now: kills are spread over it. */
let milliseconds: number;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
  const database = await createDatabase();
  const project = await createSampleProject({ variations: VARIATIONS });
  const started = performance.now();
  await runDevsetup(['--json'], { cwd: project.root, env: { DATABASE_URL: database.url }, python });
  milliseconds = performance.now() - started;
  undisturbed = await describeDatabase(database.url);
  await project.remove();
  await database.drop();
});

describe('a first run that is killed several times at random moments', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    'round %i: repeated once more, it leaves the database of a run that was never disturbed',
    async () => {
      const database = keep(await createDatabase());
      const project = keep(await createSampleProject({ variations: VARIATIONS }));
      const options = { cwd: project.root, env: { DATABASE_URL: database.url }, python };
      const history: string[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        const moment = Math.round(Math.random() * milliseconds);
        const victim = Math.floor(Math.random() * VICTIMS.length);
        history.push(`victim ${victim} after ${moment} ms`);
        const run = startDevsetup(['--ui', 'plain'], options);
        await Promise.race([run.ended, new Promise((resolve) => setTimeout(resolve, moment))]);
        await VICTIMS[victim]?.(run, project, database.url);
        await run.ended;
      }
      expect(undisturbed.length).toBeGreaterThan(1_000);
      const told = history.join(', ');
      const last = await runDevsetup(['--json'], options);
      expect(last.exitCode, `${told}\n${last.stdout}`).toBe(0);
      await until('every process has ended', () => processesOf(project.root).length === 0);
      expect(await describeDatabase(database.url), told).toEqual(undisturbed);
      const again = await runDevsetup(['--json', '--force'], options);
      expect(again.json?.outcome, told).toBe('unchanged');
    },
  );
});
