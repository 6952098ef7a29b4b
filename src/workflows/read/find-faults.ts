import type { Span } from '../../core/placed-text.ts';
import type { Concurrency, Entry, Workflow, WorkflowFault, YamlValue } from '../workflow.ts';
import { expressionFaults } from './expression-faults.ts';
import { entriesOf, fieldOf, spanOfValue, startOf } from './fields.ts';
import { needsFaults } from './needs-faults.ts';
import { refuse } from './refuse.ts';
import { stepFaults } from './step-faults.ts';

/** What GitHub certainly refuses in a file that is YAML. Of what it may take, or may come to take, nothing is said. */
export const findFaults = (root: YamlValue, workflow: Workflow): readonly WorkflowFault[] => {
  const start = startOf(workflow.source);
  if (root.kind !== 'map') {
    return isEmpty(root) ? [] : [refuse('A workflow is a mapping with on and jobs.', 'Write on: and jobs:.', start)];
  }
  const on = root.entries.get('on');
  const jobs = root.entries.get('jobs');
  const isWorkflow = isCalledOne(workflow.source.file) || looksLikeOne(on, jobs);
  return [
    ...(isWorkflow ? [...triggerFaults(on, start), ...jobsFaults(jobs, start)] : []),
    ...concurrencyFaults(workflow),
    ...needsFaults(workflow.jobs),
    ...expressionFaults(workflow),
  ];
};

const isEmpty = (root: YamlValue): boolean => root.kind === 'scalar' && root.scalar.value === '';

const isCalledOne = (file: string): boolean => /(?:^|\/)\.github\/workflows\/[^/]+$/.test(file);

/** Outside of its folder another tool's file may be meant, e.g. one that has `jobs` too. */
const looksLikeOne = (on: Entry<YamlValue> | undefined, jobs: Entry<YamlValue> | undefined): boolean =>
  [...entriesOf(jobs?.value).values()].some(({ value }) => fieldOf(value, 'runs-on') !== null) ||
  (on !== undefined && jobs !== undefined);

const triggerFaults = (on: Entry<YamlValue> | undefined, start: Span): readonly WorkflowFault[] => {
  if (on === undefined)
    return [refuse('Nothing triggers this workflow: there is no on.', 'Say when it runs, e.g. on: push.', start)];
  const { value } = on;
  const isNone =
    (value.kind === 'scalar' && value.scalar.value === '') ||
    (value.kind === 'list' && value.items.length === 0) ||
    (value.kind === 'map' && value.entries.size === 0);
  return isNone
    ? [refuse('Nothing triggers this workflow: on is empty.', 'Say when it runs, e.g. on: push.', on.keySpan)]
    : [];
};

const jobsFaults = (jobs: Entry<YamlValue> | undefined, start: Span): readonly WorkflowFault[] => {
  if (jobs === undefined) return [refuse('There are no jobs.', 'Write jobs: with one job at least.', start)];
  const entries = [...entriesOf(jobs.value).values()];
  if (entries.length === 0) return [refuse('There are no jobs.', 'Write one job at least.', jobs.keySpan)];
  return entries.flatMap(jobFaults);
};

const jobFaults = ({ key, keySpan, value }: Entry<YamlValue>): readonly WorkflowFault[] => {
  if (value.kind !== 'map') {
    return [refuse(`The job ${key} is no mapping.`, 'Give it runs-on and steps, or uses.', spanOfValue(value))];
  }
  const has = (name: string): boolean => value.entries.has(name);
  const faults: WorkflowFault[] = [];
  if (!/^[A-Za-z_][\w-]*$/.test(key)) {
    faults.push(
      refuse(
        `${key} cannot be the id of a job.`,
        'Begin with a letter or _; then letters, digits, - and _ only.',
        keySpan,
      ),
    );
  }
  if (!has('steps') && !has('uses')) {
    faults.push(
      refuse(`The job ${key} has neither steps nor uses.`, 'Give it steps, or the workflow it calls.', keySpan),
    );
  } else if (!has('uses') && !has('runs-on')) {
    faults.push(refuse(`The job ${key} has no runs-on.`, 'Add e.g. runs-on: ubuntu-24.04.', keySpan));
  }
  const steps = value.entries.get('steps');
  if (has('uses') && steps !== undefined) {
    faults.push(refuse(`The job ${key} has both steps and uses.`, 'Leave one of them.', steps.keySpan));
  }
  return [...faults, ...stepFaults(steps?.value ?? null)];
};

/** GitHub's "Control the concurrency of workflows and jobs": a queue of many and cancelling exclude each other. */
const concurrencyFaults = ({ concurrency, jobs }: Workflow): readonly WorkflowFault[] =>
  [concurrency, ...jobs.map((job) => job.concurrency)].flatMap((one) => (one === null ? [] : ofConcurrency(one)));

const ofConcurrency = ({ cancelInProgress, others }: Concurrency): readonly WorkflowFault[] =>
  cancelInProgress?.value === 'true' && others.get('queue')?.value.value === 'max'
    ? [
        refuse(
          'queue: max does not go with cancel-in-progress: true.',
          'Leave out cancel-in-progress, so that each run waits for its turn.',
          cancelInProgress.span,
        ),
      ]
    : [];
