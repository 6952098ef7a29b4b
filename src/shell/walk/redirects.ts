import type { Redirection } from 'unbash';

import { joinPlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import { holesIn } from '../holes.ts';
import type { ShellCall } from '../shell-run.ts';
import { SILENT, type Machine, type Outcome, type Place } from '../machine/machine.ts';
import { spend } from '../machine/effort.ts';
import { joinBounded } from '../words/join-bounded.ts';
import { readEnvironmentLines } from './environment-lines.ts';
import { pathFrom } from './paths.ts';
import { readCheckout } from './read-checkout.ts';

interface Target {
  readonly path: string;
  readonly appends: boolean;
}

export interface Redirected {
  readonly place: Place;
  readonly target: Target | null;
}

/** Where a command's input and output go by what is written after it. */
export const redirect = (redirects: readonly Redirection[], place: Place, machine: Machine): Redirected => {
  if (redirects.length === 0) return { place, target: null };
  let { output, outputTo, input } = place;
  let target: Target | null = null;
  for (const item of redirects) {
    if (item.type === 'HereDoc') {
      input = machine.evaluateBody(item.body, item.delimiter?.quoted === true, item.operator === '<<-', place).placed;
      continue;
    }
    if (item.target === undefined) continue;
    const word = machine.evaluateOne(item.target, place);
    if (item.type === 'HereString') {
      input = joinPlaced([word.placed, { text: '\n', segments: [] }]);
      continue;
    }
    if (item.operator === '<') {
      input = readCheckout(word.value, place, machine)?.text ?? null;
      continue;
    }
    const descriptor = item.descriptor?.type === 'FileDescriptor' ? item.descriptor.value : null;
    const isOutput = /^(?:>|>>|>\||&>|&>>)$/.test(item.operator) && (descriptor === null || descriptor === 1);
    if (item.operator === '>&' && (descriptor === null || descriptor === 1) && word.value === '2') {
      if (output !== 'captured') target = null;
      output = 'shown';
      outputTo = null;
    }
    if (!isOutput) continue;
    const isNowhere = word.value === '/dev/null';
    const isTerminal = /^\/dev\/(?:std(?:out|err)|tty|fd\/[12])$/.test(word.value);
    output = outputBy(isNowhere, isTerminal);
    outputTo = output === 'file' ? word.value : null;
    target = output === 'file' ? { path: word.value, appends: item.operator.includes('>>') } : null;
  }
  return { place: { ...place, output, outputTo, input }, target };
};

const outputBy = (isNowhere: boolean, isTerminal: boolean): ShellCall['output'] => {
  if (isNowhere) return 'discarded';
  return isTerminal ? 'shown' : 'file';
};

/** What a command has said goes where it is sent. */
export const deliver = (outcome: Outcome, { place, target }: Redirected, machine: Machine): Outcome => {
  if (target === null) return place.output === 'discarded' ? { ...outcome, said: SILENT } : outcome;
  write(outcome.said, target, place, machine);
  return { ...outcome, said: SILENT };
};

const FOR_LATER: Readonly<Record<string, 'environment' | 'outputs'>> = {
  $GITHUB_ENV: 'environment',
  'github.env': 'environment',
  $GITHUB_OUTPUT: 'outputs',
  'github.output': 'outputs',
};

const unknownLine = ({ holes }: Machine): PlacedText => ({
  text: `${holes.of({ kind: 'unknown', name: '$(…)' })}\n`,
  segments: [],
});

/** What is there already is copied for each line that is added. */
const canAppend = (before: PlacedText | undefined, said: PlacedText, machine: Machine): boolean =>
  spend(machine, Math.floor((before?.segments.length ?? 0) / SEGMENTS), () => spanOf(said));

/** Parts of a text that are copied for a step. */
const SEGMENTS = 200;

export const write = (said: PlacedText | null, { path, appends }: Target, { shell }: Place, machine: Machine): void => {
  const target = path.length === 1 ? FOR_LATER[holesIn(path, machine.holes)[0]?.name ?? ''] : undefined;
  if (target !== undefined) {
    const waiting = shell.waiting[target];
    const text = said ?? unknownLine(machine);
    const rest =
      (waiting.text === '' && said === null) || !canAppend(waiting, text, machine)
        ? SILENT
        : readEnvironmentLines(joinBounded([waiting, text]).placed, shell[target]);
    shell.waiting = { ...shell.waiting, [target]: rest };
    return;
  }
  const file = pathFrom(shell.directory, path) ?? path;
  const before = appends ? shell.files.get(file) : SILENT;
  const { placed, isComplete } = joinBounded([before ?? SILENT, said ?? SILENT]);
  const isKnown = said !== null && isComplete && canAppend(before, said, machine);
  if (isKnown) {
    shell.files.set(file, placed);
    machine.written.set(file, placed);
  } else {
    shell.files.delete(file);
    machine.written.delete(file);
  }
};
