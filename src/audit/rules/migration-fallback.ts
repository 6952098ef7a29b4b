import { readDjangoCommand } from '../model/django-command.ts';
import type { Migration } from '../model/migrations.ts';
import type { ShellCall } from '../../shell/shell-run.ts';

/** Programs that tell of a failure, or look around, and succeed. */
const ONLY_TELLS =
  /^(?:curl|wget|mail|mailx|sendmail|notify\w*|slack\w*|logger|log\w*|warn\w*|info|say|date|sleep|cat|tail|head|ls|ps|journalctl)$/;

const baseOf = (word: string | undefined): string => word?.split('/').at(-1) ?? '';

const isWithin = ({ span }: ShellCall, outer: ShellCall['span']): boolean =>
  span.file === outer.file &&
  (span.line > outer.line || (span.line === outer.line && span.column >= outer.column)) &&
  (span.endLine < outer.endLine || (span.endLine === outer.endLine && span.endColumn <= outer.endColumn));

/**
 * What stands behind `||` of a migration that has something else run in its place: `work`, e.g. another migration, whose own success
 * then counts, or a mere `message`, after which everything seems well. null: nothing stands there.
 */
export const fallbackOf = ({ call, step }: Migration): 'work' | 'message' | null => {
  const { fate } = call;
  if (fate.kind !== 'replaced') return null;
  const others = step.calls.filter((other) => other !== call && isWithin(other, fate.span));
  if (others.some((other) => readDjangoCommand(other) !== null)) return 'work';
  return ONLY_TELLS.test(baseOf(fate.by[0]?.value)) ? 'message' : 'work';
};
