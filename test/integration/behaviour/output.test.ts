import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { screenOf } from '../../../scripts/terminal-screen.mjs';
import { BAD } from '../audit/support/checkout.ts';
import { writeProjectFile } from '../../support/sample-project.ts';
import { startOnTerminal, type EndedSession } from '../../support/on-terminal.ts';
import { CLI } from '../../support/run-devsetup.ts';
import { failingCommand, withoutOwnCommands } from '../../support/variations.ts';
import { displayWidth } from '../../../src/ui/fit-text.ts';
import { withSite, type Site } from './support/site.ts';

const execute = promisify(execFile);
const ROWS = 24;
const ESCAPE = '\u001B';

const environmentOf = (site: Site, env: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: site.project.root,
  DEVSETUP_STATE_DIR: path.join(site.project.root, '..', `${path.basename(site.project.root)}-state`),
  DEVSETUP_LOG_FILE: path.join(site.project.root, 'setup.log'),
  VIRTUAL_ENV: site.python.directory,
  DATABASE_URL: site.database.url,
  ...env,
});

/** Runs devsetup on a pseudo-terminal of this width. */
const runOnTerminal = async (
  site: Site,
  columns: number,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = { TERM: 'xterm-256color' },
): Promise<EndedSession> =>
  startOnTerminal([process.execPath, CLI, ...args], {
    columns,
    rows: ROWS,
    cwd: site.project.root,
    env: environmentOf(site, env),
  }).ended;

// There are no tenants to migrate yet, and no files of packages.
const TITLES = ['Database', 'Shared migrations', 'Super tenant', 'Guest tenant', 'Superuser'];

const COMMANDS = [
  ['--help'],
  ['up', '--help'],
  ['status'],
  ['doctor', '--only', 'environment,dev-container,pipelines'],
  ['init', '--dry-run', '--yes', '--no-install'],
  ['audit'],
  ['nonsense'],
];

