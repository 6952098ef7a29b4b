import { yamlText, yamlMapping } from '../scaffold/workflows/blocks/yaml-text.ts';

/** Everything the new job is made of. */
export interface MigrateJob {
  readonly id: string;
  readonly needs: readonly string[];
  readonly condition: string | null;
  /** As it is written. */
  readonly runsOn: string;
  readonly environment: string | null;
  readonly checkout: string;
  /** What is checked out, as an expression; null: what started the run. */
  readonly ref: string | null;
  /** The commit that is deployed, as an expression. */
  readonly commit: string;
  /** Steps, from their dashes on. */
  readonly setup: readonly string[];
  readonly entries: Readonly<Record<string, string>>;
  readonly directory: string | null;
  readonly commands: readonly string[];
}

/** The job's lines, from its key on. */
export const renderMigrateJob = (job: MigrateJob): readonly string[] => {
  const { needs, condition, environment, commands, entries } = job;
  const [only = ''] = commands;
  const isPlain = commands.length === 1;
  const isNamed = environment === null || job.id.endsWith(`-${environment}`);
  const group = `${job.id}-${isNamed ? '' : `${environment}-`}${job.commit}`;
  const step = [
    '- name: Migrate',
    ...(job.directory === null ? [] : [`  working-directory: ${yamlText(job.directory)}`]),
    ...(Object.keys(entries).length === 0 ? [] : ['  env:', ...yamlMapping(entries).map((line) => `    ${line}`)]),
    ...(isPlain ? [`  run: ${only}`] : ['  run: |', ...commands.map((command) => `    ${command}`)]),
  ];
  const ref = job.ref === null ? [] : ['  with:', `    ref: ${yamlText(job.ref)}`];
  const body = [
    ...(needs.length === 0 ? [] : [`needs: ${needs.length === 1 ? needs[0] : `[${needs.join(', ')}]`}`]),
    ...(condition === null ? [] : [`if: ${condition}`]),
    `runs-on: ${job.runsOn}`,
    ...(environment === null ? [] : [`environment: ${environment}`]),
    '# One group for each commit: a run that waits is never dropped.',
    'concurrency:',
    `  group: ${group}`,
    '  cancel-in-progress: false',
    'timeout-minutes: 30',
    'permissions:',
    '  contents: read',
    'steps:',
    ...[`- uses: ${job.checkout}`, ...ref, ...job.setup, ...step].map((line) => `  ${line}`),
  ];
  return [`${job.id}:`, ...body.map((line) => `  ${line}`.trimEnd())];
};
