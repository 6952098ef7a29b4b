import { FOUND_BY_CHECKS, STEP_FINDINGS } from '../checks/step-findings.ts';
import type { CheckResult, Finding, Remedy } from '../core/check.ts';
import { findingCode } from '../core/finding-code.ts';
import type { Failure, StepResult } from '../core/step.ts';
import { manageCommand } from '../steps/manage-command.ts';

export interface StepFacts {
  readonly builtIn: ReadonlySet<string>;
  /** The code of the finding that says why Django does not start; null: it starts. */
  readonly djangoFinding: string | null;
  /** django-tenants is installed without being in force: nothing makes tenants before that is settled. */
  readonly tenancyIsIneffective: boolean;
  /** What to do about a database that does not answer where the last run used another one; null: it used this one. */
  readonly otherDatabase: Remedy | null;
  /** How the user types devsetup. */
  readonly devsetup: string;
}

/** What a look at the steps found, as results of checks of the group "setup". */
export const stepResultsAsChecks = (results: readonly StepResult[], facts: StepFacts): readonly CheckResult[] =>
  results.map((result) => asCheck(result, facts, results));

const asCheck = (result: StepResult, facts: StepFacts, all: readonly StepResult[]): CheckResult => {
  const check = (status: CheckResult['status'], rest: Partial<CheckResult> = {}): CheckResult => ({
    id: result.id,
    group: 'setup',
    title: result.title,
    status,
    message: result.message,
    findings: [],
    blockedBy: null,
    network: false,
    milliseconds: result.milliseconds,
    ...rest,
  });
  const finding = (found: Finding): CheckResult => check('findings', { message: found.message, findings: [found] });
  switch (result.status) {
    case 'unchanged':
    case 'changed':
      return check('passed');
    case 'not-applicable':
      return check('not-applicable');
    // That the step itself has nothing to do here, e.g. for want of the superuser's credentials.
    case 'skipped':
      return check('not-applicable');
    case 'not-attempted':
      return check('could-not-check', { blockedBy: facts.djangoFinding ?? causeOf(result, all) });
    case 'would-change': {
      const { waitsFor } = result.data;
      if (facts.tenancyIsIneffective && MAKES_TENANTS.has(result.id))
        return check('not-applicable', { message: 'django-tenants is not in force' });
      return typeof waitsFor === 'string'
        ? check('could-not-check', { blockedBy: `${waitsFor}-needed` })
        : finding(needed(result, facts));
    }
    case 'failed': {
      const code = findingCode(result.failure?.code ?? '');
      if (result.failure !== null && code === facts.djangoFinding)
        return check('could-not-check', { message: 'Django does not start', blockedBy: code });
      const found = FOUND_BY_CHECKS[code];
      return found === undefined
        ? finding(failed(result, result.failure, facts))
        : check('could-not-check', { message: result.failure?.message ?? result.message, blockedBy: found });
    }
  }
};

/** The finding of the step that this one waits for. */
const causeOf = ({ data }: StepResult, all: readonly StepResult[]): string | null => {
  const failure = all.find(({ id }) => id === data['waitsFor'])?.failure ?? null;
  if (failure === null) return null;
  const code = findingCode(failure.code);
  return FOUND_BY_CHECKS[code] ?? (code in STEP_FINDINGS ? code : 'step-failed');
};

const MAKES_TENANTS: ReadonlySet<string> = new Set(['super-tenant', 'guest-tenant']);

const isWords = (value: unknown): value is readonly string[] => Array.isArray(value);

const needed = (result: StepResult, { builtIn, devsetup }: StepFacts): Finding => {
  const code = builtIn.has(result.id) ? `${result.id}-needed` : 'own-step-needed';
  return {
    code,
    severity: STEP_FINDINGS[code] ?? 'error',
    message: `${result.title}: ${result.message}.`,
    evidence: result.actions,
    remedy: { text: 'Let devsetup do it.', command: devsetup },
    place: null,
    fix: { by: 'step', step: result.id },
  };
};

const failed = (result: StepResult, failure: Failure | null, { otherDatabase }: StepFacts): Finding => {
  const code = findingCode(failure?.code ?? '');
  const isKnown = code in STEP_FINDINGS;
  const { manage: words } = result.data;
  return {
    code: isKnown ? code : 'step-failed',
    severity: STEP_FINDINGS[code] ?? 'error',
    message: failure?.message ?? result.message,
    evidence: [...(isKnown || failure === null ? [] : [failure.code]), ...(failure?.output ?? [])],
    remedy:
      otherDatabase !== null && code === 'database-unreachable'
        ? otherDatabase
        : {
            text: failure?.hint ?? 'See the log of the last run.',
            command: isWords(words) ? manageCommand(words) : null,
          },
    place: null,
    fix: null,
  };
};
