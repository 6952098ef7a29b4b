import { createSource } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import type { CompositeAction } from '../workflow.ts';
import { entriesOf, fieldOf, textAt } from './fields.ts';
import { parseYaml } from './parse-yaml.ts';
import { readSteps } from './read-step.ts';
import { readInputs } from './read-triggers.ts';

/** An `action.yml`; null: it is broken, or no composite action. Never throws. */
export const parseCompositeAction = (file: string, text: string): CompositeAction | null => {
  const source = createSource(file, withoutPrivateUse(text));
  const { root } = parseYaml(source);
  const runs = fieldOf(root, 'runs');
  if (textAt(runs, 'using')?.value !== 'composite') return null;
  return {
    source,
    name: textAt(root, 'name')?.value ?? null,
    inputs: readInputs(fieldOf(root, 'inputs')),
    outputs: entriesOf(fieldOf(root, 'outputs')),
    steps: readSteps(fieldOf(runs, 'steps')),
  };
};
