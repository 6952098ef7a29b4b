import { describeSettings, type PipelineSettings } from './pipeline-settings.ts';
import { describeShard, type Shard } from './shard.ts';

/** What makes a run one of the pipeline's. */
export interface PipelineRun {
  readonly settings: PipelineSettings;
  readonly shard: Shard | null;
  /** Whether this run does what all tenants share: shard 1, no shards at all, or a step that --only names. */
  readonly doesShared: (step: string) => boolean;
  /** How it is repeated, e.g. `devsetup migrate --environment prod --shard 2/4`. */
  readonly repeatCommand: string;
}

/** Steps that are done once for all tenants, and so not by every shard. */
export const planPipelineRun = (
  settings: PipelineSettings,
  shard: Shard | null,
  only: readonly string[],
): PipelineRun => ({
  settings,
  shard,
  doesShared: (step) => shard === null || shard.index === 1 || only.includes(step),
  repeatCommand: [
    'devsetup migrate',
    ...(settings.environment === null ? [] : [`--environment ${settings.environment}`]),
    ...(shard === null ? [] : [`--shard ${shard.index}/${shard.count}`]),
  ].join(' '),
});

/** One line: where, which part, and how. */
export const describeRun = ({ settings, shard }: PipelineRun): string =>
  `${describeSettings(settings)}${shard === null ? '' : `; ${describeShard(shard)}`}`;
