import type { Check, CheckGroup } from './check.ts';
import { CHECK_GROUPS } from './check.ts';
import { usageError } from './errors.ts';

export interface CheckSelection {
  /** Ids of checks or groups; [] means all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** From the configuration: check, group or finding → why. */
  readonly skipWithReason: Readonly<Record<string, string>>;
}

type Named = Pick<Check<unknown>, 'id' | 'findings'> & { readonly group: CheckGroup };

export interface SelectedChecks {
  /** Why a check is left out, or undefined if it runs. */
  readonly leftOut: (check: Pick<Named, 'id' | 'group'>) => string | undefined;
  /** Why a finding is not reported, or undefined if it is. */
  readonly silenced: (code: string) => string | undefined;
}

/**
 * Turns `--only`, `--skip` and the configuration's `doctor.skip` into predicates. Names are those of checks, groups or findings.
 *
 * @throws usage error UNKNOWN_CHECK, naming the flag or key and what there is.
 */
export const selectChecks = (checks: readonly Named[], selection: CheckSelection): SelectedChecks => {
  const { only, skip, skipWithReason } = selection;
  const ids = new Set<string>([...CHECK_GROUPS, ...checks.map((check) => check.id)]);
  const codes = new Set(checks.flatMap((check) => Object.keys(check.findings)));
  // What a project's own check may find is not known before it has; its findings are named after it.
  const isOwnCode = (name: string): boolean =>
    checks.some(({ id, group }) => group === 'project' && name.startsWith(`${id}-`));
  const isKnown = (name: string): boolean => ids.has(name) || codes.has(name) || isOwnCode(name);
  const verify = (where: string, names: readonly string[], known: (name: string) => boolean): void => {
    const unknown = names.find((name) => !known(name));
    if (unknown === undefined) return;
    throw usageError({
      code: 'UNKNOWN_CHECK',
      message: `${where}: there is no check "${unknown}".`,
      hint: `\`npx devsetup doctor --list\` shows them all. The groups are: ${CHECK_GROUPS.join(', ')}.`,
    });
  };
  verify('--only', only, (name) => ids.has(name));
  verify('--skip', skip, isKnown);
  verify('doctor.skip', Object.keys(skipWithReason), isKnown);
  const reasonFor = (name: string): string | undefined => {
    if (skip.includes(name)) return 'left out by --skip';
    return skipWithReason[name];
  };
  return {
    leftOut: ({ id, group }) => {
      const reason = reasonFor(id) ?? reasonFor(group);
      if (reason !== undefined) return reason;
      return only.length > 0 && !only.includes(id) && !only.includes(group) ? 'left out by --only' : undefined;
    },
    silenced: reasonFor,
  };
};
