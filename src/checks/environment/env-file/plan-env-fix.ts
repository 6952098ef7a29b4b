import path from 'node:path';

import { isPlaceholder } from '../../../config/is-placeholder.ts';
import { readEnvVariables } from '../../../config/read-env-lines.ts';
import type { Fix } from '../../../core/check.ts';
import { isFile } from '../../../project/files.ts';
import { completeEnvFile } from './complete-env-file.ts';
import { findSample, type Sample } from './find-sample.ts';

export interface EnvFix {
  readonly sample: Sample;
  /** The env file next to it, absolute. */
  readonly file: string;
  /** A copy of the sample would hold some of the variables. */
  readonly isCopy: boolean;
  /** null: a value has to be found first. */
  readonly fix: Fix | null;
}

/**
 * How the sample env file helps with variables that are not set: where there is no env file, it is copied. One that is there gets the
 * missing lines, if each has a real value: a placeholder would hide what is missing. null: no sample was found.
 */
export const planEnvFix = async (directories: readonly string[], names: readonly string[]): Promise<EnvFix | null> => {
  const sample = await findSample(directories);
  if (sample === null) return null;
  const file = path.join(path.dirname(sample.file), '.env');
  const values = readEnvVariables(sample.text);
  const isThere = await isFile(file);
  const isCopy = !isThere && names.some((name) => values.has(name));
  const helps = isThere
    ? names.every((name) => !isPlaceholder(values.get(name)?.value ?? ''))
    : names.some((name) => !EMPTY.test(values.get(name)?.value.trim() ?? ''));
  const from = path.basename(sample.file);
  return {
    sample,
    file,
    isCopy,
    fix: helps
      ? {
          by: 'edit',
          file,
          summary: isThere ? `take ${names.join(', ')} from ${from}` : `copy ${from} to .env`,
          edit: (text) => completeEnvFile(text, sample.text, names),
        }
      : null,
  };
};

/** Anything else, `change-me` as well, lets Django start. */
const EMPTY = /^(?:<.*>)?$/;
