import { parse } from 'unbash';

import { spanOf, type PlacedText } from '../core/placed-text.ts';
import { runPowershell } from './powershell/run-powershell.ts';
import { runPython } from './programs/run-python.ts';
import { cellOf } from './programs/run-inner.ts';
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
import { findFaults } from './walk/find-faults.ts';
import { runCommand } from './walk/run-command.ts';
import { runWords } from './walk/run-words.ts';
import { walkNode } from './walk/walk-node.ts';
import { walkStatements } from './walk/walk-statements.ts';
import { evaluateBody, evaluateOne, evaluateWord } from './words/evaluate-word.ts';

const BUDGET = 20_000;
const LONGEST = 200_000;

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
    isFallback: false,
    output: 'shown',
    outputTo: null,
    input: null,
    after: null,
    depth: 0,
  };
  try {
    start(input, place, machine);
  } catch (error) {
    // What nests deeper than a stack is no script of a person; everything else is a mistake of ours.
    if (!(error instanceof RangeError)) throw error;
    machine.faults.push({
      kind: 'syntax',
      message: 'The script is nested too deeply.',
      span: spanOf(input.script, 0, 0),
    });
  }
  return {
    calls: machine.calls,
    environment: shell.environment,
    outputs: shell.outputs,
    unknownScripts: machine.unknownScripts,
    faults: machine.faults,
    settings: machine.settings,
  };
};

const start = ({ language, script }: ShellInput, place: Place, machine: Machine): void => {
  if (language === 'bash' || language === 'sh') machine.runText(script, place);
  if (language === 'powershell') runPowershell(script, place, machine);
  if (language !== 'python') return;
  const layers = [...place.layers, { kind: 'python', name: null, span: spanOf(script, 0, 0) } as const];
  runPython(script, { ...place, layers }, machine);
};

const firstShell = ({ variables, errexit, pipefail, directory }: ShellInput): Shell => ({
  variables: new Map([...variables].map(([name, variable]) => [name, cellOf(variable)])),
  functions: new Map(),
  exported: new Set(variables.keys()),
  directory: directory === '.' ? '' : directory,
  errexit,
  errexitOff: null,
  pipefail,
  isTraced: false,
  args: [],
  file: null,
  files: new Map(),
  environment: new Map(),
  outputs: new Map(),
  waiting: NOTHING_WAITING,
});

const createMachine = ({ holes, readFile }: ShellInput): Machine => {
  const machine: Machine = {
    holes,
    readFile,
    calls: [],
    unknownScripts: [],
    faults: [],
    settings: [],
    parsed: new Map(),
    read: new Map(),
    copied: [],
    budget: BUDGET,
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
  if (placed.text.length > LONGEST) return UNKNOWN_SAID;
  const { text } = placed;
  const script = machine.parsed.get(text) ?? parse(text);
  machine.parsed.set(text, script);
  const isKnown = new Set(machine.faults.map(keyOf));
  machine.faults.push(...findFaults(script, placed).filter((fault) => !isKnown.has(keyOf(fault))));
  return machine.walkStatements(script.commands, { ...place, code: { placed } });
};

/** The same text may be run more than once. */
const keyOf = ({ message, span }: ShellFault): string => `${span.file} ${span.line} ${span.column} ${message}`;
