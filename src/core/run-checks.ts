import { CheckStopped, type Check, type CheckOutcome, type CheckResult, type Finding, type Problem } from './check.ts';
import { isDevsetupError, messageOf } from './errors.ts';

export interface RunChecksOptions<C> {
  readonly checks: readonly Check<C>[];
  /** What a check is given; the signal ends with its time limit. */
  readonly contextFor: (signal: AbortSignal) => C;
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Why a check is left out; undefined: it runs. */
  readonly leftOut: (check: Check<C>) => string | undefined;
  readonly onResult?: (result: CheckResult) => void;
}

export const DEFAULT_CHECK_SECONDS = 15;

/**
 * Runs all checks side by side, each with its own time limit. Never throws: a check that does is "could not check".
 *
 * @returns one result a check, in the order of `checks`.
 */
export const runChecks = <C>(options: RunChecksOptions<C>): Promise<readonly CheckResult[]> =>
  Promise.all(
    options.checks.map(async (check) => {
      const result = await runCheck(check, options);
      options.onResult?.(result);
      return result;
    }),
  );

const runCheck = async <C>(check: Check<C>, options: RunChecksOptions<C>): Promise<CheckResult> => {
  const started = options.now();
  const reason = options.leftOut(check);
  if (reason !== undefined) return resultOf(check, 0, { status: 'skipped', message: reason });
  const outcome = await outcomeOf(check, options);
  return settle(check, outcome, Math.round(options.now() - started));
};

const outcomeOf = async <C>(check: Check<C>, options: RunChecksOptions<C>): Promise<CheckOutcome> => {
  const seconds = check.timeoutSeconds ?? DEFAULT_CHECK_SECONDS;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const ended = new Promise<CheckOutcome>((resolve) => {
    const end = (): void =>
      resolve(unknown(options.signal.aborted ? 'interrupted' : `it took longer than ${seconds} s`));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
  try {
    // The first to settle counts: a check may ignore its signal.
    return await Promise.race([check.run(options.contextFor(signal)), ended]);
  } catch (error) {
    if (error instanceof CheckStopped) return error.outcome;
    return unknown(isDevsetupError(error) ? error.message : `the check failed: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
};

const unknown = (reason: string): CheckOutcome => ({ kind: 'could-not-check', reason });

const settle = <C>(check: Check<C>, outcome: CheckOutcome, milliseconds: number): CheckResult => {
  switch (outcome.kind) {
    case 'passed':
      return resultOf(check, milliseconds, { status: 'passed', message: outcome.evidence });
    case 'not-applicable':
      return resultOf(check, milliseconds, { status: 'not-applicable', message: outcome.reason });
    case 'could-not-check':
      return resultOf(check, milliseconds, {
        status: 'could-not-check',
        message: outcome.reason,
        blockedBy: outcome.blockedBy ?? null,
        network: outcome.network ?? false,
      });
    case 'problems': {
      const findings = outcome.problems.map((problem) => findingOf(problem, check.findings));
      return resultOf(check, milliseconds, { status: 'findings', message: findings[0]?.message ?? '', findings });
    }
  }
};

/** A problem with what can be left out filled in. */
export const findingOf = (problem: Problem, severities: Check<unknown>['findings']): Finding => ({
  code: problem.code,
  severity: problem.severity ?? severities[problem.code] ?? 'error',
  message: problem.message,
  evidence: problem.evidence ?? [],
  remedy: problem.remedy,
  place: problem.place ?? null,
  fix: problem.fix ?? null,
});

const resultOf = <C>(
  { id, group, title }: Check<C>,
  milliseconds: number,
  rest: Pick<CheckResult, 'status' | 'message'> & Partial<CheckResult>,
): CheckResult => ({ id, group, title, findings: [], blockedBy: null, network: false, milliseconds, ...rest });
