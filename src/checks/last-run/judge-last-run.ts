import { describeAge } from '../../core/describe-age.ts';
import { failedStep } from '../../core/failed-step.ts';
import { passed, type CheckOutcome, type Problem } from '../../core/check.ts';
import type { RunState } from '../../state/run-state.ts';

export const LAST_RUN_FINDINGS = {
  'last-run-failed': 'warning',
  'last-run-cut-short': 'warning',
  'create-not-retried': 'warning',
  'run-in-progress': 'info',
} as const;

export type LastRunCode = keyof typeof LAST_RUN_FINDINGS;

export interface LastRunFacts {
  readonly state: RunState;
  readonly now: Date;
  /** The log of that run, if this user can read it. */
  readonly log: string | null;
  /** The hook of the dev container that calls devsetup, has begun in this container and is not run again; null: there is none. */
  readonly hook: CreateHook | null;
}

export interface CreateHook {
  /** e.g. `postCreateCommand` */
  readonly name: string;
  /** It began so long ago that it has ended, whatever it did before devsetup. */
  readonly isOver: boolean;
}

/** What the last run was, where that is still worth telling. */
export const judgeLastRun = (facts: LastRunFacts): CheckOutcome<LastRunCode> => {
  const { state, now, hook } = facts;
  switch (state.kind) {
    case 'never':
      return hook?.isOver === true
        ? problem(notRetried(hook, 'devsetup has never run in it', facts))
        : { kind: 'not-applicable', reason: 'devsetup has not run in this checkout yet' };
    case 'running':
      return problem({
        code: 'run-in-progress',
        message: `A run of devsetup is in progress; it started ${describeAge(state.mark.startedAt, now)}.`,
        evidence: [`process ${state.mark.pid}`, ...logLine(facts)],
        remedy: { text: 'Check again once it has ended.', command: 'npx devsetup status' },
      });
    case 'cut-short': {
      const how = `the run that started ${describeAge(state.mark.startedAt, now)} was cut short`;
      if (hook !== null) return problem(notRetried(hook, how, facts));
      return problem({
        code: 'last-run-cut-short',
        message: `The last run of devsetup was cut short: it started ${describeAge(state.mark.startedAt, now)} and did not finish.`,
        evidence: [`process ${state.mark.pid} is gone`, ...logLine(facts)],
        remedy: GO_ON,
      });
    }
    case 'ended':
      return judgeReport(state.report, facts);
  }
};

const judgeReport = (
  report: Extract<RunState, { kind: 'ended' }>['report'],
  facts: LastRunFacts,
): CheckOutcome<LastRunCode> => {
  const when = describeAge(report.startedAt, facts.now);
  if (report.outcome !== 'failed' && report.outcome !== 'interrupted') return passed(`it succeeded ${when}`);
  const step = failedStep(report);
  const at = step === null ? '' : ` at "${step.title}"`;
  const evidence = [...(step === null ? [] : [step.message]), ...logLine(facts)];
  if (report.outcome === 'interrupted') {
    return problem({
      code: 'last-run-cut-short',
      message: `The last run of devsetup was interrupted ${when}${at}.`,
      evidence: logLine(facts),
      remedy: GO_ON,
    });
  }
  if (facts.hook !== null) {
    return problem(notRetried(facts.hook, `the last run of devsetup failed ${when}${at}`, facts, evidence));
  }
  return problem({
    code: 'last-run-failed',
    message: `The last run of devsetup failed ${when}${at}.`,
    evidence,
    remedy: {
      text: 'Fix the other findings, then run it again: what is done stays done.',
      command: RUN,
    },
  });
};

const RUN = 'npx devsetup';
const GO_ON = { text: 'Run it again: it continues where it stopped.', command: RUN };

const notRetried = (
  { name }: CreateHook,
  how: string,
  facts: LastRunFacts,
  evidence: readonly string[] = logLine(facts),
): Problem<LastRunCode> => ({
  code: 'create-not-retried',
  message: `The dev container counts as set up because its ${name} has begun once, but ${how}.`,
  evidence,
  remedy: {
    text: 'Let devsetup do what is missing, and call it with --if-needed in postStartCommand so that the next start does.',
    command: `${RUN} --if-needed`,
  },
});

const logLine = ({ log }: LastRunFacts): readonly string[] => (log === null ? [] : [`log: ${log}`]);

const problem = (found: Problem<LastRunCode>): CheckOutcome<LastRunCode> => ({ kind: 'problems', problems: [found] });
