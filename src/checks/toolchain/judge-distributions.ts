import type { Problem } from '../../core/check.ts';
import type { Installed } from '../../django/examination.ts';

export const DISTRIBUTION_FINDINGS = {
  'distributions-missing': 'error',
  'distributions-outdated': 'warning',
  'distributions-conflict': 'warning',
} as const;

type Code = keyof typeof DISTRIBUTION_FINDINGS;

export interface DistributionFacts {
  /** The requirement files, for the message. */
  readonly files: string;
  /** Whether the step, if it ran now, would install. */
  readonly stepInstalls: boolean;
}

const LISTED = 10;

const listed = (lines: readonly string[]): readonly string[] =>
  lines.length <= LISTED ? lines : [...lines.slice(0, LISTED), `and ${lines.length - LISTED} more`];

const some = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

/** `psycopg` of `psycopg[binary]>=3.1; python_version >= "3.8"`. */
const nameOf = (requirement: string): string => /^[\w.-]+/.exec(requirement.trim())?.[0] ?? requirement;

const again = (stepInstalls: boolean): string =>
  stepInstalls ? 'npx devsetup' : 'npx devsetup --force --only backend-dependencies';

/** What the environment lacks of what is asked for; one problem a code. */
export const judgeDistributions = (
  { unmet, conflicts }: Pick<Installed, 'unmet' | 'conflicts'>,
  { files, stepInstalls }: DistributionFacts,
): readonly Problem<Code>[] => {
  const missing = unmet.filter(({ found }) => found === null).map(({ requirement }) => requirement);
  const outdated = unmet.filter(({ found }) => found !== null);
  return [
    ...(missing.length === 0 ? [] : [missingProblem()]),
    ...(outdated.length === 0 ? [] : [outdatedProblem()]),
    ...(conflicts.length === 0 ? [] : [conflictProblem()]),
  ];

  function missingProblem(): Problem<Code> {
    const verb = missing.length === 1 ? 'is' : 'are';
    return {
      code: 'distributions-missing',
      message: `${some(missing.map(nameOf))} ${verb} asked for by ${files} and not installed.`,
      evidence: listed(missing),
      remedy: { text: 'Install what is missing.', command: again(stepInstalls) },
      ...(stepInstalls ? { fix: { by: 'step', step: 'backend-dependencies' } } : {}),
    };
  }

  function outdatedProblem(): Problem<Code> {
    const names = outdated.map(({ requirement }) => nameOf(requirement));
    return {
      code: 'distributions-outdated',
      message: `${files} asks for another version of ${some(names)} than the installed one.`,
      evidence: listed(outdated.map(({ requirement, found }) => `${requirement}: ${found} is installed`)),
      remedy: { text: 'Install what is asked for.', command: again(stepInstalls) },
    };
  }

  function conflictProblem(): Problem<Code> {
    const names = [...new Set(conflicts.map(({ distribution }) => distribution))];
    return {
      code: 'distributions-conflict',
      message: `What ${some(names)} ${names.length === 1 ? 'requires' : 'require'} of other distributions is not met.`,
      evidence: listed(
        conflicts.map(
          ({ distribution, requirement, found }) =>
            `${distribution} requires ${requirement}: ${found === null ? 'not installed' : `${found} is installed`}`,
        ),
      ),
      remedy: { text: `Correct the versions in ${files}, then install again.`, command: null },
    };
  }
};
