import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { adminUrl, query, type TestDatabase } from '../../support/postgres.ts';
import { createReadyDatabase } from '../../support/ready-database.ts';
import { removeFolder } from '../../support/remove-folder.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { appendSettings, createSampleProject, type SampleProject } from '../../support/sample-project.ts';
import { configure } from '../../support/variations.ts';
import { sampleOf } from '../../support/thoroughness.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { cleanUpAfterEach, failureOf } from './support/faults.ts';

const PASSWORD = 'horse:staple\\battery';
const ESCAPED = PASSWORD.replaceAll(/[:\\]/g, '\\$&');

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});
const keep = cleanUpAfterEach();

/** A step of the project that prints the password. */
const TELLS = configure({ steps: [{ id: 'tells', title: 'Tells', command: ['echo', `it is ${PASSWORD}`] }] });

interface Case {
  /** Of DATABASES["default"], in place of what the sample has. */
  readonly settings: (database: TestDatabase, role: string) => string;
  readonly env: (folder: string) => Readonly<Record<string, string>>;
}

/** Where `$HOME` has both files, and `secret/` in the folder of manage.py a password file of its own. */
const CASES: Readonly<Record<string, Case>> = {
  'the service of ~/.pg_service.conf and ~/.pgpass': {
    settings: () => 'NAME="", HOST="", PORT="", USER="", PASSWORD="", OPTIONS={"service": "library"}',
    env: () => ({}),
  },
  'PGSERVICE, PGSERVICEFILE and PGPASSFILE': {
    settings: ({ name }) => `NAME="${name}", HOST="", PORT="", USER="", PASSWORD="", OPTIONS={}`,
    env: (folder) => ({
      PGSERVICE: 'library',
      PGSERVICEFILE: `${folder}/.pg_service.conf`,
      PGPASSFILE: `${folder}/.pgpass`,
      HOME: '/nowhere',
    }),
  },
  'passfile in OPTIONS, relative to manage.py': {
    settings: ({ name, host, port }, role) =>
      `NAME="${name}", HOST="${host}", PORT="${port}", USER="${role}", PASSWORD="", OPTIONS={"passfile": "secret/pass"}`,
    env: () => ({ HOME: '/nowhere' }),
  },
};

const prepare = async (one: Case): Promise<{ project: SampleProject; env: Record<string, string> }> => {
  const database = keep(await createReadyDatabase(python));
  const role = `r_${Math.random().toString(36).slice(2, 12)}`;
  await query(adminUrl(), `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${PASSWORD}'`);
  keep({ drop: () => query(adminUrl(), `DROP ROLE ${role}`).then(() => undefined) });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devsetup-libpq-'));
  keep({ remove: () => removeFolder(folder) });
  const project = keep(await createSampleProject({ variations: [TELLS] }));
  await appendSettings(project, `DATABASES["default"].update(${one.settings(database, role)})`);
  const { host, port, name } = database;
  const line = `${host}:${port}:*:${role}:${ESCAPED}\n`;
  const service = `[library]\nhost=${host}\nport=${port}\ndbname=${name}\nuser=${role}\n`;
  await mkdir(path.join(project.backend, 'secret'));
  await writeFile(path.join(folder, '.pg_service.conf'), service);
  for (const file of [path.join(folder, '.pgpass'), path.join(project.backend, 'secret/pass')])
    await writeFile(file, line, { mode: 0o600 });
  return { project, env: { HOME: folder, ...one.env(folder) } };
};

describe('the files of libpq', () => {
  it.each(sampleOf(Object.entries(CASES), 2))('are followed as Django follows them: %s', async (_, one) => {
    const { project, env } = await prepare(one);
    const run = await runDevsetup(['--json', '--force'], { cwd: project.root, env, python });
    expect(run.json).toMatchObject({ outcome: 'done', exitCode: 0 });
    const log = await readFile(path.join(run.home, 'devsetup.log'), 'utf8');
    expect(log).toContain('it is ***');
    for (const text of [run.stdout, run.stderr, log]) expect(text).not.toContain(PASSWORD);
  });

  it('a password file that others can read gives no password, and the failure says so', async () => {
    const { project, env } = await prepare(CASES['passfile in OPTIONS, relative to manage.py'] as Case);
    await chmod(path.join(project.backend, 'secret/pass'), 0o644);
    const run = await runDevsetup(['--json'], { cwd: project.root, env, python });
    const { code, hint } = failureOf(run, 'database');
    expect(code).toBe('DATABASE_PASSWORD_MISSING');
    expect(hint).toMatch(/secret\/pass is ignored.*0600/);
  });
});
