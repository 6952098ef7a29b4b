import { constants } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import path from 'node:path';

import { usageError } from '../core/errors.ts';
import { findTextNow } from '../project/files.ts';
import { SUPPORT_HEADING } from '../ui/render-support-file.ts';

export interface SupportFileRules {
  /** `--yes`: a file that is no report of ours may be replaced. */
  readonly overwrite: boolean;
}

/**
 * Says before anything is looked at whether a report can be written here.
 *
 * @throws usage error REPORT_PATH
 */
export const verifySupportFile = async (file: string, { overwrite }: SupportFileRules): Promise<void> => {
  const folder = path.dirname(file);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw pathError(`--report: there is no folder ${folder}.`, 'Make it, or name another file.');
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isFile()) throw pathError(`--report: ${file} is not a regular file.`, 'Name another file.');
  if (overwrite) return;
  if (findTextNow(file, { anywhere: true })?.startsWith(SUPPORT_HEADING) === true) return;
  throw pathError(
    `--report: ${file} exists and is no report of devsetup.`,
    'Name another file, or add --yes to replace it.',
  );
};

/** Writes it, mode 0600; never through a link. */
export const writeSupportFile = async (file: string, text: string): Promise<void> => {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
  try {
    const handle = await open(file, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
    try {
      // Before the text is in it: the mode above counts for new files only.
      await handle.chmod(0o600);
      await handle.truncate();
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw pathError(`--report: ${file} cannot be written (${reason}).`, 'Name another file.');
  }
};

const pathError = (message: string, hint: string): Error => usageError({ code: 'REPORT_PATH', message, hint });
