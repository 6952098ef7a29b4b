import { spanOf, type Span } from '../../core/placed-text.ts';
import type { Layer, Unfollowed } from '../shell-run.ts';
import type { Machine, Place, Shell } from './machine.ts';

/** Steps of one script: far beyond what people write. */
export const STEPS_OF_A_SCRIPT = 20_000;
/** How many texts may stand in each other. */
const DEEPEST = 12;
/** Characters whose tree is searched, and names that are copied, for a step. */
const CHARACTERS = 250;
const NAMES = 100;

/** Where a word is only evaluated: what it would run is not followed. */
export const quietly = (place: Place): Place => ({ ...place, isQuiet: true });

/**
 * Pays for work before it is done, so that what any input costs is bounded by a count and not by a clock.
 *
 * @returns false: it is not to be done, and the run says where it stopped
 */
export const spend = (machine: Machine, steps: number, spanAt: () => Span): boolean => {
  const { effort } = machine;
  effort.own -= steps;
  effort.shared.left -= steps;
  if (isAffordable(machine)) return true;
  stopAt(machine, 'work', spanAt);
  return false;
};

/** For a search whose answer only refines what is known. @returns false: it is not to be done */
export const canSearch = (machine: Machine, characters: number, place: Place): boolean =>
  spend(machine, Math.floor(characters / CHARACTERS), () => spanOf(place.code.placed, 0, 0));

/** What a statement costs: branches and pipes copy the shell. */
export const costOfStatement = ({ variables, files, environment, outputs }: Shell): number =>
  1 + Math.floor((variables.size + files.size + environment.size + outputs.size) / NAMES);

const isAffordable = ({ effort }: Machine): boolean => effort.own >= 0 && effort.shared.left >= 0;

/** Whether a further text may be followed in this place. One that calls itself has been followed already. */
export const isDeep = (place: Place, machine: Machine, spanAt: () => Span): boolean => {
  if (place.isQuiet) return true;
  if (place.depth < DEEPEST) return false;
  if (!isRecursive(place.layers)) stopAt(machine, 'depth', spanAt);
  return true;
};

/** The same call has opened two of them. */
const isRecursive = (layers: readonly Layer[]): boolean => {
  // The call that opens a server may open the here-document that is read there, too.
  const opened = layers.filter(({ kind }, index) => kind !== 'here-document' || layers[index - 1]?.kind !== 'remote');
  const calls = opened.flatMap(({ span }) => (span.file === '' ? [] : [`${span.file} ${span.line} ${span.column}`]));
  return new Set(calls).size < calls.length;
};

export const stopAt = ({ unfollowed }: Machine, kind: Unfollowed['kind'], spanAt: () => Span): void => {
  if (!unfollowed.has(kind)) unfollowed.set(kind, { kind, span: spanAt() });
};
