import { beforeAll, describe, expect, it } from 'vitest';

import { runDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile, type SampleProject } from '../../support/sample-project.ts';
import { cleanUpAfterEach } from './support/faults.ts';

const keep = cleanUpAfterEach();

let project: SampleProject;
beforeAll(async () => {
  project = await createSampleProject();
  return () => project.remove();
});

describe('a command line with a mistake', () => {
  it.each([
    [['--dryrun'], /Unknown option '--dryrun'/, /Did you mean --dry-run\?/],
    [['run', '--allow-remot'], /Unknown option '--allow-remot'/, /Did you mean --allow-remote\?/],
    [['rnu'], /no command "rnu"/, /Did you mean `npx devsetup run`\?/],
    [['help', 'nonsense'], /no command "nonsense"/, /The commands are: run, /],
    [['statsu', '--help'], /no command "statsu"/, /Did you mean `npx devsetup status`\?/],
    [
      ['db', 'stat', '--help'],
      /no command "db stat"/,
      /Did you mean `npx devsetup db start`\?.* of `npx devsetup db` are: start, /,
    ],
    [['help', 'db', 'nonsense'], /no command "db nonsense"/, /of `npx devsetup db` are/],
    [['db', 'help', 'nonsense'], /no command "db nonsense"/, /of `npx devsetup db` are/],
    [['db', 'nonsense'], /no command "db nonsense"/, /of `npx devsetup db` are/],
    [['--ui', 'fancy'], /'fancy' is invalid.*live, plain, silent/, /devsetup --help/],
    [['--lock-timeout', 'soon'], /'soon' is invalid.*number of seconds/, /devsetup --help/],
    [['--only'], /argument missing/, /devsetup --help/],
    [['--only', 'databse'], /no step "databse"/, /database/],
    [['--project', 'nowhere'], /nowhere/, /.+/],
    [['--config', 'nowhere.json'], /nowhere\.json/, /.+/],
  ])('%j: exit 2, what is wrong, what to type; one document under --json', async (args, what, advice) => {
    const run = await runDevsetup(args, { cwd: project.root });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(what);
    expect(run.stderr.split('What to do:')[1]).toMatch(advice);
    expect(run.stderr).not.toMatch(/\n\s+at /);

    const json = await runDevsetup([...args, '--json'], { cwd: project.root });
    if (args.at(-1) === '--only') return; // It takes --json for the name of a step.
    expect(json.exitCode).toBe(2);
    const document = JSON.parse(json.stdout) as { exitCode: number; outcome: string; error: { message: string } };
    expect(document).toMatchObject({ schemaVersion: 1, exitCode: 2, outcome: 'failed' });
    expect(document.error.message).toMatch(what);
  });
});

it.each([
  [['help', 'help'], 'Usage: devsetup help '],
  [['db', 'help', '--help'], 'Usage: devsetup db help '],
  [['help', 'db', 'start'], 'Usage: devsetup db start '],
])('%j prints that help', async (args, usage) => {
  const run = await runDevsetup(args, { cwd: project.root });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).toContain(usage);
});

describe('a configuration with mistakes', () => {
  const CONFIG = `{
  // Every mistake is told at once.
  "databse": { "create": true },
  "database": { "waitSeconds": "long", "create": "perhaps" },
  "backend": { "manage": "backend/manage.py" },
  "steps": [{ "id": "seed", "title": "Seed", "manage": ["seed"], "after": "guest-tenent" }]
}
`;

  it('is reported with every mistake, its line and column, and what was meant', async () => {
    const broken = keep(await createSampleProject());
    await writeProjectFile(broken, 'devsetup.config.jsonc', CONFIG);
    const run = await runDevsetup(['--json'], { cwd: broken.root });
    expect(run.exitCode).toBe(2);
    const { error } = JSON.parse(run.stdout) as { error: { message: string } };
    for (const text of [error.message, run.stderr]) {
      expect(text).toMatch(/:3:3\b.*"databse".*did you mean "database"/);
      expect(text).toMatch(/:4:\d+\b.*database\.waitSeconds/);
      expect(text).toMatch(/:4:\d+\b.*database\.create/);
      expect(text).toMatch(/:5:\d+\b.*"manage".*"managePy"/);
      expect(text).toMatch(/:6:\d+\b.*guest-tenent.*"guest-tenant"/);
    }
  });

  it('is told with the place where its syntax ends', async () => {
    const broken = keep(await createSampleProject());
    await writeProjectFile(broken, 'devsetup.config.json', '{\n  "database": { "create": true }\n  "tenants": {}\n}\n');
    const run = await runDevsetup([], { cwd: broken.root });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/devsetup\.config\.json:(2|3):\d+/);
  });
});
