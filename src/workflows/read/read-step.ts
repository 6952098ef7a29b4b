import type { WorkflowStep, YamlValue } from '../workflow.ts';
import { spanOfValue, textAt, textEntries, fieldOf } from './fields.ts';

/** The steps of a job or of a composite action; what is no mapping is left out, and its index with it. */
export const readSteps = (steps: YamlValue | null): readonly WorkflowStep[] =>
  (steps?.kind === 'list' ? steps.items : []).flatMap((step, index) =>
    step.kind === 'map' ? [readStep(step, index)] : [],
  );

const readStep = (step: YamlValue, index: number): WorkflowStep => ({
  index,
  id: textAt(step, 'id')?.value ?? null,
  name: textAt(step, 'name'),
  condition: textAt(step, 'if'),
  uses: textAt(step, 'uses'),
  with: textEntries(fieldOf(step, 'with')),
  run: textAt(step, 'run'),
  shell: textAt(step, 'shell'),
  workingDirectory: textAt(step, 'working-directory'),
  env: textEntries(fieldOf(step, 'env')),
  continueOnError: textAt(step, 'continue-on-error'),
  span: spanOfValue(step),
});
