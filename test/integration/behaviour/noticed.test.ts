import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from 'vitest';

import { appendSettings, writeProjectFile } from '../../support/sample-project.ts';
import { failingCommand } from '../../support/variations.ts';
import { withSite } from './support/site.ts';

test('settings that no longer load, another database and a file that is gone are noticed', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    await site.run();
    expect((await site.run()).report.outcome).toBe('unchanged');

    const missing = new URL(site.database.url);
    missing.pathname = '/is_not_there';
    const elsewhere = await site.run(['--dry-run'], { DATABASE_URL: missing.href });
    expect(elsewhere.status('database')).toBe('would-change');

    await rm(path.join(site.project.backend, 'notices/migrations/0005_notices_on_the_board.py'));
    const models = path.join(site.project.backend, 'plans/models.py');
    await writeFile(models, `${await readFile(models, 'utf8')}\n\nclass Forgotten(models.Model):\n    pass\n`);
    // The first run asks Django, the second one remembers.
    for (const args of [[], ['--if-needed']]) {
      const { stdout } = await site.show(args);
      expect(stdout).toMatch(/^Nothing to do/);
      expect(stdout).toContain(
        'warning: notices.0005_notices_on_the_board is applied and not in the code: was the branch switched? More: npx devsetup doctor',
      );
      expect(stdout).toContain('warning: the models of notices, plans have changes that no migration makes. ');
    }

    await appendSettings(site.project, 'raise ValueError("settings of another day")');
    const broken = await site.run();
    expect(broken.exitCode).toBe(1);
    expect(broken.stdout).toContain('settings of another day');
  });
});

test('a failure is not forgotten by a run that would do nothing', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    await site.run();
    await site.sql(`DELETE FROM customers_domain WHERE domain = 'localhost'`);
    await failingCommand()(site.project);
    for (const args of [[], ['--if-needed'], []]) expect((await site.run(args)).exitCode).toBe(1);
    await writeProjectFile(site.project, 'devsetup.config.json', '{ "tenants": { "super": { "command": false } } }');
    expect((await site.run()).status('super-tenant')).toBe('changed');
  });
});
