import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';

import { writeResult } from '../checkout/replace-file.ts';
import { closestName } from '../config/closest-name.ts';
import { messageOf, usageError, type DevsetupError } from '../core/errors.ts';

export const AUDIT_FORMATS = ['text', 'json', 'sarif', 'github'] as const;

export type AuditFormat = (typeof AUDIT_FORMATS)[number];

export interface AuditOutput {
  readonly format: AuditFormat;
  /** null: stdout. */
  readonly file: string | null;
}

/**
 * `--format sarif=audit.sarif,json` and `--json`. One format goes to stdout: text, if none is named without a file.
 *
 * @throws usage error AUDIT_FORMAT
 */
export const parseAuditFormats = (words: readonly string[], json: boolean): readonly AuditOutput[] => {
  const outputs = [...words, ...(json && !words.includes('json') ? ['json'] : [])].map(parseOne);
  const toStdout = outputs.filter(({ file }) => file === null);
  if (toStdout.length > 1) {
    throw formatError(
      `--format: ${toStdout.map(({ format }) => format).join(' and ')} cannot both go to stdout.`,
      `Name a file for one of them: --format ${toStdout[0]?.format}=FILE.`,
    );
  }
  const same = outputs.find(
    ({ file }, index) => file !== null && outputs.findIndex((one) => one.file === file) < index,
  );
  if (same !== undefined) throw formatError(`--format: two formats go to ${same.file}.`, 'Name a file for each.');
  return toStdout.length === 0 ? [...outputs, { format: 'text', file: null }] : outputs;
};

const parseOne = (word: string): AuditOutput => {
  const [name = '', ...rest] = word.split('=');
  const file = rest.join('=');
  const format = AUDIT_FORMATS.find((known) => known === name);
  if (format === undefined) {
    const meant = closestName(name, AUDIT_FORMATS);
    throw formatError(
      `--format: there is no format "${name}".`,
      `${meant === undefined ? '' : `Did you mean ${meant}? `}The formats are ${AUDIT_FORMATS.join(', ')}.`,
    );
  }
  if (rest.length > 0 && file === '') throw formatError(`--format: ${word} names no file.`, `Write ${name}=FILE.`);
  return { format, file: rest.length > 0 ? file : null };
};

/**
 * Before anything is read: a result that cannot be kept is not worth waiting for.
 *
 * @throws usage error AUDIT_FORMAT
 */
export const verifyOutputs = async (outputs: readonly AuditOutput[], cwd: string): Promise<void> => {
  for (const { file } of outputs) {
    if (file === null) continue;
    const place = path.resolve(cwd, file);
    const isFolder = await stat(path.dirname(place)).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder)
      throw formatError(`--format: there is no folder ${path.dirname(place)}.`, 'Make it, or name another file.');
    const found = await lstat(place).catch(() => undefined);
    if (found?.isDirectory() === true) throw formatError(`--format: ${place} is a folder.`, 'Name a file.');
  }
};

export const writeOutput = async (file: string, text: string, cwd: string): Promise<void> => {
  try {
    await writeResult(path.resolve(cwd, file), text);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? messageOf(error);
    throw formatError(`--format: ${file} cannot be written (${reason}).`, 'Name another file.');
  }
};

const formatError = (message: string, hint: string): DevsetupError =>
  usageError({ code: 'AUDIT_FORMAT', message, hint });
