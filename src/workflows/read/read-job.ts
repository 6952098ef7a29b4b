import type { Concurrency, Entry, WorkflowJob, YamlValue } from '../workflow.ts';
import { entriesOf, fieldOf, spanOfEntry, textAt, textEntries, textOf, textsOf } from './fields.ts';
import { readSteps } from './read-step.ts';

export const readJob = (entry: Entry<YamlValue>): WorkflowJob => {
  const { key, keySpan, value: job } = entry;
  const needs = entriesOf(job).get('needs');
  const environment = fieldOf(job, 'environment');
  return {
    id: key,
    idSpan: keySpan,
    name: textAt(job, 'name'),
    needs: textsOf(needs?.value),
    needsSpan: needs === undefined ? null : spanOfEntry(needs),
    condition: textAt(job, 'if'),
    environment: textOf(environment) ?? textAt(environment, 'name'),
    env: textEntries(fieldOf(job, 'env')),
    defaults: readDefaults(job),
    concurrency: readConcurrency(job),
    continueOnError: textAt(job, 'continue-on-error'),
    timeoutMinutes: textAt(job, 'timeout-minutes'),
    runsOn: fieldOf(job, 'runs-on'),
    container: fieldOf(job, 'container'),
    services: entriesOf(fieldOf(job, 'services')),
    matrix: fieldOf(fieldOf(job, 'strategy'), 'matrix'),
    outputs: textEntries(fieldOf(job, 'outputs')),
    steps: readSteps(fieldOf(job, 'steps')),
    uses: textAt(job, 'uses'),
    with: textEntries(fieldOf(job, 'with')),
    secrets: fieldOf(job, 'secrets'),
    permissions: fieldOf(job, 'permissions'),
    span: spanOfEntry(entry),
  };
};

export const readDefaults = (value: YamlValue | null): WorkflowJob['defaults'] => {
  const run = fieldOf(fieldOf(value, 'defaults'), 'run');
  return { shell: textAt(run, 'shell'), workingDirectory: textAt(run, 'working-directory') };
};

/** A text alone is the group. */
export const readConcurrency = (value: YamlValue | null): Concurrency | null => {
  const entry = entriesOf(value).get('concurrency');
  if (entry === undefined) return null;
  const { value: concurrency } = entry;
  const span = spanOfEntry(entry);
  const group = textOf(concurrency);
  if (group !== null) return { group, cancelInProgress: null, others: new Map(), span };
  const { group: own, 'cancel-in-progress': cancels, ...others } = Object.fromEntries(textEntries(concurrency));
  return {
    group: textOf(own && { kind: 'scalar', scalar: own.value }),
    cancelInProgress: textOf(cancels && { kind: 'scalar', scalar: cancels.value }),
    others: new Map(Object.entries(others)),
    span,
  };
};
