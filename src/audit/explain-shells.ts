import type { ShellExplanation } from '../core/audit-explanation.ts';
import { showHoles, type Holes } from '../shell/holes.ts';
import type { Layer, ShellCall } from '../shell/shell-run.ts';
import { isSameSpan } from './is-same-span.ts';
import type { Migration } from './model/migrations.ts';

const SHELLS: Partial<Readonly<Record<Layer['kind'], string>>> = {
  remote: 'the shell on the server',
  'here-document': 'the shell that reads the here-document',
  string: 'the inner shell',
  script: 'the shell that runs the script',
};

/** The shells a migration runs in, outermost first, and whether each stops at a failure. */
export const explainShells = ({ call, step }: Migration, holes: Holes): readonly ShellExplanation[] => {
  const { layers } = call;
  /** The command of that shell which leads to the migration, or the migration itself. */
  const commandIn = (depth: number): ShellCall => {
    const next = layers
      .slice(depth)
      .find(({ span }) => depth === 0 || !isSameSpan(span, layers[depth - 1]?.span ?? span));
    const found = step.calls.find(
      ({ span, layers: around }) => next !== undefined && around.length < layers.length && isSameSpan(span, next.span),
    );
    return found ?? call;
  };
  const own: readonly ShellExplanation[] =
    step.action === null
      ? [stopping('the shell of the step', commandIn(0).errexit, step.step.run?.span ?? null, null)]
      : [];
  return [
    ...own,
    ...layers.flatMap((layer, index): readonly ShellExplanation[] => {
      const name = SHELLS[layer.kind];
      const isPart = layer.kind === 'here-document' && layers[index - 1]?.kind === 'remote';
      if (isPart || (name === undefined && layer.shell === undefined)) return [];
      const where = layer.name === null ? '' : ` (${showHoles(layer.name, holes)})`;
      return [
        stopping(`${name ?? 'the shell in the container'}${where}`, commandIn(index + 1).errexit, layer.span, layer),
      ];
    }),
  ];
};

const stopping = (
  shell: string,
  errexit: boolean,
  span: ShellExplanation['span'],
  layer: Layer | null,
): ShellExplanation => {
  const habit = layer?.shell;
  if (habit?.stops === null) return { shell, stops: null, why: habit.why, span };
  if (habit?.stops === errexit) return { shell, stops: errexit, why: habit.why, span };
  const option = layer === null ? '`-e`' : '`set -e`';
  return { shell, stops: errexit, why: `${errexit ? 'it has' : 'it has no'} ${option}`, span };
};
