import { readFile, writeFile } from 'node:fs/promises';

import { beforeAll, expect, it } from 'vitest';

import { adminUrl, createDatabase, query } from '../../support/postgres.ts';
import { runDevsetup, type DevsetupRun } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile } from '../../support/sample-project.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { cleanUpAfterEach, failureOf } from '../faults/support/faults.ts';

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});
const keep = cleanUpAfterEach();

const OWN_READER = 'read_env_file(BASE_DIR.parent / ".env")';
const LINE = String.raw`DB_PASSWORD="k\"9\\z"`;

/** The same line, read by two libraries. */
const READERS = {
  'django-environ': {
    password: String.raw`k"9\z`,
    reader: 'import environ\nenviron.Env.read_env(BASE_DIR.parent / ".env")',
    more: '',
  },
  'python-decouple': {
    password: String.raw`k\"9\\z`,
    reader: 'from decouple import config',
    more: 'for key in ("HOST", "PORT", "USER", "NAME", "PASSWORD"):\n    DATABASES["default"][key] = config("DB_" + key)\n',
  },
} as const;

it.each(['django-environ', 'python-decouple'] as const)(
  'the password is what %s reads; a wrong one is set by the printed statement, and no data is lost',
  async (name) => {
    const { password, reader, more } = READERS[name];
    const role = `t_${Math.random().toString(36).slice(2, 12)}`;
    await query(adminUrl(), `CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'another-horse'`);
    const database = await createDatabase();
    await query(adminUrl(), `ALTER DATABASE ${database.name} OWNER TO ${role}`);
    keep({ drop: () => query(adminUrl(), `DROP ROLE ${role}`).then(() => undefined) });
    keep(database);
    const project = keep(await createSampleProject());
    const settings = await readFile(project.settings, 'utf8');
    expect(settings).toContain(OWN_READER);
    await writeFile(project.settings, `${settings.replace(OWN_READER, reader)}\n${more}`);
    const { host, port } = database;
    const lines = [`DB_HOST=${host}`, `DB_PORT=${port}`, `DB_USER=${role}`, `DB_NAME=${database.name}`, LINE];
    await writeProjectFile(project, '.env', `${lines.join('\n')}\n`);
    const run = (): Promise<DevsetupRun> =>
      runDevsetup(['--json', '--verbose', '--only', 'database'], { cwd: project.root, python });

    const rejected = await run();
    const { code, hint } = failureOf(rejected, 'database');
    expect(code).toBe('DATABASE_PASSWORD_REJECTED');
    expect(hint).toContain('The password comes from DB_PASSWORD in .env:5: ');
    expect(hint).not.toMatch(/down -v|compose/);
    const statement = /ALTER ROLE .*;$/.exec(hint ?? '')?.[0] ?? '';
    await query(adminUrl(), statement.replace("'…'", `'${password}'`));

    const accepted = await run();
    expect(accepted.exitCode, accepted.stdout).toBe(0);
    for (const { stdout, stderr } of [rejected, accepted]) expect(stdout + stderr).not.toContain(password);
  },
);
