import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { CommanderError, type Command } from 'commander';
import { describe, expect, test } from 'vitest';

import { completedCommands } from '../../../src/commands/completion/model.ts';
import { createProgram } from '../../../src/commands/main.ts';
import type { Terminal } from '../../../src/commands/terminal.ts';
import { PLACE_FLAGS } from '../../../src/commands/typed-commands.ts';
import { textsInSource } from '../docs/support/printed-commands.ts';

/** The program as it is, whose commands are parsed and not run. */
const openProgram = (): Command => {
  const terminal = { host: { version: '1.0.0', platform: 'linux' }, typed: String, run: () => Promise.resolve() };
  const program = createProgram('devsetup', terminal as unknown as Terminal);
  for (const one of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    one.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  return program;
};

describe('flags of printed commands', () => {
  /** Of these a printed command has none of the run that prints it, whatever command it is. */
  const NOT_REPEATED: readonly (readonly [reason: string, flags: readonly string[]])[] = [
    ['how the result is shown, and where else it goes', ['--json', '--ui', '--verbose', '--format', '--report']],
    ['consent, which each command asks for by itself', ['--yes', '--allow-remote', '--delete-volumes', '--remove']],
    ['another question', ['--help', '--version', '--list', '--explain', '--dry-run', '--if-needed', '--strict']],
    [
      'the part of the work that this run does',
      ['--only', '--skip', '--from', '--only-tenants', '--only-tenant', '--shard', '--fix', '--fail-fast', '--force'],
    ],
    ['how this run does it', ['--lock-timeout', '--update-superuser', '--create-missing-tables', '--rebuild']],
    ['how this run does it', ['--no-cache', '--serve', '--fail-on', '--write-baseline']],
    ['of audit: what is printed names the files by itself', ['--baseline', '--deploy-log', '--sha']],
    ['of exec: it prints no command', ['--container']],
  ];
  /** What is printed repeats them all (`repeatCommand`). */
  const REPEATED_WHOLE = ['init', 'decouple'];
  const program = completedCommands(openProgram(), {});
  const reasons = new Map(NOT_REPEATED.flatMap(([reason, flags]) => flags.map((flag) => [flag, reason] as const)));

  test('are those that change the place or the target of a command: a new flag is put into one of the two lists', () => {
    const unknown = program
      .filter(({ path: name }) => !REPEATED_WHOLE.includes(name) && !/^(?:help|run)\b/.test(name))
      .flatMap(({ path: name, options }) =>
        options
          .filter((option) => !reasons.has(option.name))
          .filter((option) => !(PLACE_FLAGS[name] ?? []).some((flag) => option.name === `--${flag}`))
          .map((option) => `${name} ${option.name}`),
      );
    expect(unknown).toEqual([]);
  });

  test('are taken by the commands that get them', () => {
    const wrong = Object.entries(PLACE_FLAGS).flatMap(([name, flags]) => {
      const taken = program.find((command) => command.path === name)?.options.map((option) => option.name) ?? [];
      return flags.filter((flag) => !taken.includes(`--${flag}`)).map((flag) => `${name} --${flag}`);
    });
    expect(wrong).toEqual([]);
  });
});

const root = path.resolve(import.meta.dirname, '../../..');

interface Written {
  readonly file: string;
  readonly command: string;
}

/** A call of devsetup up to the end of the command. */
const CALL =
  /(?:(?:^|[\s"'`(;|&])npx (?:--no-install |-y |--yes )?(?:django-)?devsetup|^(?:\$ )?(?:django-)?devsetup)(?:@[\w.-]+)?((?: +(?:"[^"]*"|'[^']*'|[^\s;&|)`"'\\>#,]+))*)/gm;

const callsIn = (file: string, text: string): readonly Written[] =>
  [...text.matchAll(CALL)].map(([, words = '']) => ({ file, command: words.trim() }));

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => path.join('docs', name)),
].filter((name) => name.endsWith('.md'));

const inPages = (): readonly Written[] =>
  pages.flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const blocks = [...text.matchAll(/^ *```.*\n(.*?)^ *```$/gms)].map(([, block = '']) => block);
    const inline = [...text.replaceAll(/^ *```.*?^ *```$/gms, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
      code.replaceAll(/\s+/g, ' '),
    );
    return [...blocks, ...inline].flatMap((code) => callsIn(file, code));
  });

/** In backticks, as the whole text, and as lines of a help. What is put in counts as one word, or as none where it follows another. */
const inSource = (): readonly Written[] =>
  textsInSource('devsetup').flatMap(({ file, text }) => {
    const filled = text
      .slice(1, -1)
      .replace('help <command>', 'help run')
      .replaceAll(/(?<=\w)\$\{[^}]*\}/g, '')
      .replaceAll(/\$\{[^}]*\}/g, 'x');
    const quoted = [...filled.matchAll(/\\?`([^`\\]+)\\?`/g)].map(([, code = '']) => code);
    const lines = filled.split(/\\n|\s{3,}/).filter((line) => /^\s*npx /.test(line));
    return [...quoted, ...lines].flatMap((code) => callsIn(file, code));
  });

const accepts = async (command: string): Promise<string | null> => {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  try {
    await openProgram().parseAsync(['node', 'devsetup', ...words]);
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 || / argument 'x' is invalid/.test(error.message) ? null : error.message;
  }
};

test.each([
  ['the pages', inPages],
  ['the source', inSource],
] as const)('every call of devsetup in %s is one that the program takes', async (_, written) => {
  const calls = written();
  expect(calls.length).toBeGreaterThan(50);
  const answers = await Promise.all(calls.map(async (call) => ({ ...call, refused: await accepts(call.command) })));
  expect(answers.filter(({ refused }) => refused !== null)).toEqual([]);
});
