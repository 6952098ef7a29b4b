import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { failingTenantMigration } from '../../support/variations.ts';
import { openSite, type Site, type SiteOptions } from '../behaviour/support/site.ts';
import { sharedMigrationRunning, tenantMigrationRunning } from '../faults/support/faults.ts';

interface Runner {
  readonly site: Site;
  readonly env: Readonly<Record<string, string>>;
  output(): Promise<Readonly<Record<string, string>>>;
  summary(): Promise<string>;
}

/** As the runner starts a step: with files of its own. */
const inGithubActions = async (options: SiteOptions, use: (runner: Runner) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devsetup-runner-'));
  const [outputs, summary] = [path.join(folder, 'output'), path.join(folder, 'summary')];
  await Promise.all([outputs, summary].map((file) => writeFile(file, '')));
  const site = await openSite(options);
  try {
    await use({
      site,
      env: { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary },
      output: async () =>
        Object.fromEntries(
          (await readFile(outputs, 'utf8'))
            .trimEnd()
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        ),
      summary: () => readFile(summary, 'utf8'),
    });
  } finally {
    await site.remove();
    await rm(folder, { recursive: true });
  }
};

/** The commands the runner would carry out, as it reads the lines: those between stop-commands and the token are none. */
const commandsIn = (text: string): readonly string[] => {
  const found: string[] = [];
  let token: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const command = line.trimStart();
    if (token !== undefined) {
      if (command === `::${token}::`) token = undefined;
      continue;
    }
    if (command.startsWith('::stop-commands::')) token = command.slice('::stop-commands::'.length);
    else if (command.startsWith('::') || line.includes('##[')) found.push(command);
  }
  return found;
};

const PROD = ['migrate', '--environment', 'prod'];
const EVIL = String.raw`print("::error::from a migration\n  ::add-mask::shop\n##[set-env name=PATH]/tmp\n::stop-commands::x", flush=True)`;

