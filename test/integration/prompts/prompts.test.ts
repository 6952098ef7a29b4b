import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { answerDevsetup, KEYS, question } from '../../support/on-terminal.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { PASSED_ON, PROMPTS, type Prompt } from './prompts.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

describe('the source', () => {
  const calls = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join('src', name))
    .flatMap((file) =>
      readFileSync(path.join(ROOT, file), 'utf8')
        .split('\n')
        .filter((line) => /\b(?:askText|askChoice|askYesNo|confirm|choose)(?:\?\.)?\(/.test(line))
        .map((line) => ({ file, line })),
    );
  const listed = [...PROMPTS.map(({ source }) => source), ...PASSED_ON];

  test('asks nothing that is not in this table', () => {
    expect(
      calls.filter(({ file, line }) => !listed.some(([where, piece]) => where === file && line.includes(piece))),
    ).toEqual([]);
  });

  test('asks everything that is in this table', () => {
    expect(
      listed.filter(([where, piece]) => !calls.some(({ file, line }) => where === file && line.includes(piece))),
    ).toEqual([]);
  });
});

/** Path → what the file holds, or what else it is. */
const contents = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const names = (await readdir(root, { recursive: true })).toSorted();
  const read = async (name: string): Promise<readonly [string, string]> => {
    const file = path.join(root, name);
    return [name, (await stat(file)).isFile() ? await readFile(file, 'utf8') : 'folder'];
  };
  return Object.fromEntries(await Promise.all(names.map(read)));
};

const withCheckout = async (
  { files, prepare }: Prompt,
  use: (root: string, env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> => {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-prompt-')));
  const root = path.join(folder, 'shop');
  try {
    for (const [name, text] of Object.entries({ '.git/HEAD': 'ref: refs/heads/main\n', ...files })) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    await use(root, (await prepare?.(root)) ?? {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const rows = PROMPTS.map((prompt, index) => ({ ...prompt, index, name: `${prompt.args.join(' ')}: ${prompt.asks}` }));

describe('a question of a command', () => {
  test.concurrent.each(rows)(
    'is asked again after a wrong answer; Ctrl-C and Ctrl-D end it with 130, and nothing is changed: $name',
    (prompt) =>
      withCheckout(prompt, async (root, env) => {
        const { args, before = [], asks, wrong, index } = prompt;
        const had = await contents(root);
        const open = question(asks);
        const answers = wrong === undefined ? [] : [[open, wrong[0]] as const, [wrong[1], ''] as const];
        // Every command handles both in the same way.
        const key = index % 2 === 0 ? KEYS.ctrlC : KEYS.ctrlD;
        const last = [wrong === undefined ? open : '', key] as const;
        const { exitCode, raw } = await answerDevsetup(args, [...before, ...answers, last], { cwd: root, env });
        expect(exitCode, raw).toBe(130);
        expect(raw).not.toMatch(/Nothing to do|Found:.*Found:|are set up|Healthy|Nothing to stop/s);
        expect(await contents(root)).toEqual(had);
      }),
  );

  test.concurrent.each(rows.filter(({ without }) => without !== undefined))(
    'without a terminal ends the command with 2; it says what to type, and changes nothing: $name',
    (prompt) =>
      withCheckout(prompt, async (root, env) => {
        const had = await contents(root);
        const { exitCode, stdout, stderr } = await runDevsetup(prompt.args, { cwd: root, env });
        expect(exitCode, stderr).toBe(2);
        expect(stdout + stderr).toContain(prompt.without);
        expect(await contents(root)).toEqual(had);
      }),
  );
});