/** A line that the terminal has to break, though it is neither a single word (a path, a command in backticks), nor a command to type, nor of a file. */
const isBroken = (line: string): boolean => {
  if (displayWidth(line) <= 40) return false;
  const text = line.replace(
    /^(?:[\s\W]*)(?:(?:error|warning|info|created?|updated?|keep|conflict|Log|Note): *|create +|update +)?/,
    '',
  );
  const words = text.match(/(?:`[^`]*`|[^ ])+/g) ?? [];
  return words.length > 1 && !/^(?:cd|npx|npm|git|\/\S*node) /.test(text) && !/^ {2}[-+@ ]/.test(line);
};

describe('a terminal of 40 columns', () => {
  test('shows every step that applies and nothing that is wider', async () => {
    await withSite({ variations: [withoutOwnCommands] }, async (site) => {
      const run = await runOnTerminal(site, 40);
      expect(run.exitCode).toBe(0);
      expect(run.cursorVisible).toBe(true);
      const text = run.lines.join('\n');
      for (const title of TITLES) expect(text).toContain(title);
      expect(text).not.toMatch(/Tenant migrations|dependencies/);
      const summary = run.lines.slice(run.lines.findIndex((line) => line.startsWith('Done in')));
      const next = summary.indexOf('Next');
      expect(next).toBeGreaterThan(0);
      // The command to type is left whole, so that it can be copied.
      for (const line of summary.slice(0, next)) expect(displayWidth(line)).toBeLessThanOrEqual(40);

      await writeProjectFile(site.project, '.github/workflows/ship.yml', BAD);
      for (const args of COMMANDS) {
        const { raw } = await runOnTerminal(site, 40, args, { TERM: 'xterm-256color', NO_COLOR: '1' });
        const { lines } = await screenOf(raw, { columns: 40, rows: 400, joined: true });
        expect(lines.length, args.join(' ')).toBeGreaterThan(2);
        expect(lines.filter(isBroken), args.join(' ')).toEqual([]);
      }
    });
  });

  test('wraps a failure', async () => {
    await withSite({ variations: [failingCommand()] }, async (site) => {
      const run = await runOnTerminal(site, 40);
      expect(run.exitCode).toBe(1);
      const text = run.lines.join('\n');
      expect(text).toContain('What to do:');
      expect(text).toContain('no plan to give');
      const summary = run.lines.slice(run.lines.findIndex((line) => line.startsWith('Failed after')));
      const tooWide = summary.filter((line) => displayWidth(line) > 40 && / \S/.test(line.trim()));
      expect(tooWide).toEqual([]);
    });
  });
});

describe('a terminal that does not know its width', () => {
  test('gets text as wide as usual, not a word a line', async () => {
    await withSite({}, async (site) => {
      await writeProjectFile(site.project, '.github/workflows/ship.yml', BAD);
      const env = { TERM: 'xterm-256color', NO_COLOR: '1' };
      for (const args of COMMANDS) {
        const unknown = await runOnTerminal(site, 0, args, env);
        const usual = await runOnTerminal(site, 80, args, env);
        const lines = [unknown, usual].map(({ raw }) => raw.split('\n').length);
        expect(lines[0], args.join(' ')).toBeLessThanOrEqual(lines[1] ?? 0);
        expect(lines[0], args.join(' ')).toBeGreaterThan(1);
      }
    });
  });
});

describe('colour and cursor codes', () => {
  test('NO_COLOR on a terminal: no colours', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      const run = await runOnTerminal(site, 80, [], { TERM: 'xterm-256color', NO_COLOR: '1' });
      expect(run.exitCode).toBe(0);
      // eslint-disable-next-line no-control-regex
      expect(run.raw).not.toMatch(/\u001B\[\d*(;\d+)*m/);
    });
  });

  test.each([
    ['no TERM', {}],
    ['TERM=dumb', { TERM: 'dumb' }],
    ['CI', { TERM: 'xterm-256color', CI: 'true', NO_COLOR: '1' }],
  ])('%s on a terminal: lines without any codes', async (_, env) => {
    await withSite({ start: 'ready' }, async (site) => {
      const run = await runOnTerminal(site, 80, [], env);
      expect(run.exitCode).toBe(0);
      expect(run.raw).not.toContain(ESCAPE);
      expect(run.raw).toContain('Nothing to do: everything is in place');
      expect(run.raw).not.toContain('[');
    });
  });

  test('a pipe, and nothing to do: one line, and one for each thing worth knowing; --verbose shows all steps', async () => {
    await withSite({ start: 'ready' }, async (site) => {
      const shown = await site.show();
      expect(shown.exitCode).toBe(0);
      expect(shown.stderr).toBe('');
      expect(shown.stdout).toMatch(
        /^Nothing to do: everything is in place \(.*\)\nSuperuser: skipped: set DJANGO_SUPERUSER.*\nNext: .*manage\.py runserver\n$/,
      );
      const all = await site.show(['--verbose']);
      expect(all.stderr).toContain('[database] unchanged: PostgreSQL');
      expect(all.stderr).toContain('[frontend-dependencies] not applicable: ');
      expect(all.stdout).toContain('Not applicable\n  Backend dependencies: ');
    });
  });
});

describe('a pipe that is closed early', () => {
  test.each([
    ['stdout', 'true'],
    ['both', '--verbose 2>&1 | head -1'],
  ])('%s: no crash, and the work is done', async (which, rest) => {
    await withSite({ variations: [withoutOwnCommands] }, async (site) => {
      const tail = which === 'stdout' ? `| ${rest}` : rest;
      const command = `"${process.execPath}" "${CLI}" ${tail}; echo "ended $\{PIPESTATUS[0]}"`;
      const { stdout, stderr } = await execute('bash', ['-c', command], {
        cwd: site.project.root,
        env: environmentOf(site, {}),
      });
      expect(stdout).toContain('ended 0');
      expect(stderr).not.toMatch(/EPIPE|at .*\.js/);
      expect(await site.sql(`SELECT 1 FROM customers_library WHERE schema_name = 'guest'`)).toHaveLength(1);
    });
  });
});

test('--json prints one document and nothing else, whatever goes wrong', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    for (const args of [['--ui', 'plain'], ['--verbose'], ['--only', 'nothing-like-it'], ['--project', 'not-there']]) {
      const run = await site.show([...args, '--json']);
      expect(() => JSON.parse(run.stdout) as unknown).not.toThrow();
    }
  });
});
