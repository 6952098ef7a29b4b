import type { WorkflowJob, YamlValue } from '../../workflows/workflow.ts';

/** Where a value of a matrix is written; its text still holds `${{ … }}`. */
type Leaf = Extract<YamlValue, { kind: 'scalar' }>['scalar'];

const below = (value: YamlValue | undefined, path: readonly string[]): YamlValue | undefined => {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined) return value;
  return value.kind === 'map' ? below(value.entries.get(name)?.value, rest) : undefined;
};

const itemsOf = (value: YamlValue | undefined): readonly YamlValue[] => (value?.kind === 'list' ? value.items : []);

const isComputed = (value: YamlValue | undefined): boolean => value?.kind === 'scalar';

/**
 * Every value `matrix.<path>` takes: those of its list and of `include`. null: not known, e.g. a matrix that is computed.
 * The legs of a matrix are not kept apart: two values of one leg are two choices.
 */
export const findMatrixValues = (
  { matrix }: Pick<WorkflowJob, 'matrix'>,
  path: readonly string[],
): readonly Leaf[] | null => {
  const [name, ...rest] = path;
  if (matrix?.kind !== 'map' || name === undefined) return null;
  const list = matrix.entries.get(name)?.value;
  const include = matrix.entries.get('include')?.value;
  if (isComputed(list) || isComputed(include)) return null;
  const found = [
    ...itemsOf(list).map((item) => below(item, rest)),
    ...itemsOf(include).map((item) => below(item, path)),
  ].filter((value) => value !== undefined);
  const leaves = found.flatMap((value) => (value.kind === 'scalar' ? [value.scalar] : []));
  return leaves.length === 0 || leaves.length < found.length ? null : leaves;
};
