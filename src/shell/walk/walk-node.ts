import type { Redirected, SyntaxNode } from 'unbash';

import { copyShell } from '../machine/join-shells.ts';
import { NOTHING_SAID, UNKNOWN_SAID, type Machine, type Outcome, type Place } from '../machine/machine.ts';
import { deliver, redirect } from './redirects.ts';
import { walkAndOr, walkPipeline } from './walk-and-or.ts';
import { walkCase, walkIf } from './walk-if.ts';
import { walkLoop } from './walk-loop.ts';

/** Follows one node of a script's tree. */
export const walkNode = (node: SyntaxNode, place: Place, machine: Machine): Outcome => {
  switch (node.type) {
    case 'Command':
      return machine.runCommand(node, place);
    case 'AndOr':
      return walkAndOr(node, place, machine);
    case 'Pipeline':
      return walkPipeline(node, place, machine);
    case 'Redirected':
      return walkRedirected(node, place, machine);
    case 'If':
      return walkIf(node, place, machine);
    case 'Case':
      return walkCase(node, place, machine);
    case 'For':
    case 'Select':
    case 'While':
    case 'ArithmeticFor':
      return walkLoop(node, place, machine);
    case 'BraceGroup':
      return machine.walkStatements(node.body.commands, place);
    case 'Subshell': {
      const shell = copyShell(place.shell);
      const outcome = machine.walkStatements(node.body.commands, {
        ...place,
        shell,
        shellFate: place.fate,
        returnFate: null,
      });
      place.shell.environment = shell.environment;
      place.shell.outputs = shell.outputs;
      place.shell.files = shell.files;
      return { said: outcome.said, ends: false };
    }
    case 'CompoundList':
      return machine.walkStatements(node.commands, place);
    case 'Function':
      place.shell.functions.set(node.name.value, { node, code: place.code });
      return NOTHING_SAID;
    case 'Coproc':
      return machine.walk(node.body, place);
    case 'TestCommand':
    case 'ArithmeticCommand':
      return NOTHING_SAID;
    default:
      return UNKNOWN_SAID;
  }
};

/** `{ …; } >> file`, `while …; done < file` */
const walkRedirected = (node: Redirected, place: Place, machine: Machine): Outcome => {
  const redirected = redirect(node.redirects, place, machine);
  return deliver(machine.walk(node.command, redirected.place), redirected, machine);
};
