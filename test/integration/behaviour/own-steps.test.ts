import { access, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from 'vitest';

import type { Failure } from '../../../src/core/step.ts';
import { createDatabase } from '../../support/postgres.ts';
import { editProjectFile, writeProjectFile, type Variation } from '../../support/sample-project.ts';
import { configure, withoutOwnCommands } from '../../support/variations.ts';
import { withSite, type Site } from './support/site.ts';

/** A program that leaves a line in a file of the project each time it runs. */
const leave = (text: string): readonly string[] => ['sh', '-c', `echo ${text} >> traces.txt`];

const traces = async (site: Site): Promise<string> =>
  readFile(path.join(site.project.root, 'traces.txt'), 'utf8').catch(() => ''); // Not there: nothing has run.

test('a program and a management command run once for a database, and again with --force or another database', async () => {
  const config = {
    steps: [
      { id: 'leave-trace', title: 'Trace', command: leave('seeded') },
      { id: 'show-guest', manage: ['shell', '-c', 'print("in", "django")'], after: 'guest-tenant' },
    ],
  };
  await withSite({ start: 'ready', config }, async (site) => {
    const first = await site.run();
    expect(first.exitCode).toBe(0);
    expect(first.report.djangoStarts).toBe(1);
    expect(first.status('leave-trace')).toBe('changed');
    expect(first.status('show-guest')).toBe('changed');
    const ids = first.report.steps.map(({ id }) => id);
    expect(ids.slice(ids.indexOf('guest-tenant'))).toEqual(['guest-tenant', 'show-guest', 'superuser', 'leave-trace']);
    expect(await readFile(`${first.home}/devsetup.log`, 'utf8')).toContain('in django');

    expect((await site.run()).report.outcome).toBe('unchanged');
    expect(await traces(site)).toBe('seeded\n');

    expect((await site.run(['--force'])).status('leave-trace')).toBe('changed');
    expect(await traces(site)).toBe('seeded\nseeded\n');

    const fresh = await createDatabase();
    try {
      const elsewhere = await site.run([], { DATABASE_URL: fresh.url });
      expect(elsewhere.status('leave-trace')).toBe('changed');
      expect((await site.run([], { DATABASE_URL: fresh.url })).status('leave-trace')).toBe('unchanged');
    } finally {
      await fresh.drop();
    }
  });
});

test('with inspect it runs when the look says so, whatever it did before', async () => {
  const config = {
    steps: [{ id: 'make-file', command: ['sh', '-c', 'touch made'], inspect: { command: ['test', '-e', 'made'] } }],
  };
  await withSite({ start: 'ready', config }, async (site) => {
    expect((await site.run()).status('make-file')).toBe('changed');
    expect((await site.run()).status('make-file')).toBe('unchanged');
    await rm(path.join(site.project.root, 'made'));
    expect((await site.run(['--dry-run'])).step('make-file')).toMatchObject({
      status: 'would-change',
      actions: ["sh -c 'touch made'"],
    });
    expect((await site.run()).status('make-file')).toBe('changed');
    await access(path.join(site.project.root, 'made'));
  });
});

test('a step that ends well without doing what its own look asks for is a failure', async () => {
  const config = { steps: [{ id: 'make-file', command: ['true'], inspect: { command: ['test', '-e', 'made'] } }] };
  await withSite({ start: 'ready', config }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(1);
    expect(run.failure('make-file')).toMatchObject({ code: 'NOT_CONVERGED' });
  });
});

test('a failing step shows its output and how to repeat it; what follows it waits; a re-run tries again', async () => {
  const broken = { id: 'first-seed', command: ['sh', '-c', 'echo no seeds left >&2; exit 7'] };
  const following = { id: 'second-seed', command: leave('second'), after: 'first-seed' };
  await withSite({ start: 'ready', config: { steps: [broken, following] } }, async (site) => {
    const failed = await site.run();
    expect(failed.exitCode).toBe(1);
    const { code, message, hint, output } = failed.failure('first-seed');
    expect(code).toBe('PROJECT_STEP_FAILED');
    expect(message).toContain('exit code 7');
    expect(output.join('\n')).toContain('no seeds left');
    expect(hint).toContain(site.project.root);
    expect(failed.status('second-seed')).toBe('not-attempted');
    expect(await traces(site)).toBe('');

    await configure({ steps: [{ ...broken, command: leave('first') }, following] })(site.project);
    const again = await site.run();
    expect(again.exitCode).toBe(0);
    expect(await traces(site)).toBe('first\nsecond\n');
  });
});

test('steps after the same step run as they are listed, and what followed it waits for them', async () => {
  const steps = ['one', 'two', 'three'].map((id) => ({ id, command: leave(id), after: 'database' }));
  const nested = { id: 'one-more', command: leave('one-more'), after: 'one' };
  await withSite({ start: 'ready', config: { steps: [...steps, nested] } }, async (site) => {
    const run = await site.run();
    expect(run.exitCode).toBe(0);
    expect(await traces(site)).toBe('one\none-more\ntwo\nthree\n');
    const ids = run.report.steps.map(({ id }) => id);
    expect(ids.slice(2, 8)).toEqual(['database', 'one', 'one-more', 'two', 'three', 'shared-migrations']);
  });
});

