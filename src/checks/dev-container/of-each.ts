import { CheckStopped, type Check, type CheckOutcome, type Problem } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import type { CheckContext } from '../context.ts';

/** A check of one dev container, asked of every devcontainer.json of the checkout: people open any of them. */
export const ofEachDevContainer = (check: Check<CheckContext>): Check<CheckContext> => ({
  ...check,
  run: async (context) => {
    const all = await context.devContainers();
    return all.length < 2
      ? check.run(context)
      : joinOutcomes(await Promise.all(all.map((one) => ask(check, context, one))));
  },
});

const ask = async (check: Check<CheckContext>, context: CheckContext, one: DevContainer): Promise<CheckOutcome> => {
  try {
    return await check.run({ ...context, devContainer: () => Promise.resolve(one) });
  } catch (error) {
    if (error instanceof CheckStopped) return error.outcome;
    throw error;
  }
};

/** Problems first, then what could not be checked, then what passed. */
const joinOutcomes = (outcomes: readonly CheckOutcome[]): CheckOutcome => {
  const problems = outcomes.flatMap((outcome) => (outcome.kind === 'problems' ? outcome.problems : []));
  if (problems.length > 0) return { kind: 'problems', problems: withoutRepeated(problems) };
  const open = outcomes.find(({ kind }) => kind === 'could-not-check');
  if (open !== undefined) return open;
  const passed = outcomes.flatMap((outcome) => (outcome.kind === 'passed' ? [outcome.evidence] : []));
  const [first] = outcomes;
  return passed.length > 0 || first === undefined
    ? { kind: 'passed', evidence: [...new Set(passed)].join('; ') }
    : first;
};

/** Dev containers share compose files and scripts. */
const withoutRepeated = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((one) => [JSON.stringify([one.code, one.message, one.place]), one])).values(),
];
