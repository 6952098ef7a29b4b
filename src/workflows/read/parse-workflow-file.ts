import { createSource } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import type { Workflow } from '../workflow.ts';
import { entriesOf, fieldOf, textAt, textEntries } from './fields.ts';
import { findFaults } from './find-faults.ts';
import { parseYaml } from './parse-yaml.ts';
import { readConcurrency, readDefaults, readJob } from './read-job.ts';
import { readTriggers } from './read-triggers.ts';

/** Of a file that is no workflow at all, nobody reads more. */
const MOST_FAULTS = 50;

/** One workflow file. Never throws: where it is no YAML, the workflow is empty and has a fatal fault. `file` is relative to the checkout. */
export const parseWorkflowFile = (file: string, text: string): Workflow => {
  const source = createSource(file, withoutPrivateUse(text));
  const { root, faults } = parseYaml(source);
  const jobs = [...entriesOf(fieldOf(root, 'jobs')).values()];
  const workflow: Workflow = {
    source,
    name: textAt(root, 'name'),
    triggers: readTriggers(fieldOf(root, 'on')),
    env: textEntries(fieldOf(root, 'env')),
    defaults: readDefaults(root),
    concurrency: readConcurrency(root),
    permissions: fieldOf(root, 'permissions'),
    jobs: jobs.flatMap((entry) => (entry.value.kind === 'map' ? [readJob(entry)] : [])),
    faults,
  };
  const all = root === null ? faults : [...faults, ...findFaults(root, workflow)];
  return { ...workflow, faults: all.slice(0, MOST_FAULTS) };
};