describe('in GitHub Actions', () => {
  test('a good run: groups, outputs, a summary with the slowest migrations', async () => {
    await inGithubActions(
      { start: 2, variations: [tenantMigrationRunning('pass')] },
      async ({ site, env, output, summary }) => {
        const run = await site.show(PROD, env);
        expect(run.exitCode).toBe(0);
        const groups = commandsIn(run.stderr).filter((line) => line.startsWith('::group::'));
        expect(groups).toEqual([
          '::group::Database',
          '::group::Shared migrations',
          '::group::Super tenant',
          '::group::Tenant migrations',
        ]);
        expect(commandsIn(run.stderr).filter((line) => line === '::endgroup::')).toHaveLength(4);
        expect(run.stderr).toContain('[shared-migrations] public: migration 1 of 1, notices.9999_interrupted\n');
        expect(run.stderr).toMatch(/::endgroup::\n\[tenant-migrations\] changed in/);
        expect(commandsIn(run.stdout)).toEqual([]);
        expect(await output()).toEqual({
          status: 'done',
          'exit-code': '0',
          changed: 'true',
          environment: 'prod',
          shard: '',
          'tenants-total': '3',
          'tenants-migrated': '3',
          'tenants-up-to-date': '0',
          'tenants-failed': '0',
          'tenants-not-attempted': '0',
          'tenants-to-repeat': '[]',
        });
        const text = await summary();
        expect(text).toContain('## devsetup migrate: done');
        expect(text).toContain('Environment prod');
        expect(text).toMatch(/\| Tenant migrations \| changed \| [\d.]+ \| 3 tenants migrated \|/);
        expect(text).toContain('### Slowest migrations');
        expect(text).toMatch(/\| notices\.9999\\_interrupted \| t00[12] \| [\d.]+ \|/);

        await site.show(PROD, env);
        const second = await output();
        expect(second).toMatchObject({
          status: 'unchanged',
          changed: 'false',
          'tenants-up-to-date': '3',
          'tenants-total': '3',
        });
      },
    );
  });

  test('a tenant that fails: an annotation at its line, first in the summary, named in the outputs', async () => {
    const variations = [failingTenantMigration({ schema: 't002' })];
    await inGithubActions({ start: 3, variations }, async ({ site, env, output, summary }) => {
      const run = await site.show(PROD, { ...env, GITHUB_WORKSPACE: site.project.root });
      expect(run.exitCode).toBe(1);
      const errors = commandsIn(run.stderr).filter((line) => line.startsWith('::error'));
      expect(errors).toHaveLength(2);
      expect(errors[0]).toMatch(/^::error title=Tenant migrations%3A failed::1 failed, .*%0AFix the cause/);
      expect(errors[1]).toMatch(
        /^::error file=backend\/notices\/migrations\/0006_check_notices\.py,line=\d+,title=notices\.0006_check_notices::.*beyond repair%0Ain t002$/,
      );
      expect(await output()).toMatchObject({
        status: 'failed',
        'exit-code': '1',
        changed: 'true',
        'tenants-failed': '1',
        'tenants-migrated': '3',
        'tenants-to-repeat': '["t002"]',
      });
      const text = await summary();
      expect(text).toContain('### Tenants: 1 failed, 0 not attempted, 3 migrated, 0 up to date');
      const rows = text.split('\n').filter((line) => /^\| (t00\d|guest) \|/.test(line));
      expect(rows).toHaveLength(4);
      expect(rows[0]).toContain('| t002 | failed |');
      expect(text).toContain('\\-\\-only\\-tenants t002');
    });
  });

  test('what a migration prints, or says when it fails, is never a command', async () => {
    const variations = [
      sharedMigrationRunning(EVIL),
      tenantMigrationRunning(`${EVIL}\nraise ValueError("50% of\\r\\n::error::it | <b>: a,b")`),
    ];
    await inGithubActions({ start: 1, variations }, async ({ site, env, summary }) => {
      const run = await site.show([...PROD, '--verbose'], env);
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain('from a migration');
      for (const stream of [run.stdout, run.stderr]) {
        expect(commandsIn(stream).join('\n')).not.toMatch(/::error::from|add-mask|set-env|::stop-commands::x/);
        expect(stream).not.toMatch(/^\s*::error::it/m);
      }
      const errors = commandsIn(run.stderr).filter((line) => line.startsWith('::error'));
      expect(errors.at(-1)).toContain('50%25 of%0D%0A::error::it | <b>: a,b%0Ain ');
      expect(await summary()).toContain('50% of ::error::it \\| &lt;b&gt;: a,b');

      const json = await site.show([...PROD, '--json'], env);
      const report = JSON.parse(json.stdout) as { exitCode: number };
      expect(report.exitCode).toBe(1);
      expect(commandsIn(json.stdout)).toEqual([]);
      expect(json.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('::'))).toEqual([]);
    });
  });

  test('a schema whose name is made of commands acts nowhere, from the run to the summary', async () => {
    const schema = 'a\u001B[2J\n::error::forged|<b>##[error]x,y';
    const quoted = `"${schema}"`;
    const variations = [
      tenantMigrationRunning('raise ValueError("broken in " + schema_editor.connection.schema_name)'),
    ];
    await inGithubActions({ start: 1, variations }, async ({ site, env, output, summary }) => {
      await site.sql(`ALTER SCHEMA t001 RENAME TO ${quoted}`);
      await site.sql('UPDATE customers_library SET schema_name = $1 WHERE schema_name = $2', [schema, 't001']);
      const log = path.join(site.project.root, 'hostile.log');
      const logged = { ...env, DEVSETUP_LOG_FILE: log };
      const printed = [await site.show([...PROD, '--verbose'], logged), await site.show(['--verbose'], logged)];
      for (const run of printed) {
        expect(run.exitCode, run.stderr).toBe(1);
        for (const stream of [run.stdout, run.stderr]) {
          // eslint-disable-next-line no-control-regex
          expect(stream).not.toMatch(/\u001B\[2J/);
          expect(stream).not.toMatch(/^\s*::error::forged/m);
          expect(commandsIn(stream).filter((line) => !line.startsWith('::'))).toEqual([]);
        }
        expect(run.stdout + run.stderr).toContain('forged|<b>');
      }
      const [first] = printed;
      const errors = commandsIn(first?.stderr ?? '').filter((line) => line.startsWith('::error'));
      expect(errors.length).toBeGreaterThan(0);
      for (const line of errors) expect(line).toMatch(/^::error (?:file|title)=/);
      // The command to repeat names this schema alone, in one line that a shell reads back.
      const word = /--only-tenant=(\$'(?:[^'\\]|\\.)*')/.exec(first?.stdout ?? '')?.[1] ?? '';
      expect(execFileSync('bash', ['-c', `printf %s ${word.replace('## [', '##[')}`], { encoding: 'utf8' })).toBe(
        schema,
      );
      const text = await summary();
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/\u001B|^::error|<b>|[^\\]\|<|forged\|/m);
      expect(JSON.parse((await output())['tenants-to-repeat'] ?? '')).toContain(schema);
      // eslint-disable-next-line no-control-regex
      expect(await readFile(log, 'utf8')).not.toMatch(/\u001B|^\s*::error::forged/m);

      const json = await site.show([...PROD, '--json'], env);
      expect(commandsIn(json.stdout)).toEqual([]);
      expect(JSON.stringify(JSON.parse(json.stdout))).toContain(JSON.stringify(schema).slice(1, -1));
    });
  });

  test('a refusal before the run: annotation, outputs and summary say it', async () => {
    await inGithubActions({}, async ({ site, env, output, summary }) => {
      const run = await site.show(PROD, { ...env, DATABASE_URL: '' });
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toMatch(
        /^::error title=devsetup migrate::The database to migrate is not known: DATABASE_URL is empty/m,
      );
      expect(await output()).toEqual({ status: 'failed', 'exit-code': '2', changed: 'false' });
      expect(await summary()).toContain('DATABASE\\_URL is empty');
    });
  });

  test('warnings are annotations; files that cannot be written are no failure', async () => {
    await inGithubActions({ start: 'ready' }, async ({ site, env }) => {
      await site.sql(`DELETE FROM django_migrations WHERE app = 'sessions'`);
      const missing = path.join(site.project.root, 'no', 'folder');
      const run = await site.show([...PROD, '--dry-run'], {
        ...env,
        GITHUB_OUTPUT: missing,
        GITHUB_STEP_SUMMARY: missing,
      });
      expect(run.exitCode).toBe(0);
      expect(run.stderr).toMatch(
        /^::warning title=Shared migrations::the tables of sessions\.0001_initial exist in public/m,
      );
      expect(run.stderr).toMatch(/^::warning title=devsetup migrate::GITHUB_OUTPUT cannot be written/m);
    });
  });

  test('an address out of a committed file is warned of', async () => {
    await inGithubActions({ start: 'ready' }, async ({ site, env }) => {
      await writeFile(path.join(site.project.root, '.env'), `DATABASE_URL=${site.database.url}\n`);
      const run = await site.show(PROD, { ...env, DATABASE_URL: undefined });
      expect(run.exitCode).toBe(0);
      expect(run.stderr).toContain('::DATABASE_URL comes from .env, a file of the checkout');
    });
  });

  test('no password is shown anywhere', async () => {
    const variations = [failingTenantMigration({ schema: 't001' })];
    await inGithubActions({ start: 1, variations }, async ({ site, env, summary }) => {
      const noisy = await site.show([...PROD, '--verbose'], env);
      const everything =
        noisy.stdout + noisy.stderr + (await summary()) + (await readFile(env['GITHUB_OUTPUT'] ?? '', 'utf8'));
      expect(everything).not.toContain(site.database.password);
    });
  });
});

test('outside of GitHub Actions there are neither groups nor annotations', async () => {
  const site = await openSite({ start: 'ready' });
  try {
    const run = await site.show(PROD);
    expect(run.stdout + run.stderr).not.toContain('::');
  } finally {
    await site.remove();
  }
});
