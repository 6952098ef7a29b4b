import { chmod, lstat, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { CheckResult, Finding, Fix } from '../../../src/core/check.ts';
import type { PlannedFix } from '../../../src/core/planned-fix.ts';
import { repair, type PlannedStep, type RepairOptions } from '../../../src/doctor/repair.ts';

interface Look {
  readonly results: readonly CheckResult[];
}

let root: string;
let file: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-repair-')));
  file = path.join(root, 'a.txt');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const finding = (code: string, fix: Fix | null): Finding => ({
  code,
  severity: 'error',
  message: `${code} is wrong.`,
  evidence: [`do ${code}`],
  remedy: { text: 'Mend it.', command: null },
  place: null,
  fix,
});

const result = (id: string, findings: readonly Finding[]): CheckResult => ({
  id,
  group: 'setup',
  title: id,
  status: findings.length === 0 ? 'passed' : 'findings',
  message: '',
  findings,
  blockedBy: null,
  network: false,
  milliseconds: 0,
});

const append = (line: string, summary = `add ${line}`): Fix => ({
  by: 'edit',
  file,
  summary,
  edit: (text) => ((text ?? '').includes(line) ? (text ?? '') : `${text ?? ''}${line}\n`),
});

const step = (id: string): Fix => ({ by: 'step', step: id });

/** Looks answer in this order, the last one for ever. */
const mend = async (looks: readonly (readonly CheckResult[])[], rest: Partial<RepairOptions<Look>> = {}) => {
  const asked: PlannedFix[] = [];
  const ran: string[] = [];
  let number = 0;
  const done = await repair<Look>({
    root,
    first: { results: looks[0] ?? [] },
    look: async () => ({ results: looks[Math.min((number += 1), looks.length - 1)] ?? [] }),
    confirm: async (fix) => (asked.push(fix), true),
    changeForm: async () => null,
    runSteps: async (steps: readonly PlannedStep[]) => {
      ran.push(...steps.map(({ step }) => step));
      return steps.map(({ codes, action }) => ({ codes, action, outcome: 'done', message: null }));
    },
    onApplied: () => undefined,
    signal: new AbortController().signal,
    ...rest,
  });
  return { ...done, asked, ran, looks: number };
};

const edits = (...fixes: readonly Fix[]) => [
  result(
    'edits',
    fixes.map((fix, index) => finding(`code-${index}`, fix)),
  ),
];

describe('rounds', () => {
  test('one fix reveals the next, edits before steps, until nothing new is found', async () => {
    const first = [...edits(append('one')), result('database', [finding('database-needed', step('database'))])];
    const second = [result('database', [finding('database-needed', step('database'))])];
    const third = [result('superuser', [finding('superuser-needed', step('superuser'))])];
    const { asked, ran, fixes, last, looks } = await mend([first, second, third, []]);
    expect(asked.map(({ action }) => action)).toEqual([
      'edit a.txt: add one',
      'run the step database',
      'run the step superuser',
    ]);
    expect(asked[1]).toMatchObject({ actions: ['do database-needed'] });
    expect(ran).toEqual(['database', 'superuser']);
    expect(fixes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    expect([last.results, looks]).toEqual([[], 3]);
  });

  test('what did not help is not tried again', async () => {
    const stubborn = [result('database', [finding('database-needed', step('database'))]), ...edits(append('one'))];
    const { ran, asked } = await mend([stubborn]);
    expect(ran).toEqual(['database']);
    expect(asked).toHaveLength(2);
  });

  test('what is declined is recorded and left alone', async () => {
    const { fixes, ran, looks } = await mend(
      [[...edits(append('one')), result('database', [finding('database-needed', step('database'))])]],
      { confirm: async () => false },
    );
    expect(fixes.map(({ outcome }) => outcome)).toEqual(['declined', 'declined']);
    expect([ran, looks]).toEqual([[], 0]);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  test('an interruption declines nothing, does nothing more and keeps what was done', async () => {
    const interruption = new AbortController();
    const other = path.join(root, 'b.txt');
    const { fixes, looks } = await mend([edits(append('one'), { ...append('two'), file: other } as Fix)], {
      signal: interruption.signal,
      confirm: async ({ action }) => {
        if (action.includes('b.txt')) interruption.abort();
        return true;
      },
    });
    expect(fixes.map(({ action, outcome }) => `${action}: ${outcome}`)).toEqual(['edit a.txt: add one: done']);
    expect(looks).toBe(0);
    await expect(stat(other)).rejects.toThrow('ENOENT');
  });
});

describe('an edit', () => {
  test('is composed with the others of its file, and shown as one', async () => {
    await writeFile(file, 'zero\n');
    const { asked, fixes } = await mend([edits(append('one'), append('two')), []]);
    expect(asked).toMatchObject([{ name: 'a.txt', before: 'zero\n', after: 'zero\none\ntwo\n' }]);
    expect(fixes).toMatchObject([{ codes: ['code-0', 'code-1'], outcome: 'done' }]);
    expect(await readFile(file, 'utf8')).toBe('zero\none\ntwo\n');
  });

  test('keeps mode, byte order mark and line ends', async () => {
    await writeFile(file, '\uFEFFzero\r\nhalf\r\n');
    await chmod(file, 0o640);
    const { asked } = await mend([edits(append('one')), []]);
    expect(asked).toMatchObject([{ before: 'zero\nhalf\n', after: 'zero\nhalf\none\n' }]);
    expect(await readFile(file, 'utf8')).toBe('\uFEFFzero\r\nhalf\r\none\r\n');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  test('leaves mixed line ends as they are', async () => {
    await writeFile(file, 'zero\r\nhalf\n');
    await mend([edits(append('one')), []]);
    expect(await readFile(file, 'utf8')).toBe('zero\r\nhalf\none\n');
  });

  test('makes a file that is not there, an env file for its owner only', async () => {
    file = path.join(root, '.env');
    const { asked } = await mend([edits(append('A=1')), []]);
    expect(asked).toMatchObject([{ before: null }]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('is not written if the file changed while it was asked for', async () => {
    await writeFile(file, 'zero\n');
    const { fixes } = await mend([edits(append('one'))], {
      confirm: async () => {
        await writeFile(file, 'somebody else\n');
        return true;
      },
    });
    expect(fixes).toMatchObject([{ outcome: 'failed', message: expect.stringContaining('has changed since') }]);
    expect(await readFile(file, 'utf8')).toBe('somebody else\n');
  });

  test('goes through a link inside the checkout, and never out of it', async () => {
    await mkdir(path.join(root, 'real'));
    await writeFile(path.join(root, 'real/a.txt'), 'zero\n');
    await symlink('real/a.txt', file);
    await mend([edits(append('one')), []]);
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(path.join(root, 'real/a.txt'), 'utf8')).toBe('zero\none\n');

    const outside = await mkdtemp(path.join(os.tmpdir(), 'devsetup-outside-'));
    await writeFile(path.join(outside, 'a.txt'), 'zero\n');
    await rm(file);
    await symlink(path.join(outside, 'a.txt'), file);
    const { fixes, asked } = await mend([edits(append('one'))]);
    expect(fixes).toMatchObject([{ outcome: 'failed', message: expect.stringContaining('outside the checkout') }]);
    expect(asked).toEqual([]);
    expect(await readFile(path.join(outside, 'a.txt'), 'utf8')).toBe('zero\n');
    await rm(outside, { recursive: true });
  });

  test.each([
    ['that is no text', Buffer.from([0xff, 0xfe, 0x41])],
    ['whose edit fails', Buffer.from('zero\n')],
  ])('of a file %s fails, and says so', async (_, bytes) => {
    await writeFile(file, bytes);
    const broken: Fix = {
      by: 'edit',
      file,
      summary: 'break',
      edit: () => {
        throw new Error('it cannot be edited');
      },
    };
    const { fixes } = await mend([edits(broken)]);
    expect(fixes).toMatchObject([{ outcome: 'failed' }]);
    expect(await readFile(file)).toEqual(bytes);
  });

  test('that changes nothing is not worth a question', async () => {
    await writeFile(file, 'one\n');
    expect(await mend([edits(append('one'))])).toMatchObject({ fixes: [], asked: [], looks: 0 });
  });
});
