import { groupBy } from '../../core/group-by.ts';
import type { ShellCall } from '../../shell/shell-run.ts';

/**
 * The calls that show that one of them is run: no condition may skip it, or each way of an `if … else` has one of its own. Of calls that
 * do the same, e.g. migrate.
 */
export const certainCalls = (calls: readonly ShellCall[]): ReadonlySet<ShellCall> =>
  new Set(
    certainBelow(
      // What stands right of `||` may be skipped.
      calls.filter(({ mayBeSkipped, isFallback, ways }) => !mayBeSkipped && (!isFallback || ways.length > 0)),
      0,
    ),
  );

const certainBelow = (calls: readonly ShellCall[], depth: number): readonly ShellCall[] => {
  const here = calls.filter(({ ways }) => ways.length <= depth);
  const inForks = groupBy(
    calls.filter(({ ways }) => ways.length > depth),
    ({ ways }) => ways[depth]?.fork,
  );
  const covered = [...inForks].flatMap(([fork, inside]) => {
    if (fork === undefined || !fork.isComplete) return [];
    const ways = [...groupBy(inside, (call) => call.ways[depth]?.index).values()].map((way) =>
      certainBelow(way, depth + 1),
    );
    return ways.length === fork.ways && ways.every((way) => way.length > 0) ? ways.flat() : [];
  });
  return [...here, ...covered];
};
