import { spanOf, type PlacedText, type Span } from '../../core/placed-text.ts';
import { withoutPadding } from '../holes.ts';
import type { ShellWord, Variable } from '../shell-run.ts';
import { isDeep, spend, stopAt } from '../machine/effort.ts';
import { UNKNOWN_SAID, type Machine, type Outcome, type Place, type Started } from '../machine/machine.ts';
import { findInner } from '../programs/find-inner.ts';
import { isScriptPath, runInner } from '../programs/run-inner.ts';
import { baseName, takeOff } from '../programs/take-off.ts';
import { runBuiltin } from './builtins.ts';
import { withOuterOrigins } from '../words/evaluate-word.ts';
import { pathFrom } from './paths.ts';
import { readCheckout, readNamed } from './read-checkout.ts';
import { say } from './say.ts';

const MOST_CALLS = 2000;
/** Of one command: what has more is not followed, and every rule reads what is kept. */
const MOST_WORDS = 1000;
/** Words that are read for a step. */
const WORDS = 10;

/** A command by its words: what is around it is taken off, what it runs is followed. */
export const runWords = (started: Started, place: Place, machine: Machine): Outcome => {
  const command = bare(chooseProgram(started, machine), place, machine);
  const { words } = command;
  const [first] = words;
  if (first === undefined || first.value === '') return UNKNOWN_SAID;
  const span = (): Span => command.span;
  if (machine.calls.length >= MOST_CALLS) machine.effort.own = -1;
  if (place.isQuiet || !spend(machine, 1 + Math.floor(words.length / WORDS), span)) return UNKNOWN_SAID;
  const called = place.shell.functions.get(first.value);
  if (called !== undefined) return runFunction(command, place, machine);
  record(command, place, machine);
  if (words.length > MOST_WORDS) {
    stopAt(machine, 'work', span);
    return UNKNOWN_SAID;
  }
  const built = runBuiltin(command, place, machine);
  if (built !== null) return built;
  const name = baseName(first.value);
  const inners = findInner({
    name,
    words,
    input: place.input,
    read: (path) => readCheckout(path, place, machine),
    readNamed: (file) => readNamed(file, place, machine),
    unknown: (text) => machine.holes.of({ kind: 'unknown', name: text }),
  });
  if (name === 'scp' || name === 'rsync') machine.copied.push(...copiedBy(words, place.shell.directory));
  if (inners.length === 0 && (isScriptPath(first.value) || isCopiedProgram(first.value, place, machine))) {
    return runInner(
      {
        kind: 'script',
        path: first,
        args: words.slice(1),
        flags: { errexit: false, pipefail: false, isTraced: false },
        isSourced: false,
        isExecuted: true,
      },
      command,
      place,
      machine,
    );
  }
  let outcome: Outcome | null = null;
  for (const inner of inners) outcome = runInner(inner, command, place, machine);
  if (outcome !== null && inners.length === 1) return { said: outcome.said, ends: false };
  return { said: say(command, place, machine), ends: false };
};

/** A script of shells that an image has among its programs: `COPY entrypoint /usr/local/bin/`. */
const isCopiedProgram = (path: string, place: Place, machine: Machine): boolean => {
  const text = path.startsWith('/usr/local/') ? readCheckout(path, place, machine)?.text.text : undefined;
  return text !== undefined && /^#!\S*(?:\/|\s+)(?:ba|da|k|z)?sh\b/.test(text);
};

/** The local ones of `scp a b host:c`. */
const copiedBy = (words: readonly ShellWord[], directory: string | null): readonly string[] =>
  words.slice(1, -1).flatMap(({ value }) => {
    const path = value.startsWith('-') || value.includes(':') ? null : pathFrom(directory, value);
    return path === null || path === '' ? [] : [path];
  });

