import { shellWord } from '../core/shell-word.ts';
import { describeSettings, type PipelineSettings } from './pipeline-settings.ts';
import { describeShard, type Shard } from './shard.ts';

/** What makes a run one of the pipeline's. */
export interface PipelineRun {
  readonly settings: PipelineSettings;
  readonly shard: Shard | null;
  /** Whether this run does what all tenants share: shard 1, no shards at all, or a step that --only names. */
  readonly doesShared: (step: string) => boolean;
  /** How it is repeated, e.g. `npx devsetup migrate --environment prod --shard 2/4`. */
  readonly repeatCommand: string;
}

/** What was typed, as far as it matters to the run or is to be typed again. */
export interface PipelineFlags {
  readonly shard: Shard | null;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly project?: string | undefined;
  readonly config?: string | undefined;
}

/** What all tenants share is done by one of the shards only. */
export const planPipelineRun = (
  settings: PipelineSettings,
  { shard, only, skip, project, config }: PipelineFlags,
): PipelineRun => ({
  settings,
  shard,
  doesShared: (step) => shard === null || shard.index === 1 || only.includes(step),
  repeatCommand: [
    'npx devsetup migrate',
    ...flag('environment', settings.environment),
    ...flag('shard', shard === null ? null : `${shard.index}/${shard.count}`),
    ...flag('only', only.join(',')),
    ...flag('skip', skip.join(',')),
    ...flag('project', project),
    ...flag('config', config),
  ].join(' '),
});

const flag = (name: string, value: string | null | undefined): readonly string[] =>
  value === null || value === undefined || value === '' ? [] : [`--${name} ${shellWord(value)}`];

/** One line: where, which part, and how. */
export const describeRun = ({ settings, shard }: PipelineRun): string =>
  `${describeSettings(settings)}${shard === null ? '' : `; ${describeShard(shard)}`}`;
