import { usageError } from './errors.ts';

export interface StepSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly from: string | undefined;
}

/**
 * Turns `--only`, `--skip` and `--from` into a predicate: why a step is left out, or undefined if it runs.
 *
 * @throws usage error UNKNOWN_STEP, naming the flag and the ids there are.
 */
export const selectSteps = (ids: readonly string[], selection: StepSelection): ((id: string) => string | undefined) => {
  const check = (flag: string, named: readonly string[]): void => {
    const unknown = named.find((id) => !ids.includes(id));
    if (unknown === undefined) return;
    throw usageError({
      code: 'UNKNOWN_STEP',
      message: `${flag}: there is no step "${unknown}"`,
      hint: `The steps are: ${ids.join(', ')}`,
    });
  };
  check('--only', selection.only);
  check('--skip', selection.skip);
  check('--from', selection.from === undefined ? [] : [selection.from]);
  const first = selection.from === undefined ? 0 : ids.indexOf(selection.from);
  return (id) => {
    if (selection.skip.includes(id)) return 'left out by --skip';
    if (selection.only.length > 0 && !selection.only.includes(id)) return 'left out by --only';
    if (ids.indexOf(id) < first) return `comes before --from ${selection.from}`;
    return undefined;
  };
};
