import { STEP_IDS } from '../core/step.ts';
import { closestName } from './closest-name.ts';
import type { PathMistake } from './config-mistake.ts';

interface LooseStep {
  readonly id?: unknown;
  readonly after?: unknown;
  readonly inspect?: unknown;
  readonly pipeline?: unknown;
}

const looseSteps = (value: unknown): readonly LooseStep[] => {
  const steps = (value as { steps?: unknown } | null)?.steps;
  return Array.isArray(steps) ? steps.map((step: unknown) => (step ?? {}) as LooseStep) : [];
};

/**
 * What the schema cannot say about own steps: ids are unique, and each follows a built-in step or one listed before it, so that
 * the order has no circles; a step of the pipeline can be looked at. Works on unvalidated input, so that these mistakes are reported together with the others.
 */
export const checkSteps = (value: unknown): readonly PathMistake[] => {
  const steps = looseSteps(value);
  const allIds = steps.map(({ id }) => id);
  return steps.flatMap(({ id, after, inspect, pipeline }, index): PathMistake[] => {
    const before = allIds.slice(0, index);
    const known = [...STEP_IDS, ...before.filter((other) => typeof other === 'string')];
    const duplicate: PathMistake[] =
      typeof id === 'string' && before.includes(id)
        ? [{ path: ['steps', index, 'id'], onKey: false, text: `there is another step with the id "${id}"` }]
        : [];
    // A pipeline's machine is new every time: what has run before is known to the database alone.
    const blind: PathMistake[] =
      pipeline === true && inspect === undefined
        ? [{ path: ['steps', index, 'pipeline'], onKey: false, text: `steps[${index}].pipeline needs an "inspect"` }]
        : [];
    const own = [...duplicate, ...blind];
    if (typeof after !== 'string' || after === '' || known.includes(after)) return own;
    const meant = closestName(after, known);
    const text = allIds.includes(after)
      ? `steps[${index}].after names "${after}", which is not listed before this step`
      : `steps[${index}].after names "${after}", which is no step${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
    return [...own, { path: ['steps', index, 'after'], onKey: false, text }];
  });
};
