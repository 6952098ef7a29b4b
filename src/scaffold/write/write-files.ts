import { chmod, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { createFolder } from '../../checkout/replace-file.ts';
import type { FileForm } from '../../core/check.ts';
import { DevsetupError, messageOf } from '../../core/errors.ts';
import type { PlannedFile } from '../planned-file.ts';
import type { ReadFile, ScaffoldFiles } from './scaffold-files.ts';

export interface WriteOptions<F extends ReadFile> {
  /** The command to type again where it fails. */
  readonly command?: 'init' | 'decouple';
  readonly root: string;
  readonly files: ScaffoldFiles<F>;
  /** What each file was when the plan was made, by path. */
  readonly read: ReadonlyMap<string, F | undefined>;
  /** Gives why it failed; null: it is done. */
  readonly changeForm: (file: string, make: FileForm) => Promise<string | null>;
}

/**
 * Writes what was planned, each file as a whole, and only if it is still what the plan was made of. If one cannot be written, those
 * before it become again what they were.
 *
 * @throws INIT_WRITE_FAILED or DECOUPLE_WRITE_FAILED; then the checkout is as it was
 */
export const writeFiles = async <F extends ReadFile>(
  planned: readonly PlannedFile[],
  { root, files, read, changeForm, command = 'init' }: WriteOptions<F>,
): Promise<void> => {
  const undo: (() => Promise<void>)[] = [];
  let current = '';
  try {
    for (const file of planned) {
      current = file.path;
      const before = read.get(file.path);
      await verifyUnchanged(await files.read(path.join(root, file.path), root), before);
    }
    for (const { path: name, after, mode, forms } of planned) {
      current = name;
      const target = path.join(root, name);
      const before = read.get(name);
      if (forms !== undefined) {
        if (before !== undefined) {
          const { mode: old } = await stat(before.path);
          undo.push(async () => (await writeFile(before.path, before.bytes), chmod(before.path, old)));
        }
        for (const make of forms) {
          const failure = await changeForm(target, make);
          if (failure !== null) throw new Error(failure);
        }
        continue;
      }
      const made = await createFolder(path.dirname(target), root);
      if (made !== undefined) undo.push(() => removeFolders(path.dirname(target), made));
      // What was read without it gets its byte order mark back.
      await files.write(target, after.replace(/^\uFEFF/, ''), before, root);
      undo.push(() => (before === undefined ? rm(target, { force: true }) : writeFile(before.path, before.bytes)));
      if (mode !== undefined && before === undefined) await chmod(target, mode);
    }
  } catch (cause) {
    for (const step of undo.toReversed()) await step();
    throw new DevsetupError({
      code: command === 'init' ? 'INIT_WRITE_FAILED' : 'DECOUPLE_WRITE_FAILED',
      message: `${current} cannot be written: ${messageOf(cause)}.`,
      hint: `Nothing was changed. Fix that and run ${AGAIN[command]} again.`,
      cause,
    });
  }
};

const AGAIN = { init: '`npx devsetup init`', decouple: '`npx devsetup decouple`' } as const;

const verifyUnchanged = async (now: ReadFile | undefined, then: ReadFile | undefined): Promise<void> => {
  const isSame = now === undefined || then === undefined ? now === then : now.bytes.equals(then.bytes);
  if (!isSame) throw new Error('it has changed since the plan was made');
};

/** Folders that were made for a file, from the innermost to the first one that was new. */
const removeFolders = async (innermost: string, first: string): Promise<void> => {
  for (let folder = innermost; ; folder = path.dirname(folder)) {
    await rmdir(folder);
    if (folder === first) return;
  }
};
