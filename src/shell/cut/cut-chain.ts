import type { AndOr } from 'unbash';

import { cutOut, keep, type CutPlace, type Verdict } from './cutting.ts';
import { onlyTells, programOf } from './harmless.ts';

/** `a && b || c` */
export const cutChain = (node: AndOr, place: CutPlace): Verdict => {
  const { commands, operators } = node;
  const { cutting } = place;
  const verdicts = commands.map((command) => cutting.cutNode(command, place));
  if (!verdicts.includes('gone')) return verdicts.includes('changed') ? 'changed' : 'same';
  if (commands.every((one) => onlyTells(one, cutting.gone))) {
    const isFallback = verdicts.some((verdict, index) => verdict === 'gone' && isAfterOther(index, node, cutting.gone));
    if (!isFallback && !followsTest(node, cutting.gone)) return 'gone';
  }
  const isGone = verdicts.map((verdict) => verdict === 'gone');
  for (const [index] of commands.entries()) {
    if (isGone[index] !== true) continue;
    if (isAfterOther(index, node, cutting.gone) || followsTest(node, cutting.gone))
      return keep(place, node, 'another command decides whether it runs');
    const next = commands[index + 1];
    if (operators[index] !== '||' || next === undefined || isGone[index + 1] === true) continue;
    if (!onlyTells(next, cutting.gone)) return keep(place, node, 'something else runs where it fails');
    // What it says of the failure of something that stays, stays.
    if (isGone.slice(0, index).every(Boolean)) isGone[index + 1] = true;
  }
  removeLinks(node, isGone, place);
  return 'changed';
};

/** `other || migrate` */
const isAfterOther = (index: number, { commands, operators }: AndOr, gone: ReadonlySet<object>): boolean => {
  const before = commands[index - 1];
  return operators[index - 1] === '||' && before !== undefined && !gone.has(before);
};

const TESTS = /^(?:test|\[|\[\[)$/;

/** `[ "$X" = yes ] && migrate` */
const followsTest = ({ commands }: AndOr, gone: ReadonlySet<object>): boolean => {
  const first = commands.findIndex((one) => gone.has(one));
  return commands.slice(0, first).some((one) => one.type === 'TestCommand' || TESTS.test(programOf(one)));
};

const removeLinks = ({ commands }: AndOr, isGone: readonly boolean[], place: CutPlace): void => {
  for (let first = 0; first < commands.length; first += 1) {
    if (isGone[first] !== true) continue;
    let last = first;
    while (isGone[last + 1] === true) last += 1;
    const [from, to, before, next] = [commands[first], commands[last], commands[first - 1], commands[last + 1]];
    if (before !== undefined && to !== undefined) cutOut(place, { pos: before.end, end: to.end });
    else if (from !== undefined && next !== undefined) cutOut(place, { pos: from.pos, end: next.pos });
    first = last;
  }
};
