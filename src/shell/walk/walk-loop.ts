import type { ArithmeticFor, CompoundList, For, Select, SyntaxNode, While } from 'unbash';

import { spanOf } from '../../core/placed-text.ts';
import { findNode } from '../fate/is-asked.ts';
import { judgeCondition } from '../fate/judge-leaving.ts';
import { choiceOf, copyShell, joinInto } from '../machine/join-shells.ts';
import { UNKNOWN_SAID, type Loop, type Machine, type Outcome, type Place } from '../machine/machine.ts';

/** Loops are walked once; a variable of `for` is a choice of what it goes through. */
export const walkLoop = (node: For | Select | While | ArithmeticFor, place: Place, machine: Machine): Outcome => {
  const { shell, code } = place;
  const { holes } = machine;
  if (node.type === 'While') {
    const fate = judgeCondition(node.clause, node.body, place, machine);
    machine.walkStatements(node.clause.commands, {
      ...place,
      fate,
      negatedFate: fate,
      isHeeded: false,
      loop: null,
    });
    // Each round has other arguments.
    if (findNode(node.body.commands, 0, isShift) !== null) shell.args = null;
    const isConditional = place.isConditional || node.kind === 'while';
    const isEndless = node.kind === 'until' || isAlways(node.clause);
    const mayBeSkipped = place.mayBeSkipped || node.kind === 'while';
    return walkBody(
      node.body,
      { ...place, isConditional, mayBeSkipped },
      { isEndless, variable: null },
      false,
      machine,
    );
  }
  if (node.type === 'For' || node.type === 'Select') {
    const words = node.wordlist?.flatMap((word) => machine.evaluate(word, place)) ?? shell.args ?? [];
    const name = node.name.value;
    shell.variables.set(name, {
      list: null,
      value:
        words.length > 0
          ? choiceOf(
              words.map(({ value }) => value),
              `$${name}`,
              holes,
            )
          : holes.of({ kind: 'unknown', name: `$${name}` }),
      span: spanOf(code.placed, node.name.pos, node.wordlist?.at(-1)?.end ?? node.name.end),
      origins: words.flatMap(({ origins }) => origins).slice(0, 8),
    });
  }
  const variable = node.type === 'For' ? node.name.value : null;
  return walkBody(node.body, place, { isEndless: false, variable }, node.type === 'For', machine);
};

const isShift = (node: SyntaxNode): boolean => node.type === 'Command' && node.name?.value === 'shift';

/** `while true`, `while :` */
const isAlways = ({ commands }: CompoundList): boolean => {
  const only = commands[0]?.command;
  return commands.length === 1 && only?.type === 'Command' && /^(?:true|:)$/.test(only.name?.value ?? '');
};

const walkBody = (
  body: CompoundList,
  place: Place,
  loop: Pick<Loop, 'isEndless' | 'variable'>,
  isSure: boolean,
  machine: Machine,
): Outcome => {
  const before = copyShell(place.shell);
  const { said } = machine.walkStatements(body.commands, {
    ...place,
    loop: { ...loop, body, after: place.after },
  });
  if (!isSure) joinInto(place.shell, [before, copyShell(place.shell)], machine.holes);
  return said?.text === '' ? { said, ends: false } : UNKNOWN_SAID;
};
