import type { Statement } from 'unbash';

import type { ShellFunction } from '../machine/machine.ts';
import { STATUS } from './judge-later.ts';
import { mayFail } from './may-fail.ts';
import { mentions } from './is-asked.ts';

/** Whether what a trap runs ends with `exit 0` whatever the status was. */
export const endsWell = (
  statements: readonly Statement[],
  functions: ReadonlyMap<string, ShellFunction>,
  depth = 0,
): boolean => {
  const last = statements.at(-1)?.command;
  if (last?.type !== 'Command' || depth > 3) return false;
  if (statements.some((statement) => mentions(statement, STATUS)) || mayFail(statements, functions)) return false;
  const name = last.name?.value ?? '';
  if (name === 'exit') return last.args.length === 1 && last.args[0]?.type === 'Word' && last.args[0].value === '0';
  const body = functions.get(name)?.node.body;
  return body?.type === 'BraceGroup' && endsWell(body.body.commands, functions, depth + 1);
};
