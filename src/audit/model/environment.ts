import type { Variable } from '../../shell/shell-run.ts';
import type { Entries } from '../../workflows/workflow.ts';
import type { Evaluated } from '../pipeline.ts';
import { evaluateText } from './evaluate-text.ts';
import { scopeOf, type Frame } from './frame.ts';

/** The frame with one more layer of `env`. */
export const withEnvironment = (frame: Frame, env: Entries): Frame => {
  if (env.size === 0) return frame;
  const scope = scopeOf(frame);
  const added = [...env].map(([name, { value }]): [string, Variable] => [
    name,
    { value: evaluateText(value, scope).value, span: value.span },
  ]);
  return { ...frame, environment: new Map([...frame.environment, ...added]) };
};

export const evaluateEntries = (entries: Entries, frame: Frame): ReadonlyMap<string, Evaluated> => {
  const scope = scopeOf(frame);
  return new Map([...entries].map(([name, { value }]) => [name, evaluateText(value, scope)]));
};
