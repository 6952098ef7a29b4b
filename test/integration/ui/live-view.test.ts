import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { displayWidth } from '../../../src/ui/fit-text.ts';
import { startOnTerminal, type EndedSession } from '../../support/on-terminal.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'live-view-'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  const options =
    '--ignoreConfig --module nodenext --target es2023 --rewriteRelativeImportExtensions --skipLibCheck --types node';
  const source = 'test/integration/ui/support/show-run.ts';
  await execute(
    join(root, 'node_modules/.bin/tsc'),
    [source, '--outDir', directory, '--rootDir', '.', ...options.split(' ')],
    {
      cwd: root,
    },
  );
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const show = async (
  size: { columns: number; rows: number },
  env: Record<string, string> = {},
  ...args: string[]
): Promise<EndedSession & { readonly stdout: string }> => {
  const program = join(directory, 'test/integration/ui/support/show-run.js');
  const stdout = join(directory, 'stdout');
  const session = startOnTerminal([process.execPath, program, ...args], {
    ...size,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
    stdout,
  });
  return { ...(await session.ended), stdout: await readFile(stdout, 'utf8') };
};

const starts = ['✔ Backend', '↓ Frontend', '✔ Database', '✖ Tenant migrations', '◼ A step of the project'];

describe('the live tree', () => {
  test.each([
    ['a usual terminal', { columns: 100, rows: 30 }],
    ['40 columns', { columns: 40, rows: 30 }],
    ['few rows', { columns: 40, rows: 9 }],
  ])('on %s ends with one line for each step, and nothing is left over', async (_, size) => {
    const { lines, stdout, cursorVisible, exitCode } = await show(size);
    for (const start of starts) expect(lines.filter((line) => line.startsWith(start))).toHaveLength(1);
    expect(lines.filter((line) => /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|137\/900|last line|xxx/.test(line))).toEqual([]);
    expect(lines.filter((line) => displayWidth(line) > size.columns)).toEqual([]);
    // The result below names it.
    expect(lines.join(' ')).not.toContain('does not exist');
    expect(cursorVisible).toBe(true);
    expect(exitCode).toBe(0);
    // The result alone.
    expect(stdout).toMatch(/^Failed after 5\.0s\n/);
    expect(stdout.replace(/\s+/g, ' ').match(/relation "crm_contact" does not exist/g)).toHaveLength(1);
    expect(stdout).not.toContain('✔');
    // Of what the tree has shown, only what it had to cut is said again.
    expect(/^Changed$/m.test(stdout)).toBe(size.columns === 40);
  });

  test('leaves nothing behind where nothing was to do, and no line for a step that does not apply', async () => {
    const quiet = await show({ columns: 80, rows: 30 }, { NO_COLOR: '1' }, '--unchanged');
    expect(quiet.raw).toContain('Database');
    expect(quiet.lines.slice(0, 3)).toEqual(['a notice before the run', '$']);
    expect(quiet.stdout).toMatch(/^Nothing to do: everything is in place/);
    const { raw, lines } = await show({ columns: 80, rows: 30 }, { NO_COLOR: '1' }, '--without-frontend');
    expect(raw).toContain('Frontend');
    expect(lines.join('\n')).not.toContain('Frontend');
  });

  test('shows on its way what a step is doing, and how it goes on', async () => {
    const { raw } = await show({ columns: 80, rows: 30 });
    expect(raw).toContain('waiting for localhost:5432');
    expect(raw).toContain('last line 日本語');
    expect(raw).toContain('137/900 · 2 failed');
  });

  test('has no colours with NO_COLOR', async () => {
    const { raw } = await show({ columns: 80, rows: 30 }, { NO_COLOR: '1' });
    expect(raw).not.toMatch(/\u001B\[[\d;]*m/); // eslint-disable-line no-control-regex
    expect((await show({ columns: 80, rows: 30 })).raw).toContain('\u001B[31m');
  });

  test('gives way to lines where there are fewer rows than steps', async () => {
    const { raw, lines } = await show({ columns: 40, rows: 6 }, { NO_COLOR: '1' });
    expect(raw).not.toContain('\u001B');
    expect(lines.join('')).toContain('[tenant-migrations] failed after 1.2s');
  });

  test('lets out what others wrote, and gives the cursor back, when the process ends in the middle', async () => {
    const { lines, cursorVisible, exitCode } = await show({ columns: 80, rows: 30 }, {}, '--crash');
    expect(exitCode).toBe(3);
    expect(lines).toContain('something else wrote this');
    expect(cursorVisible).toBe(true);
  });
});
