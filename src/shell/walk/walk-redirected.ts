import type { Redirected } from 'unbash';

import type { Machine, Outcome, Place } from '../machine/machine.ts';
import { deliver, redirect } from './redirects.ts';

/** `{ …; } >> file`, `while …; done < file` */
export const walkRedirected = (node: Redirected, place: Place, machine: Machine): Outcome => {
  const redirected = redirect(node.redirects, place, machine);
  return deliver(machine.walk(node.command, redirected.place), redirected, machine);
};
