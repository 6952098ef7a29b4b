import type { Assignment, Command } from 'unbash';

import { spanOf } from '../../core/placed-text.ts';
import type { Fate, ShellWord, Variable } from '../shell-run.ts';
import { NOTHING_SAID, type Cell, type Machine, type Outcome, type Place } from '../machine/machine.ts';
import { noteSetting } from '../machine/note-setting.ts';
import { isTest } from './is-test.ts';
import { deliver, redirect } from './redirects.ts';

const DECLARING = /^(?:export|local|declare|readonly|typeset)$/;

/** A simple command: assignments, redirections, words. */
export const runCommand = (node: Command, place: Place, machine: Machine): Outcome => {
  const { placed } = place.code;
  const assignments = node.prefix.filter((item) => item.type === 'Assignment');
  if (node.name === undefined) {
    const redirected = redirect(node.redirects, place, machine);
    for (const item of assignments) assign(item, place, machine);
    return deliver(NOTHING_SAID, redirected, machine);
  }
  // What fails in a word of a command is not asked for.
  const lost: Fate = {
    kind: 'unheeded',
    by: isTest(node) ? 'unknown' : 'words',
    next: null,
    depth: place.layers.length,
  };
  const wordPlace = { ...place, fate: lost, shellFate: lost };
  const prefix = new Map<string, Variable>();
  for (const item of assignments) {
    const { value, span } = cellOf(item, wordPlace, machine);
    prefix.set(item.name, { value, span });
  }
  const redirected = redirect(node.redirects, wordPlace, machine);
  const words: ShellWord[] = [...machine.evaluate(node.name, wordPlace)];
  const declares = DECLARING.test(words[0]?.value ?? '');
  for (const item of node.args) {
    if (item.type === 'Word') {
      words.push(...machine.evaluate(item, wordPlace));
      continue;
    }
    const { value, span } = declares ? assign(item, wordPlace, machine) : cellOf(item, wordPlace, machine);
    if (words[0]?.value === 'export') place.shell.exported.add(item.name);
    words.push({
      value: `${item.name}=${value}`,
      placed: { text: `${item.name}=${value}`, segments: [] },
      span: spanOf(placed, item.pos, item.end),
      origins: [{ name: `$${item.name}`, span }],
    });
  }
  const first = node.prefix[0]?.type === 'Assignment' ? node.prefix[0].pos : node.name.pos;
  const end = node.args.at(-1)?.end ?? node.name.end;
  const span = spanOf(placed, Math.min(first, node.name.pos), end);
  if (words.length === 0) return deliver(NOTHING_SAID, redirected, machine);
  const started = { words, prefix, span };
  const here: Place =
    node.redirects.length === 0 ? place : { ...redirected.place, fate: place.fate, shellFate: place.shellFate };
  return deliver(machine.runWords(started, here), redirected, machine);
};

/** Of an array: a loop over them is followed once for each. */
const MOST_ELEMENTS = 200;

const assign = (item: Assignment, place: Place, machine: Machine): Cell => {
  const cell = cellOf(item, place, machine);
  const { variables } = place.shell;
  const before = variables.get(item.name);
  if (item.index !== undefined) {
    // One element of an array: what the others are is not followed.
    variables.set(item.name, { ...cell, list: null });
    return cell;
  }
  if (item.append !== true || before === undefined) {
    variables.set(item.name, cell);
    return cell;
  }
  const origins = [...before.origins, ...cell.origins].slice(0, 8);
  variables.set(item.name, {
    value: cell.list === null ? before.value + cell.value : before.value,
    list: cell.list === null ? null : [...(before.list ?? [before.value]), ...cell.list].slice(0, MOST_ELEMENTS),
    span: cell.span,
    origins,
  });
  return cell;
};

const cellOf = (item: Assignment, place: Place, machine: Machine): Cell => {
  const span = spanOf(place.code.placed, item.pos, item.end);
  if (item.value.type === 'ArrayValue') {
    const words = item.value.elements.flatMap((word) => machine.evaluate(word, place));
    const list = words.slice(0, MOST_ELEMENTS).map(({ value }) => value);
    return { list, value: list[0] ?? '', span, origins: words.flatMap(({ origins }) => origins).slice(0, 8) };
  }
  const word = machine.evaluateOne(item.value, place);
  noteSetting({ kind: 'assignment', name: item.name, word, layers: place.layers }, machine);
  return { list: null, value: word.value, span, origins: word.origins };
};
