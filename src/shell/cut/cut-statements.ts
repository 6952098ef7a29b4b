import type { Statement } from 'unbash';

import type { CutPlace, Verdict } from './cutting.ts';
import { removeStatements } from './statement-lines.ts';

/** A list of statements: what is gone is removed by its lines. If all of them are gone, whoever holds the list removes it. */
export const cutStatements = (statements: readonly Statement[], place: CutPlace): Verdict => {
  const { gone } = place.cutting;
  const verdicts = statements.map((statement) => {
    const verdict = place.cutting.cutNode(statement.command, place);
    if (verdict === 'gone') gone.add(statement);
    return verdict;
  });
  if (!verdicts.includes('gone')) return verdicts.includes('changed') ? 'changed' : 'same';
  for (const [index, statement] of statements.entries()) {
    const isNext = [statements[index - 1], statements[index + 1]].some(
      (one) => one !== undefined && gone.has(one.command),
    );
    if (isNext && announces(statement)) gone.add(statement);
  }
  if (statements.every((one) => gone.has(one))) return 'gone';
  removeStatements(statements, place);
  return 'changed';
};

/** `echo "Running migrations"` next to a migration that is not run there any more. */
const announces = ({ command }: Statement): boolean =>
  command.type === 'Command' &&
  /^(?:echo|printf)$/.test(command.name?.value ?? '') &&
  command.redirects.length === 0 &&
  command.args.length > 0 &&
  command.args.some((word) => word.type === 'Word' && /migra[tcçz]/i.test(word.value));
