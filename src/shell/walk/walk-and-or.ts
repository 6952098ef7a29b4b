import type { AndOr, Command, Pipeline, PipelineNode } from 'unbash';

import { joinPlaced, placeInstead, spanOf, type Span } from '../../core/placed-text.ts';
import { fateInChain } from '../fate/after-failure.ts';
import { findNode, onlyTells, statementsAround } from '../fate/is-asked.ts';
import { judgeLater, PIPE_STATUS } from '../fate/judge-later.ts';
import { mayFail } from '../fate/may-fail.ts';
import type { Fate } from '../shell-run.ts';
import { choiceOf, copyShell, joinInto } from '../machine/join-shells.ts';
import { SILENT, UNKNOWN_SAID, type Machine, type Outcome, type Place, type Shell } from '../machine/machine.ts';
import { canSearch, costOfStatement, spend, stopAt } from '../machine/effort.ts';
import { decideNode } from './decide.ts';
import { isTest } from './is-test.ts';
import { assume, placeAssuming } from './narrow.ts';
import { readCondition } from './read-condition.ts';

const LONGEST_CHAIN = 500;
/** Commands after it that are read for a step: what becomes of each depends on all of them. */
const FOLLOWING = 50;

/** `a && b || c` */
export const walkAndOr = (written: AndOr, place: Place, machine: Machine): Outcome => {
  const { shell } = place;
  const node = shortened(written);
  let { isConditional, mayBeSkipped } = place;
  let outcome: Outcome = UNKNOWN_SAID;
  const saids: Outcome['said'][] = [];
  const beyond = written.commands[LONGEST_CHAIN];
  if (beyond !== undefined) stopAt(machine, 'work', () => spanOf(place.code.placed, beyond.pos, beyond.end));
  /** What is known of how it has gone so far. */
  let status: boolean | null = null;
  /** Whatever comes before it lets a command be reached. */
  let isSure = true;
  /** The shell where a test has failed. */
  let failed: Shell | null = null;
  /** The same where it is not known which of several tests has failed. */
  let untested: Shell | null = null;
  for (const [index, command] of node.commands.entries()) {
    const operator = node.operators[index - 1];
    const span = (): Span => spanOf(place.code.placed, command.pos, command.end);
    if (!spend(machine, Math.floor((node.commands.length - index) / FOLLOWING), span)) return UNKNOWN_SAID;
    if (operator !== undefined && status === (operator === '||')) {
      saids.push(SILENT);
      continue;
    }
    const previous = node.commands[index - 1];
    const followsTest = previous !== undefined && isTest(previous);
    const isAlternative = operator === '||';
    const succeeded = isAlternative && status === null ? copyShell(shell) : null;
    if (operator === '&&' && followsTest && status === null) {
      isConditional = true;
      mayBeSkipped = true;
      const condition = readCondition(previous);
      failed = untested === null ? placeAssuming(condition, false, place, machine).shell : untested;
      untested ??= copyShell(shell);
      assume(condition, true, place, machine);
    }
    if (succeeded !== null && failed !== null) Object.assign(shell, failed);
    if (succeeded !== null && index === 1) {
      const condition = readCondition(node.commands[0] ?? command);
      assume(condition, true, { ...place, shell: succeeded }, machine);
      assume(condition, false, place, machine);
    }
    if (isAlternative) failed = null;
    outcome = machine.walk(command, {
      ...place,
      fate: fateInChain(node, index, place, machine),
      isHeeded: place.isHeeded && index === node.commands.length - 1,
      isConditional: isConditional || succeeded !== null,
      mayBeSkipped: mayBeSkipped || succeeded !== null,
      isFallback: place.isFallback || (isAlternative && !followsTest),
    });
    saids.push(outcome.said);
    const wasSure: boolean = operator === undefined || status !== null;
    isSure &&= wasSure;
    status = isTest(command) ? decideNode(command, place, machine) : wasSure && cannotFail(command) ? true : null;
    if (succeeded !== null) {
      if (outcome.ends) Object.assign(shell, succeeded);
      else joinInto(shell, [succeeded, copyShell(shell)], machine.holes);
    }
    if (outcome.ends && operator === undefined) return outcome;
  }
  if (failed !== null) {
    const last = copyShell(shell);
    joinInto(shell, outcome.ends ? [failed] : [last, failed], machine.holes);
  }
  // In `a && exit 0`, the lines that follow run if `a` fails.
  const endsSurely = outcome.ends && isSure && !node.operators.includes('||') && !isConditional;
  return { said: saidByChain(node, saids, machine), ends: endsSurely };
};

const shortened = (node: AndOr): AndOr =>
  node.commands.length <= LONGEST_CHAIN
    ? node
    : {
        ...node,
        commands: node.commands.slice(0, LONGEST_CHAIN),
        operators: node.operators.slice(0, LONGEST_CHAIN - 1),
      };

