import { createSource, placeRange, type Span } from '../../../../src/core/placed-text.ts';
import { createHoles, showHoles, type Holes } from '../../../../src/shell/holes.ts';
import { interpretShell } from '../../../../src/shell/interpret-shell.ts';
import type { Effort, Fate, ShellCall, ShellInput, ShellRun } from '../../../../src/shell/shell-run.ts';

export interface Reading {
  readonly script: string;
  readonly run: ShellRun;
  readonly holes: Holes;
  /** What is written at a span. */
  readonly at: (span: Span) => string;
}

export interface ReadOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly language?: ShellInput['language'];
  readonly errexit?: boolean;
  readonly pipefail?: boolean;
  readonly holes?: Holes;
  readonly directory?: string | null;
  readonly effort?: Effort;
}

/** A script as a `run` step of GitHub's own shell has it: `bash -e`. */
export const read = (script: string, options: ReadOptions = {}): Reading => {
  const holes = options.holes ?? createHoles();
  const files: Readonly<Record<string, string>> = options.files ?? {};
  const source = createSource('run', script);
  const run = interpretShell({
    script: placeRange(source, 0, script.length),
    language: options.language ?? 'bash',
    errexit: options.errexit ?? true,
    pipefail: options.pipefail ?? false,
    variables: new Map(Object.entries(options.variables ?? {}).map(([name, value]) => [name, { value, span: null }])),
    directory: options.directory === undefined ? '' : options.directory,
    layers: [],
    holes,
    paths: Object.keys(files),
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    ...(options.effort === undefined ? {} : { effort: options.effort }),
  });
  const textOf = (name: string): string => (name === 'run' ? script : (files[name] ?? ''));
  return { script, run, holes, at: (span) => textAt(textOf(span.file), span) };
};

const textAt = (text: string, { line, column, endLine, endColumn }: Span): string => {
  const lines = text.split('\n');
  if (line === endLine) return (lines[line - 1] ?? '').slice(column - 1, endColumn - 1);
  return [
    (lines[line - 1] ?? '').slice(column - 1),
    ...lines.slice(line, endLine - 1),
    (lines[endLine - 1] ?? '').slice(0, endColumn - 1),
  ].join('\n');
};

/** A value for people; of a choice its options, one after the other. */
export const shown = (value: string, holes: Holes): string =>
  [...value]
    .map((character) => {
      const hole = holes.get(character);
      if (hole === undefined) return character;
      if (hole.kind === 'choice') return `<${(hole.options ?? []).map((option) => shown(option, holes)).join('|')}>`;
      const length = hole.length === undefined ? '' : `:${hole.length}`;
      return hole.kind === 'unknown' ? showHoles(character, holes) : `{${hole.kind} ${hole.name}${length}}`;
    })
    .join('');

export const wordsOf = (call: ShellCall, { holes }: Reading): string =>
  call.words.map(({ value }) => shown(value, holes)).join(' ');

export const layersOf = (call: ShellCall, { holes }: Reading): string =>
  call.layers.map(({ kind, name }) => (name === null ? kind : `${kind} ${shown(name, holes)}`)).join(' > ');

export const fateOf = (fate: Fate, { at, holes }: Reading): string => {
  if (fate.kind === 'swallowed') return `swallowed ${fate.how} «${at(fate.span)}»`;
  if (fate.kind === 'replaced') {
    return `replaced by ${fate.by.map(({ value }) => shown(value, holes)).join(' ')} «${at(fate.span)}»`;
  }
  return fate.kind;
};

/** `words | layers | fate | span` of every call. */
export const lines = (reading: Reading): readonly string[] =>
  reading.run.calls.map((call) =>
    [wordsOf(call, reading), layersOf(call, reading), fateOf(call.fate, reading), reading.at(call.span)].join(' | '),
  );
