import { parse, type Statement } from 'unbash';

import type { PlacedText } from '../../core/placed-text.ts';
import { cutNode } from './cut-node.ts';
import { cutStatements } from './cut-statements.ts';
import { isWithin, targetsIn, type CutPlace, type Cutting, type FileRange, type KeptTarget } from './cutting.ts';
import { isInert, onlyWatches } from './harmless.ts';

export interface ScriptCut {
  /** What is to be removed. Empty where nothing at all would be left: then the script goes as a whole. */
  readonly edits: readonly FileRange[];
  /** What would be left does nothing by itself: it changes folders, sets variables, prints. */
  readonly isEmpty: boolean;
  readonly kept: readonly KeptTarget[];
}

/**
 * Removes commands from a script: lines, links of `&&` chains, lines of here-documents, parts of strings that are scripts themselves. All
 * positions are those of the files, so that everything else keeps its form. A command that something else depends on stays.
 */
export const cutScript = (script: PlacedText, targets: readonly FileRange[]): ScriptCut => {
  const text = hideExpressions(script.text);
  let functions: ReadonlySet<string> = new Set();
  for (;;) {
    const cutting: Cutting = {
      targets,
      functions,
      newFunctions: new Set(),
      gone: new Set(),
      edits: [],
      kept: [],
      cutNode,
      cutStatements,
    };
    const { commands, errors } = parse(text);
    if (errors !== undefined && errors.length > 0)
      return {
        edits: [],
        isEmpty: false,
        kept: targets.map((target) => ({ target, why: 'the script has a mistake' })),
      };
    const verdict = cutStatements(commands, { placed: { ...script, text }, cutting });
    // A function that becomes empty takes its calls with it, which may empty the function they are in.
    if ([...cutting.newFunctions].some((name) => !functions.has(name))) {
      functions = new Set([...functions, ...cutting.newFunctions]);
      continue;
    }
    if (isTaskAlone(commands, { placed: { ...script, text }, cutting })) return { edits: [], isEmpty: true, kept: [] };
    const isEmpty =
      verdict === 'gone' || (verdict === 'changed' && commands.every((one) => isInert(one, cutting.gone)));
    const edits = outermost(cutting.edits);
    const reached = [...edits, ...cutting.kept.map(({ target }) => target)];
    const missed = isEmpty ? [] : targets.filter((target) => !reached.some((range) => isWithin(target, range)));
    const kept = [
      ...cutting.kept,
      ...missed.map((target) => ({ target, why: 'it is not a command that stands there' })),
    ];
    return { edits, isEmpty, kept };
  }
};

/** A script that starts a task, keeps its name, waits for it and asks how it ended: it is there for the task alone. */
const isTaskAlone = (commands: readonly Statement[], place: CutPlace): boolean => {
  const holding = commands.filter(
    ({ command }) => command.type === 'Command' && command.name === undefined && targetsIn(place, command).length > 0,
  );
  return (
    holding.length > 0 &&
    holding.flatMap((one) => targetsIn(place, one)).length === place.cutting.targets.length &&
    commands.every((one) => holding.includes(one) || onlyWatches(one, place.cutting.gone))
  );
};

/** What is removed with something around it is not removed again. */
const outermost = (edits: readonly FileRange[]): readonly FileRange[] =>
  edits.filter(
    (edit, index) =>
      !edits.some((other, at) => at !== index && isWithin(edit, other) && (!isWithin(other, edit) || at < index)),
  );

/** `${{ … }}` is no shell: a word of the same length stands for it. */
const hideExpressions = (text: string): string =>
  text.replaceAll(/\$\{\{.*?\}\}/gs, (found) => found.replaceAll(/[^\n]/g, '_'));
