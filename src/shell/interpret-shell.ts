import { parse, type ParsedScript } from 'unbash';

import { spanOf, type PlacedText, type Span } from '../core/placed-text.ts';
import { runPowershell } from './powershell/run-powershell.ts';
import { runPython } from './programs/run-python.ts';
import { cellOf } from './programs/run-inner.ts';
import type { Holes } from './holes.ts';
import type { ShellFault, ShellInput, ShellRun } from './shell-run.ts';
import {
  FAILS,
  NOTHING_WAITING,
  UNKNOWN_SAID,
  type Machine,
  type Outcome,
  type Place,
  type Shell,
} from './machine/machine.ts';
import { STEPS_OF_A_SCRIPT, spend, stopAt } from './machine/effort.ts';
import { findFaults } from './walk/find-faults.ts';
import { runCommand } from './walk/run-command.ts';
import { runWords } from './walk/run-words.ts';
import { walkNode } from './walk/walk-node.ts';
import { walkStatements } from './walk/walk-statements.ts';
import { evaluateBody, evaluateOne, evaluateWord } from './words/evaluate-word.ts';

const LONGEST = 200_000;
/** Characters that are parsed for a step. */
const CHARACTERS = 50;

/** Finds out what a script does. */
export const interpretShell = (input: ShellInput): ShellRun => {
  const machine = createMachine(input);
  const shell = firstShell(input);
  const place: Place = {
    shell,
    code: { placed: input.script },
    layers: input.layers,
    fate: FAILS,
    shellFate: FAILS,
    negatedFate: null,
    returnFate: null,
    loop: null,
    isHeeded: true,
    isConditional: false,
    ways: [],
    mayBeSkipped: false,
    isFallback: false,
    output: 'shown',
    outputTo: null,
    input: null,
    after: null,
    depth: 0,
    isQuiet: false,
  };
  try {
    start(input, place, machine);
  } catch (error) {
    // What nests deeper than a stack is no script of a person; everything else is a mistake of ours.
    if (!(error instanceof RangeError)) throw error;
    stopAt(machine, 'depth', () => spanOf(input.script, 0, 0));
  }
  return {
    calls: machine.calls,
    environment: shell.environment,
    outputs: shell.outputs,
    unknownScripts: machine.unknownScripts,
    faults: machine.faults,
    settings: machine.settings,
    unfollowed: [...machine.unfollowed.values()],
    files: machine.written,
  };
};

const start = ({ language, script }: ShellInput, place: Place, machine: Machine): void => {
  if (language === 'bash' || language === 'sh') machine.runText(script, place);
  if (language === 'powershell') runPowershell(script, place, machine);
  if (language !== 'python') return;
  const layers = [...place.layers, { kind: 'python', name: null, span: spanOf(script, 0, 0) } as const];
  runPython(script, { ...place, layers }, machine);
};

const firstShell = ({ variables, errexit, pipefail, directory, files }: ShellInput): Shell => ({
  variables: new Map([...variables].map(([name, variable]) => [name, cellOf(variable)])),
  functions: new Map(),
  assumed: new Map(),
  exported: new Set(variables.keys()),
  directory: directory === '.' ? '' : directory,
  elsewhere: '',
  errexit,
  errexitOff: null,
  exitsWell: null,
  pipefail,
  isTraced: false,
  args: [],
  file: null,
  files: new Map(files),
  environment: new Map(),
  outputs: new Map(),
  waiting: NOTHING_WAITING,
});

const createMachine = ({
  holes,
  readFile,
  locate,
  paths,
  takesDefaults,
  hasFolder,
  files,
  effort,
}: ShellInput): Machine => {
  const machine: Machine = {
    holes,
    readFile,
    locate: locate ?? (() => []),
    paths: paths ?? [],
    takesDefaults: takesDefaults ?? false,
    hasFolder: hasFolder ?? (() => false),
    calls: [],
    unknownScripts: [],
    faults: [],
    knownFaults: new Set(),
    settings: [],
    parsed: new Map(),
    read: new Map(),
    origins: new Map(),
    written: new Map(files),
    copied: [],
    encoded: new Map(),
    effort: { own: STEPS_OF_A_SCRIPT, shared: effort ?? { left: STEPS_OF_A_SCRIPT } },
    unfollowed: new Map(),
    walk: (node, place) => walkNode(node, place, machine),
    walkStatements: (statements, place) => walkStatements(statements, place, machine),
    runCommand: (node, place) => runCommand(node, place, machine),
    runWords: (command, place) => runWords(command, place, machine),
    runText: (text, place) => runText(text, place, machine),
    evaluate: (word, place) => evaluateWord(word, place, machine),
    evaluateOne: (word, place) => evaluateOne(word, place, machine),
    evaluateBody: (body, isQuoted, stripsTabs, place) => evaluateBody(body, isQuoted, stripsTabs, place, machine),
  };
  return machine;
};

/** A text that a shell reads, where its place says. */
const runText = (placed: PlacedText, place: Place, machine: Machine): Outcome => {
  const { text } = placed;
  const span = (): Span => spanOf(placed, 0, 0);
  if (text.length > LONGEST) {
    stopAt(machine, 'length', span);
    return UNKNOWN_SAID;
  }
  if (!spend(machine, Math.floor(text.length / CHARACTERS), span)) return UNKNOWN_SAID;
  const script = parseOnce(text, machine);
  machine.parsed.set(text, script);
  for (const fault of findFaults(script, placed)) {
    const key = keyOf(fault);
    if (!machine.knownFaults.has(key)) machine.faults.push(fault);
    machine.knownFaults.add(key);
  }
  return machine.walkStatements(script.commands, { ...place, code: { placed } });
};

/** The steps of many workflows have the same scripts. */
const parseOnce = (text: string, { holes }: Machine): ParsedScript => {
  const known = PARSED.get(holes) ?? new Map<string, ParsedScript>();
  PARSED.set(holes, known);
  const script = known.get(text) ?? parse(text);
  known.set(text, script);
  return script;
};

const PARSED = new WeakMap<Holes, Map<string, ParsedScript>>();

const keyOf = ({ message, span }: ShellFault): string => `${span.file} ${span.line} ${span.column} ${message}`;
