import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { StatusReport } from '../../../src/core/status-report.ts';
import { parseNotices, type Notice } from '../../../src/state/notice.ts';
import { isRoot, NOBODY } from '../../support/needs.ts';
import { runDevsetup, startDevsetup, type DevsetupRun } from '../../support/run-devsetup.ts';
import { withSite } from '../behaviour/support/site.ts';

const statusIn = async (cwd: string, args: readonly string[] = [], more: { readonly user?: number } = {}) => {
  const [shown, told] = [
    await runDevsetup(['status', ...args], { cwd, ...more }),
    await runDevsetup(['status', '--json', ...args], { cwd, ...more }),
  ];
  return { lines: shown.stdout.trimEnd().split('\n'), exitCode: shown.exitCode, json: reportOf(told) };
};
const reportOf = ({ stdout }: DevsetupRun): StatusReport => JSON.parse(stdout) as StatusReport;

const noticesOf = ({ stateDirectory }: DevsetupRun): readonly Notice[] => {
  const file = path.join(stateDirectory, 'devsetup', 'notices');
  return existsSync(file) ? parseNotices(readFileSync(file, 'utf8')) : [];
};

describe('a folder without anything', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'devsetup-status-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('has no status yet', async () => {
    const { lines, exitCode, json } = await statusIn(root);
    expect(lines[0]).toBe('devsetup has not run in this checkout yet.');
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ outcome: 'never-ran', exitCode: 0, next: 'npx devsetup' });
  });

  test('with a configuration that is broken keeps how it failed, and a new terminal is told', async () => {
    mkdirSync(path.join(root, '.git'));
    writeFileSync(path.join(root, 'devsetup.config.json'), '{');
    const run = await runDevsetup([], { cwd: root });
    expect(run.exitCode).toBe(2);
    const { lines, exitCode, json } = await statusIn(root);
    expect(lines).toEqual([
      'The last setup failed just now.',
      expect.stringMatching(/^Checkout: The configuration has a mistake: devsetup\.config\.json:1:2 /),
      'Next: npx devsetup doctor',
    ]);
    expect(exitCode).toBe(1);
    expect(json.step).toMatchObject({ id: 'checkout', code: 'CONFIG_INVALID' });
    expect(noticesOf(run).map(({ status, text }) => [status, text])).toEqual([
      ['failed', expect.stringMatching(/failed at "Checkout" .*What is wrong: npx devsetup doctor$/)],
    ]);
  });

  test('in which devsetup was started by mistake is not remembered as a failure', async () => {
    const run = await runDevsetup([], { cwd: root });
    expect(run.exitCode).toBe(2);
    expect((await statusIn(root)).json.outcome).toBe('never-ran');
    expect(noticesOf(run)).toEqual([]);
  });

  test('with a configuration nobody may read has a status', async () => {
    writeFileSync(path.join(root, 'devsetup.config.json'), '{}');
    chmodSync(path.join(root, 'devsetup.config.json'), 0);
    // Root may read everything.
    if (isRoot) chownSync(root, NOBODY, NOBODY);
    expect((await statusIn(root, [], isRoot ? { user: NOBODY } : {})).exitCode).toBe(0);
  });

  test('that --project does not find is a usage error, in JSON too', async () => {
    const run = await runDevsetup(['status', '--project', 'nowhere', '--json'], { cwd: root });
    expect(run.exitCode).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'PROJECT_MISSING' } });
  });
});

test('a checkout tells of the last run: failed with the database down, then good', async () => {
  await withSite({ config: { database: { waitSeconds: 1 } } }, async (site) => {
    const down = { DATABASE_URL: 'postgresql://nobody:secret-word@127.0.0.1:1/none' };
    const failed = await site.run([], down);
    expect(failed.exitCode).toBe(1);
    const before = await statusIn(site.project.root);
    expect(before.exitCode).toBe(1);
    expect(before.lines).toHaveLength(3);
    expect(before.lines[0]).toBe('The last setup failed just now.');
    expect(before.lines[1]).toMatch(/^Database: /);
    expect(before.lines[2]).toMatch(/^Log: \/.* · Next: npx devsetup doctor$/);
    expect(JSON.stringify(before)).not.toContain('secret-word');
    expect(noticesOf(failed).map(({ root, status }) => [root, status])).toEqual([[site.project.root, 'failed']]);

    const looked = await site.show(['--dry-run']);
    expect(noticesOf(looked)).toHaveLength(1);

    const good = await site.run();
    expect(good.exitCode).toBe(0);
    const after = await statusIn(path.join(site.project.root), ['--project', '.']);
    expect(after).toMatchObject({ exitCode: 0, json: { outcome: 'succeeded', step: null, next: null } });
    expect(noticesOf(good)).toEqual([]);
  });
});

test('a run is seen while it goes on, and as cut short once it was killed', async () => {
  await withSite({ config: { database: { waitSeconds: 300 } } }, async (site) => {
    const started = startDevsetup([], {
      cwd: site.project.root,
      python: site.python,
      env: { DATABASE_URL: 'postgresql://nobody:secret-word@127.0.0.1:1/none' },
    });
    await started.waitForOutput(/127\.0\.0\.1:1/);
    const during = await statusIn(site.project.root);
    expect(during).toMatchObject({ exitCode: 0, json: { outcome: 'running', pid: started.child.pid } });
    expect(during.lines[2]).toMatch(/Next: tail -f /);
    started.child.kill('SIGKILL');
    const killed = await started.ended;
    const after = await statusIn(site.project.root);
    expect(after).toMatchObject({ exitCode: 1, json: { outcome: 'cut-short', next: 'npx devsetup' } });
    expect(after.json.logFile).not.toBeNull();
    expect(noticesOf(killed)).toMatchObject([{ status: 'running', pid: started.child.pid }]);
  });
});