const bare = (command: Started, { shell }: Place, machine: Machine): Started => {
  let current = command;
  for (let count = 0; count < 10; count += 1) {
    // A function may have the name of a program.
    if (shell.functions.has(current.words[0]?.value ?? '')) return current;
    const inner = takeOff(current);
    if (inner === null) return current;
    current = chooseProgram(inner, machine);
  }
  return current;
};

/** `$COMPOSE exec …` where it is one of several values: the first that is something. */
const chooseProgram = (command: Started, { holes }: Machine): Started => {
  const [first, ...rest] = command.words;
  const hole = first?.value.length === 1 ? holes.get(first.value) : undefined;
  if (first === undefined || hole?.kind !== 'choice') return command;
  const option = hole.options?.find((text) => text.trim() !== '');
  if (option === undefined) return command;
  const words = option
    .trim()
    .split(/\s+/)
    .map((value): ShellWord => ({
      ...first,
      value: withoutPadding(value),
      placed: { text: value, segments: first.placed.segments.slice(0, 1) },
    }));
  return { ...command, words: [...words, ...rest] };
};

/** What `cat FILE` reads, where the script has written the file itself. */
const readBack = ({ words }: Started, place: Place, machine: Machine): PlacedText | null => {
  const [program, ...files] = words;
  if (baseName(program?.value ?? '') !== 'cat') return null;
  for (const { value } of files) {
    const found = value.startsWith('-') ? null : readCheckout(value, place, machine);
    if (found?.isWritten === true) return found.text;
  }
  return null;
};

/** Programs that fill in `${NAME}` in files from their environment. */
const FILLS_IN = /^(?:docker|podman|nerdctl|docker-compose|podman-compose)$/;
const NOTHING: ReadonlyMap<string, Variable> = new Map();

const exportedOf = ({ shell }: Place): ReadonlyMap<string, Variable> =>
  new Map(
    [...shell.exported].flatMap((name): readonly [string, Variable][] => {
      const cell = shell.variables.get(name);
      return cell === undefined ? [] : [[name, { value: cell.value, span: cell.span }]];
    }),
  );

const record = (command: Started, place: Place, machine: Machine): void => {
  const { words, prefix, span, shownBefore } = command;
  const input = readBack(command, place, machine) ?? place.input;
  const kept = words.slice(0, MOST_WORDS);
  machine.calls.push({
    words: place.layers.length === 0 ? kept : kept.map((word) => withOuterOrigins(word, machine)),
    text: kept.map(({ value }) => value).join('\0'),
    span,
    prefix,
    exported: FILLS_IN.test(baseName(words[0]?.value ?? '')) ? exportedOf(place) : NOTHING,
    ...(shownBefore === undefined ? {} : { shownBefore }),
    layers: place.layers,
    fate: place.fate,
    isConditional: place.isConditional,
    ways: place.ways,
    mayBeSkipped: place.mayBeSkipped,
    isFallback: place.isFallback,
    output: place.output,
    outputTo: place.outputTo,
    input: input === null ? null : { value: input.text, placed: input, span: spanOf(input), origins: [] },
    isTraced: place.shell.isTraced,
    errexit: place.shell.errexit,
    directory: place.shell.directory,
    elsewhere: place.shell.elsewhere,
  });
};

const runFunction = ({ words, prefix, span }: Started, place: Place, machine: Machine): Outcome => {
  const [name, ...args] = words;
  const called = place.shell.functions.get(name?.value ?? '');
  if (called === undefined || isDeep(place, machine, () => span)) return UNKNOWN_SAID;
  const { shell } = place;
  const before = shell.args;
  shell.args = args;
  for (const [key, { value, span: at }] of prefix)
    shell.variables.set(key, { list: null, value, span: at, origins: [] });
  const { said } = machine.walk(called.node.body, {
    ...place,
    code: called.code,
    layers: [...place.layers, { kind: 'function', name: name?.value ?? null, span, args }],
    negatedFate: null,
    returnFate: place.fate,
    loop: null,
    after: null,
    depth: place.depth + 1,
  });
  shell.args = before;
  return { said, ends: false };
};
