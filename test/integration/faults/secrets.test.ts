import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { adminUrl, createDatabase, query } from '../../support/postgres.ts';
import { startDevsetup, type DevsetupRun } from '../../support/run-devsetup.ts';
import { createSampleProject, editProjectFile, type SampleProject } from '../../support/sample-project.ts';
import { failingCommand } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';
import { cleanUpAfterEach } from './support/faults.ts';

let python: Venv;
beforeAll(async () => {
  python = await ensureVenv(DJANGO_52);
});
const keep = cleanUpAfterEach();

const PASSWORD = 'correct@horse:battery/staple %7';
const SECRETS = {
  SECRET_KEY: 'kept-from-everybody-0123456789',
  DJANGO_SUPERUSER_PASSWORD: 'a root pass&word',
};
/** As they are, as a URL and as a JSON string would hold them. */
const FORMS = [PASSWORD, ...Object.values(SECRETS)].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
]);

const expectNone = (where: string, text: string): void => {
  for (const form of FORMS) expect(text.includes(form), `${form} in ${where}:\n${text.slice(0, 2_000)}`).toBe(false);
};

const filesBelow = async (directory: string): Promise<readonly string[]> => {
  const names = await readdir(directory, { recursive: true });
  const files = names.map((name) => path.join(directory, name));
  const kinds = await Promise.all(files.map(async (file) => (await stat(file)).isFile()));
  return files.filter((_, index) => kinds[index]);
};

/** A database of a role with a difficult password; the environment names it by URL or by parts. */
const prepare = async (by: string): Promise<Record<string, string>> => {
  const role = `r_${Math.random().toString(36).slice(2, 12)}`;
  await query(adminUrl(), `CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  keep({ drop: () => query(adminUrl(), `DROP ROLE ${role}`).then(() => undefined) });
  const database = keep(await createDatabase());
  await query(adminUrl(), `ALTER DATABASE ${database.name} OWNER TO ${role}`);
  if (by === 'a URL') {
    const url = new URL(database.url);
    url.username = role;
    url.password = encodeURIComponent(PASSWORD);
    return { DATABASE_URL: url.href };
  }
  const { host: DB_HOST, port, name: DB_NAME } = database;
  return { DB_HOST, DB_PORT: String(port), DB_NAME, DB_USER: role, DB_PASSWORD: PASSWORD };
};

/** Runs devsetup and looks at the command lines of all processes meanwhile. */
const runWatched = async (
  args: readonly string[],
  project: SampleProject,
  env: Record<string, string>,
  home: string,
) => {
  const run = startDevsetup(args, {
    cwd: project.root,
    env: { ...env, ...SECRETS, DJANGO_SUPERUSER_USERNAME: 'root' },
    python,
    home,
  });
  let seen = '';
  const watch = setInterval(() => {
    seen += execFileSync('ps', ['-axww', '-o', 'args='], { encoding: 'utf8' });
  }, 150);
  const ended: DevsetupRun = await run.ended;
  clearInterval(watch);
  expect(seen).toContain('devsetup_companion');
  return { ...ended, seen };
};

describe('a run with secrets', () => {
  it.each([
    ['a URL', ['--json', '--verbose'], 0],
    ['a URL', ['--ui', 'plain', '--verbose'], 1],
    ['parts', ['--ui', 'plain', '--verbose'], 0],
  ] as const)(
    'database by %s, %j, exit %i: none in output, log, state or command lines',
    async (by, args, exitCode) => {
      const env = await prepare(by);
      const home = await mkdtemp(path.join(os.tmpdir(), 'devsetup-secrets-'));
      keep({ remove: () => rm(home, { recursive: true, force: true }) });
      const project = keep(await createSampleProject());
      // What a careless command prints is masked, too.
      await editProjectFile(
        project,
        'backend/customers/management/commands/create_super_tenant.py',
        '        if interactive:\n',
        `        import os
        from django.conf import settings
        print("settings:", settings.DATABASES, settings.SECRET_KEY)
        print("environment:", dict(os.environ))
        if interactive:
`,
      );
      if (exitCode === 1) await failingCommand('create_guest_tenant')(project);
      const run = await runWatched(args, project, env, home);
      expect(run.exitCode, run.stderr).toBe(exitCode);
      expectNone('stdout', run.stdout);
      expectNone('stderr', run.stderr);
      expectNone('ps', run.seen);
      const files = await filesBelow(home);
      expect(files.map((file) => path.basename(file))).toEqual(
        expect.arrayContaining(['devsetup.log', 'last-run.json']),
      );
      for (const file of files) {
        const text = await readFile(file, 'utf8');
        expectNone(file, text);
        if (file.endsWith('devsetup.log')) expect(text).toContain('environment: {');
        expect((await stat(file)).mode & 0o077, `${file} is for its owner only`).toBe(0);
      }
    },
  );
});

it('a password that is named like the project is masked, and the paths and names of the project are not', async () => {
  const word = `lend${Math.random().toString(36).slice(2, 10)}`;
  await query(adminUrl(), `CREATE ROLE ${word}_owner LOGIN CREATEDB PASSWORD '${word}'`);
  keep({ drop: () => query(adminUrl(), `DROP ROLE ${word}_owner`).then(() => undefined) });
  keep({ drop: () => query(adminUrl(), `DROP DATABASE IF EXISTS ${word}_app WITH (FORCE)`).then(() => undefined) });
  const parent = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-named-')));
  keep({ remove: () => rm(parent, { recursive: true, force: true }) });
  const project = await createSampleProject({ into: path.join(parent, word), variations: [failingCommand()] });
  // What a command of the project prints is no name of devsetup's.
  await editProjectFile(
    project,
    'backend/customers/management/commands/create_super_tenant.py',
    'no plan to give',
    `no plan to give: ${word}`,
  );
  const { hostname, port } = new URL(adminUrl());
  const env = { DB_HOST: hostname, DB_PORT: port, DB_NAME: `${word}_app`, DB_USER: `${word}_owner`, DB_PASSWORD: word };
  const options = { cwd: project.root, env: { ...env, DEVSETUP_LOG_FILE: undefined }, python };
  const run = await startDevsetup(['--ui', 'plain'], options).ended;
  const told = run.stdout + run.stderr;
  expect(told).toContain(`created database ${hostname}:${port}/${word}_app`);
  expect(told).toContain('no plan to give: ***');
  expect(told.replaceAll(`${word}_app`, '').replaceAll(project.root, '')).not.toContain(word);
  expect((await startDevsetup(['status'], options).ended).stdout).toContain(project.root);
});
