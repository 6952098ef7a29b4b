import path from 'node:path';

import { hasHole } from '../../shell/holes.ts';
import { parseCompositeAction } from '../../workflows/read/parse-composite-action.ts';
import type { CompositeAction } from '../../workflows/workflow.ts';

type ReadFile = (path: string) => string | undefined;

/** By the checkout, which is who reads its files: an action that many steps use is parsed once. */
const ACTIONS = new WeakMap<ReadFile, Map<string, CompositeAction | null>>();

/** The composite action of a folder of the checkout; null: there is none. */
export const findAction = (folder: string, readFile: ReadFile): CompositeAction | null => {
  const known = ACTIONS.get(readFile) ?? new Map<string, CompositeAction | null>();
  ACTIONS.set(readFile, known);
  const before = known.get(folder);
  if (before !== undefined) return before;
  const found = readAction(folder, readFile);
  known.set(folder, found);
  return found;
};

const readAction = (folder: string, readFile: ReadFile): CompositeAction | null => {
  for (const name of ['action.yml', 'action.yaml']) {
    const file = path.posix.normalize(`${folder}/${name}`);
    const text = readFile(file);
    if (text !== undefined) return parseCompositeAction(file, text);
  }
  return null;
};

/** Whether `uses: ./` means devsetup's own action, e.g. in the repository that holds it: its script is not followed, its inputs say what it runs. */
export const isDevsetupAt = (uses: string, readFile: ReadFile): boolean => {
  if (!/^\.\.?\//.test(uses) || hasHole(uses)) return false;
  const action = findAction(uses, readFile);
  return action?.name === 'devsetup' && action.inputs.has('command');
};