/** An assignment of what is written there, `echo`. */
const cannotFail = (node: PipelineNode): boolean =>
  node.type === 'Command' &&
  (node.name === undefined
    ? node.prefix.every((item) => item.type === 'Assignment' && !/\$\(|`/.test(item.text))
    : node.name.value === 'echo');

/** What `&&` joins is said one after the other; of what `||` divides, one. */
const saidByChain = (node: AndOr, saids: readonly Outcome['said'][], { holes }: Machine): Outcome['said'] => {
  const ways: Outcome['said'][] = [];
  let current: Outcome['said'] = saids[0] ?? null;
  for (const [index, operator] of node.operators.entries()) {
    const next = saids[index + 1] ?? null;
    if (operator === '&&') {
      current = current === null || next === null ? null : joinPlaced([current, next]);
    } else {
      ways.push(current);
      current = next;
    }
  }
  ways.push(current);
  const told = ways.filter((way) => way === null || way.text !== '');
  const [first = SILENT] = told;
  if (told.length < 2) return first;
  const known = told.findLast((way) => way !== null);
  if (known === undefined || known === null) return null;
  const texts = told.map((way) => way?.text.replace(/\n$/, '') ?? holes.of({ kind: 'unknown', name: '$(…)' }));
  return placeInstead(choiceOf(texts, '$(… || …)', holes), known);
};

/** `a | b` */
export const walkPipeline = (node: Pipeline, place: Place, machine: Machine): Outcome => {
  const { placed } = place.code;
  const negation = node.prefixes.find(({ type }) => type === 'Negation');
  const fate: Fate =
    // Of a condition, its branches have decided.
    negation === undefined || !place.isHeeded
      ? place.fate
      : (place.negatedFate ?? { kind: 'swallowed', how: '!', span: spanOf(placed, negation.pos, negation.end) });
  const last = node.commands.length - 1;
  /** What all commands after this one show of what they read. */
  const shownFrom = node.commands.findLastIndex((command) => !showsWhatItReads(command));
  let input = place.input;
  let outcome: Outcome = UNKNOWN_SAID;
  for (const [index, command] of node.commands.entries()) {
    const next = node.commands[index + 1];
    const isLast = index === last;
    const alone = node.commands.length === 1;
    const shell = alone ? place.shell : copyShell(place.shell);
    const consumer = next === undefined ? null : programOf(next);
    const shows = index >= shownFrom && next !== undefined;
    const span = (): Span => spanOf(placed, command.pos, command.end);
    if (!spend(machine, costOfStatement(place.shell), span)) return UNKNOWN_SAID;
    outcome = machine.walk(command, {
      ...place,
      shell,
      fate: isLast || place.shell.pipefail ? fate : lostInPipe(node, index, place, consumer, machine),
      shellFate: alone
        ? place.shellFate
        : isLast || place.shell.pipefail
          ? fate
          : lostInPipe(node, index, place, consumer, machine),
      negatedFate: null,
      isHeeded: place.isHeeded && negation === undefined,
      input,
      output: isLast || shows ? place.output : 'pipe',
      outputTo: isLast || shows ? place.outputTo : consumer,
    });
    input = isLast ? null : outcome.said;
    place.shell.environment = shell.environment;
    place.shell.outputs = shell.outputs;
    place.shell.files = shell.files;
  }
  return node.commands.length === 1 ? outcome : { ...outcome, ends: false };
};

/** `tee`, `cat`, unless what it writes is sent elsewhere: `| tee file > /dev/null`. */
const showsWhatItReads = (node: PipelineNode): boolean =>
  /^(?:tee|cat)$/.test(programOf(node) ?? '') &&
  node.type === 'Command' &&
  !node.redirects.some(
    ({ operator, descriptor }) =>
      /^(?:>|>>|>\||&>|&>>)$/.test(operator) &&
      (descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 1)),
  );

const programOf = (node: PipelineNode): string | null => {
  const command = node.type === 'Redirected' ? node.command : node;
  if (command.type === 'Command') {
    const name = command.name?.value ?? null;
    const first = command.args[0];
    return name === 'sudo' && first?.type === 'Word' ? first.value : name;
  }
  return null;
};

/** `a | tee log`, and later `grep -q ERROR log && exit 1`. */
const isReadLater = (tee: PipelineNode, place: Place, machine: Machine): boolean => {
  const files = new Set(
    tee.type === 'Command' ? tee.args.flatMap((word) => (word.type === 'Word' ? [word.text] : [])) : [],
  );
  if (!canSearch(machine, place.code.placed.text.length - tee.end, place)) return false;
  const nodes = statementsAround(place, machine);
  const use = findNode(nodes, tee.end, (node) => node.type === 'Command' && !onlyTells(node) && names(node, files));
  return use !== null && mayFail(nodes, place.shell.functions, use.pos);
};

const names = ({ args }: Command, files: ReadonlySet<string>): boolean =>
  args.some((word) => word.type === 'Word' && !word.text.startsWith('-') && files.has(word.text));

const lostInPipe = (node: Pipeline, index: number, place: Place, consumer: string | null, machine: Machine): Fate => {
  const next = node.commands[index + 1];
  const last = node.commands.at(-1);
  const { placed } = place.code;
  const asked = judgeLater(place, machine, PIPE_STATUS);
  if (asked !== null) return asked;
  if (consumer === 'tee' && next !== undefined && isReadLater(next, place, machine)) {
    return { kind: 'unheeded', by: 'unknown', next: null, depth: place.layers.length };
  }
  const from = node.commands[index]?.end ?? node.pos;
  const start = next === undefined ? from : Math.max(from, placed.text.indexOf('|', from));
  return {
    kind: 'swallowed',
    how: `| ${consumer ?? '…'} without pipefail`,
    span: spanOf(placed, start, last?.end ?? node.end),
  };
};
