import path from 'node:path';

import { findText, listNames } from '../../../project/files.ts';
import { sampleFilesOf } from '../../../project/find-sample-file.ts';

export interface Sample {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** By what they are called, the likeliest first. `.env.development` and `.env.defaults` may be read as they are: no samples here. */
const KINDS = [/example/i, /sample/i, /template/i, /dist/i];
const ELSEWHERE = /prod|stag|live|deploy|test|ci\b|docker|(?<![a-z])aws(?![a-z])/i;

/** The sample that goes with the env files of these folders: the first folder that has one decides. */
export const findSample = async (directories: readonly string[]): Promise<Sample | null> => {
  for (const directory of new Set(directories)) {
    const names = sampleFilesOf(await listNames(directory)).filter((name) => !ELSEWHERE.test(name));
    const name = KINDS.map((kind) => names.find((candidate) => kind.test(candidate))).find(
      (found) => found !== undefined,
    );
    if (name === undefined) continue;
    const file = path.join(directory, name);
    const text = await findText(file);
    if (text !== undefined) return { file, text };
  }
  return null;
};
