import path from 'node:path';

import type { Place } from '../core/check.ts';
import { findText, isFile, listNames, shown } from '../project/files.ts';
import { parseWorkflow } from './parse-workflow.ts';

/** One workflow file, as far as `doctor` asks: the audit has a model of its own. */
export interface WorkflowFile {
  /** Relative to the root. */
  readonly file: string;
  /** Parsed YAML; null where it is broken, or no mapping. */
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly text: string;
  /** Why it is certainly no YAML, at its place; null: it is, or there is doubt. */
  readonly mistake: { readonly message: string; readonly place: Place } | null;
  /** Where the value at this path begins, or of it what there is. */
  placeOf(path: readonly (string | number)[]): Place;
}

export { serviceImages } from './service-images.ts';

const FOLDER = path.join('.github', 'workflows');

/** `.github/workflows/*.yml` and `*.yaml`, sorted. Never throws for what they hold. */
export const readWorkflows = async (root: string): Promise<readonly WorkflowFile[]> => {
  const folder = path.join(root, FOLDER);
  const names = (await listNames(folder)).filter((name) => /\.ya?ml$/.test(name));
  const read = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const text = (await isFile(file)) ? await findText(file) : undefined;
      return text === undefined ? [] : [await parseWorkflow(shown(root, file), text)];
    }),
  );
  return read.flat();
};
