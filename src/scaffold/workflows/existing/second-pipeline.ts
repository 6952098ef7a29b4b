import type { InitReport } from '../../../core/init-report.ts';
import type { CarriedOut } from '../../carry-out.ts';
import type { InitOptions } from '../../init-options.ts';
import type { InitServices } from '../../init-services.ts';
import type { PlannedFile } from '../../planned-file.ts';
import type { ReadFile } from '../../write/scaffold-files.ts';
import { WRITTEN_WORKFLOWS } from '../render-workflows.ts';
import type { ExistingPipeline } from './read-existing.ts';

/** Workflows that deploy or migrate and would go on doing so next to the new pipeline. */
export const otherPipelines = (pipelines: readonly ExistingPipeline[]): readonly ExistingPipeline[] =>
  pipelines.filter(({ does, file }) => does !== 'builds' && !WRITTEN_WORKFLOWS.includes(file));

/** Whether those stand next to what would be written, and are in its way, or in its place. */
export const whereDeploying = (
  pipelines: readonly ExistingPipeline[],
  { second }: Pick<InitOptions, 'second'>,
): 'beside' | 'place' | null => {
  if (second !== true && otherPipelines(pipelines).length > 0) return 'beside';
  return pipelines.some(({ does, file }) => does !== 'builds' && WRITTEN_WORKFLOWS.includes(file)) ? 'place' : null;
};

/** Two pipelines would deploy every commit twice: the second one is only written if the user says so. null: it may be written. */
export const refuseSecond = async <F extends ReadFile>(
  others: readonly ExistingPipeline[],
  { second, dryRun }: Pick<InitOptions, 'second' | 'dryRun'>,
  { canAsk, confirm, signal }: Pick<InitServices<F>, 'canAsk' | 'confirm' | 'signal'>,
): Promise<InitReport['outcome'] | null> => {
  const [first, ...more] = others;
  if (first === undefined || second === true || dryRun || signal.aborted) return null;
  if (!canAsk) return 'conflict';
  const which = more.length === 0 ? first.file : `${first.file} and ${more.length} more`;
  if (await confirm(`Write a second pipeline next to ${which}?`)) return null;
  return signal.aborted ? 'interrupted' : 'declined';
};

/** The end of a run that writes no second pipeline. */
export const withoutSecond = (
  outcome: InitReport['outcome'],
  planned: readonly PlannedFile[],
  others: readonly ExistingPipeline[],
): CarriedOut => ({
  outcome,
  files: [
    ...planned,
    ...others.map(({ file, job, span, does }): PlannedFile => ({
      path: file,
      action: 'conflict',
      before: null,
      after: '',
      reason: `${does} already: job ${job}, line ${span.line}`,
    })),
  ],
  written: [],
  install: null,
});