/** As servers do: they end well when they are stopped. */
const ENDS_WELL = 'import signal, sys; signal.signal(signal.SIGTERM, lambda *rest: sys.exit(0)); ';

test('a program that does not exist, steps that do not end or are stopped, and a command Django does not know', async () => {
  const after = 'database';
  const steps = [
    { id: 'server', manage: ['runserver', '0'], timeoutSeconds: 3, after },
    { id: 'worker', command: ['sh', '-c', 'trap "exit 0" TERM; sleep 60 & wait'], timeoutSeconds: 0.5, after },
    { id: 'stopped', manage: ['shell', '-c', `${ENDS_WELL}import os; os.kill(os.getpid(), signal.SIGTERM)`], after },
    {
      id: 'killed-inspect',
      command: leave('sown'),
      inspect: { command: ['sh', '-c', 'kill -9 $$'] },
      after,
    },
    { id: 'no-program', command: ['there-is-no-such-program'], after },
    { id: 'too-slow', command: ['sleep', '60'], timeoutSeconds: 0.5, after },
    { id: 'no-command', manage: ['there_is_no_such_command'], after },
  ];
  await withSite({ start: 'ready', config: { steps } }, async (site) => {
    const run = async (id: string): Promise<Failure> => {
      const result = await site.run(['--only', id]);
      expect(result.exitCode).toBe(1);
      return result.failure(id);
    };
    const missing = await run('no-program');
    expect(missing.message).toContain('there-is-no-such-program');
    expect(missing.message).toMatch(/cannot be started|not found/);
    const slow = await run('too-slow');
    expect(slow.code).toBe('COMMAND_TIMED_OUT');
    expect(slow.hint).toContain('timeoutSeconds');
    for (const id of ['server', 'worker']) {
      const endless = await run(id);
      expect(endless).toMatchObject({ code: 'COMMAND_TIMED_OUT', hint: expect.stringContaining('server') as string });
      expect(endless.message).toContain(`did not end within ${id === 'server' ? 3 : 0.5} seconds`);
    }
    const stopped = await run('stopped');
    expect(stopped).toMatchObject({ code: 'CRASHED', message: expect.stringContaining('ended by SIGTERM') as string });
    expect((await run('killed-inspect')).message).toContain('was killed by a signal');
    expect(await traces(site)).toBe('');
    const unknown = await run('no-command');
    expect(unknown.message).toContain('there_is_no_such_command');
    expect(unknown.hint).toContain('manage.py help');
  });
});

/** The new tenants and a migration of theirs ask a broker, which is a compose service, for something. Nothing listens at port 1. */
const asksBroker: Variation = async (project) => {
  const asks = '__import__("socket").create_connection(("127.0.0.1", 1))';
  await editProjectFile(
    project,
    'backend/customers/models.py',
    '    def __str__(self)',
    `    def save(self, *args, **options):\n        ${asks}\n\n    def __str__(self)`,
  );
  await writeProjectFile(
    project,
    'backend/notices/migrations/0900_announce.py',
    `from django.db import migrations\n\nclass Migration(migrations.Migration):\n    dependencies = [("notices", "0005_notices_on_the_board")]\n    operations = [migrations.RunPython(lambda *rest: ${asks})]\n`,
  );
  await writeProjectFile(project, 'compose.yaml', 'services:\n  broker:\n    image: broker\n    ports: ["1:6379"]\n');
};

test('a service that a tenant, a migration or an own step asks for and that does not answer is named with what starts it', async () => {
  const manage = ['shell', '-c', '__import__("socket").create_connection(("127.0.0.1", 1))'];
  const config = {
    tenants: { guest: { schema: 'visitor', domain: 'visitor.localhost' } },
    steps: [{ id: 'announce', manage, after: 'frontend-dependencies' }],
  };
  await withSite({ start: 'ready', variations: [withoutOwnCommands, asksBroker], config }, async (site) => {
    const hint = 'The compose service `broker` publishes this port: start it with `docker compose up -d broker`.';
    const failed = await site.run(['--only', 'announce,tenant-migrations']);
    expect(failed.failure('announce')).toMatchObject({
      code: 'PROJECT_STEP_FAILED',
      hint: `${hint}\nRun it by hand: \`cd backend && ${site.python.directory}/bin/python manage.py shell -c '${manage[2]}'\``,
    });
    const tenants = failed.failure('tenant-migrations');
    expect(tenants).toMatchObject({ code: 'TENANTS_FAILED', hint: expect.stringContaining(hint) as string });
    const guest = (await site.run(['--only', 'guest-tenant'])).failure('guest-tenant');
    expect(guest).toMatchObject({ code: 'INTERNAL', hint });
    expect(guest.message).toMatch(
      /^The project connects to 127\.0\.0\.1:1 \(backend\/customers\/models\.py:\d+\), and nothing listens there\.$/,
    );
  });
});
