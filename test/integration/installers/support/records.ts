import path from 'node:path';

import type { Outcome, World } from './scenarios.ts';

/** What a tool said, without what only this machine has. */
export interface InstallerRecord {
  readonly tool: string;
  /** As the tool itself says it. */
  readonly version: string;
  readonly kind: string;
  /** 0: the tool does not fail here. */
  readonly exitCode: number | null;
  /** The command of devsetup that ended so. */
  readonly command: string;
  readonly output: readonly string[];
}

export const RECORDS = path.resolve(import.meta.dirname, '../../../unit/dependencies/installer-records.json');

/** npm has its cause first and a page of options behind it; builds have it last. */
const FIRST_LINES = 15;
const LAST_LINES = 50;
const LINE_CHARACTERS = 400;

/** Paths, ports, names of hosts and process numbers are replaced; what is left is what the tool says. */
export const maskOutput = (
  text: string,
  { scratch, registry, programs, basePython }: World,
  folder: string,
): string => {
  const tools = Object.values(programs).map((program) => path.dirname(path.dirname(program)));
  const replaced: readonly (readonly [string | RegExp, string])[] = [
    // oxlint-disable-next-line no-control-regex -- escape sequences are what it removes
    [/\u001B\[[\d;?]*[A-Za-z]/g, ''],
    [/\r\n?/g, '\n'],
    [folder, '/site'],
    [scratch, '/tmp/scratch'],
    [registry.url, 'https://registry.example'],
    [registry.untrusted, 'https://untrusted.example'],
    [/(?:127\.0\.0\.1|localhost)(?::|%3A)\d{4,}/g, 'registry.example'],
    [/\b(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|npm\.jsr\.io|nodejs\.org)\b/g, 'registry.example'],
    ...tools.filter((tool) => tool.length > 5).map((tool) => [tool, '/tools'] as const),
    [/\/root\/\.pyenv\/versions\/[\d.]+/g, '/usr'],
    [basePython, '/usr/bin/python3'],
    [/\/tmp\/(?!scratch)[\w./-]+/g, '/tmp/build'],
    [/\b0x[0-9a-f]{8,}/g, '0x0'],
  ];
  return replaced.reduce((sum, [from, to]) => sum.replaceAll(from, to), text);
};

export const toRecord = (
  key: Pick<InstallerRecord, 'tool' | 'version' | 'kind'>,
  outcome: Outcome,
  world: World,
): InstallerRecord => {
  const { result, folder, commands } = outcome;
  const lines = maskOutput(result.tail, world, folder).trimEnd().split('\n');
  const shorten = (all: readonly string[]): readonly string[] =>
    all.length <= FIRST_LINES + LAST_LINES ? all : [...all.slice(0, FIRST_LINES), '…', ...all.slice(-LAST_LINES)];
  const isTelling = (line: string): boolean => line.trim() !== '' && !/[⠀-⣿]|eta \d|━/.test(line);
  return {
    ...key,
    exitCode: result.exitCode,
    command: maskOutput(commands.at(-1) ?? '', world, folder),
    output: shorten(lines.filter(isTelling)).map((line) => line.slice(0, LINE_CHARACTERS).trimEnd()),
  };
};
