import type { Span } from '../../core/placed-text.ts';
import type { Fate, Layer, UnheededBy } from '../../shell/shell-run.ts';
import type { RuleFinding } from '../finding.ts';
import type { Migration } from '../model/migrations.ts';
import type { AuditedJob } from '../pipeline.ts';
import { isOutcomeAsked } from './is-outcome-asked.ts';
import { fallbackOf } from './migration-fallback.ts';

/** The part that hides a failure, and how people know it. */
export interface Hidden {
  readonly how: string;
  /** The cause: what else it hides is the same fault. */
  readonly span: Span;
  readonly by: 'script' | 'key';
  /** Other than the cause itself. */
  readonly evidence?: NonNullable<RuleFinding['evidence']>;
  /** What to do; without one, the part is removed. */
  readonly remedy?: string;
}

/** Everything that hides the failure of a migration; []: it fails its job. */
export const hiddenBy = (
  migration: Migration,
  job: Pick<AuditedJob, 'continuesOnError' | 'job' | 'steps'>,
): readonly Hidden[] => {
  const { fate } = migration.call;
  const own = migration.step.continuesOnError;
  const ofStep = own === null || isOutcomeAsked(own, job) ? null : own;
  const keys = [ofStep, job.continuesOnError].flatMap((span): readonly Hidden[] =>
    span === null ? [] : [{ how: 'continue-on-error', span, by: 'key' }],
  );
  if (fate.kind === 'swallowed') return [{ how: fate.how, span: fate.span, by: 'script' }, ...keys];
  if (fate.kind === 'replaced' && fallbackOf(migration) === 'message') {
    return [{ how: '|| with a command that only tells of it', span: fate.span, by: 'script' }, ...keys];
  }
  if (fate.kind === 'unheeded') return [...continued(migration, fate), ...keys];
  return keys;
};

type Unheeded = Extract<Fate, { readonly kind: 'unheeded' }>;

/** A shell that continues with what follows. */
const continued = ({ call, step }: Migration, { by, next, depth }: Unheeded): readonly Hidden[] => {
  if (by === 'unknown') return [];
  const shell = shellAround(call.layers.slice(0, depth));
  const isOwn = by === 'shell';
  const after = next === null ? [] : [{ text: 'This is run although it has failed', span: next }];
  const opened = shell === null || !isOwn ? [] : [{ text: 'This shell continues after a failure', span: shell.span }];
  return [
    {
      how: isOwn ? describeShell(shell) : REASONS[by],
      span: isOwn ? (shell?.span ?? step.step.span) : call.span,
      by: 'script',
      evidence: [...after, ...opened],
      remedy: REMEDIES[by],
    },
  ];
};

/** The innermost one; null: that of the step. */
const shellAround = (layers: readonly Layer[]): Layer | null => {
  const at = layers.findLastIndex(({ kind }) => kind !== 'function' && kind !== 'python');
  const before = layers[at - 1];
  // `ssh host <<EOF`: the server's shell reads it.
  return layers[at]?.kind === 'here-document' && before?.kind === 'remote' ? before : (layers[at] ?? null);
};

const describeShell = (shell: Layer | null): string => {
  const without = 'continues after a failure, as it has no `set -e`';
  if (shell?.shell?.stops === false) return shell.shell.why;
  switch (shell?.kind) {
    case 'remote':
      return `the shell on the server ${without}`;
    case 'here-document':
      return `the shell that reads the here-document ${without}`;
    case 'script':
      return `${shell.name ?? 'the script'} ${without}`;
    case 'container':
    case 'string':
    case 'substitution':
      return `the inner shell ${without}`;
    default:
      return 'the shell of this step continues after a failure, as it runs without `-e`';
  }
};

const REASONS: Readonly<Record<Exclude<UnheededBy, 'shell' | 'unknown'>, string>> = {
  and: '`set -e` does not stop at what stands left of `&&`',
  context: '`set -e` is ignored within a condition and left of `&&` or `||`',
  words: 'its status is lost among the words of another command',
};

const REMEDIES: Readonly<Record<Exclude<UnheededBy, 'unknown'>, string>> = {
  shell: 'Write `set -e` as the first line of that script, or join the commands with `&&`.',
  and: 'Give the migration a line of its own, or end the chain with `|| exit 1`.',
  context: 'Write `|| exit 1` behind the migration.',
  words: 'Assign the output to a variable on a line of its own, and use the variable.',
};
