import type { WorkflowFault, YamlValue } from '../workflow.ts';
import { spanOfValue, textAt } from './fields.ts';
import { refuse } from './refuse.ts';

/** Of the steps of one job. */
export const stepFaults = (steps: YamlValue | null): readonly WorkflowFault[] => {
  if (steps === null) return [];
  if (steps.kind !== 'list') {
    return steps.kind === 'map'
      ? [refuse('steps is no list.', 'Begin each step with a dash.', spanOfValue(steps))]
      : [];
  }
  const ids = new Set<string>();
  return steps.items.flatMap((step) => [...ofStep(step), ...ofId(step, ids)]);
};

const ofStep = (step: YamlValue): readonly WorkflowFault[] => {
  if (step.kind !== 'map') {
    return [refuse('This step is no mapping.', 'Give it run or uses.', spanOfValue(step))];
  }
  const { entries } = step;
  const run = entries.get('run');
  const uses = entries.get('uses');
  if (run !== undefined && uses !== undefined) {
    const later = run.keySpan.line > uses.keySpan.line ? run : uses;
    return [refuse('This step has both run and uses.', 'Make two steps of it.', later.keySpan)];
  }
  if (run !== undefined || uses !== undefined) return [];
  const [first] = entries.values();
  return [refuse('This step has neither run nor uses.', 'Give it one of them.', first?.keySpan ?? step.span)];
};

const ofId = (step: YamlValue, ids: Set<string>): readonly WorkflowFault[] => {
  const id = textAt(step, 'id');
  if (id === null) return [];
  const isTaken = ids.has(id.value);
  ids.add(id.value);
  return isTaken
    ? [refuse(`Another step of this job has the id ${id.value}.`, 'Give it an id of its own.', id.span)]
    : [];
};
