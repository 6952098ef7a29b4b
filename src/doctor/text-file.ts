import { lstat, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** A file as it was read; `text` has neither a byte order mark nor carriage returns where all its lines end with one. */
export interface TextFile {
  /** Where it really is: an edit does not replace a symbolic link. */
  readonly path: string;
  readonly text: string;
  readonly bytes: Buffer;
  readonly hasMark: boolean;
  readonly lineEnd: '\n' | '\r\n';
}

const MARK = '\uFEFF';

/**
 * @returns undefined where there is no such file
 * @throws where it cannot be read, or holds no UTF-8 text
 */
export const readTextFile = async (file: string): Promise<TextFile | undefined> => {
  if ((await lstat(file).catch(absent)) === undefined) return undefined;
  const real = await realpath(file);
  const bytes = await readFile(real);
  const whole = bytes.toString('utf8');
  if (!Buffer.from(whole, 'utf8').equals(bytes)) throw new Error('it is not UTF-8 text');
  const hasMark = whole.startsWith(MARK);
  const text = hasMark ? whole.slice(1) : whole;
  const lineEnd = /\r\n/.test(text) && !/(?<!\r)\n/.test(text) ? '\r\n' : '\n';
  return { path: real, text: lineEnd === '\n' ? text : text.replaceAll('\r\n', '\n'), bytes, hasMark, lineEnd };
};

/** Replaces the file as a whole, with the mode, owner, byte order mark and line ends it had; `before` undefined: it is new. */
export const writeTextFile = async (file: string, text: string, before: TextFile | undefined): Promise<void> => {
  const target = before?.path ?? file;
  const old = before === undefined ? undefined : await lstat(target);
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.devsetup-${process.pid}`);
  const lines = before?.lineEnd === '\r\n' ? text.replaceAll(/\r?\n/g, '\r\n') : text;
  try {
    // Who may read a new env file is only its owner; of other files, whom the umask lets.
    const handle = await open(temporary, 'wx', path.basename(target).startsWith('.env') ? 0o600 : 0o666);
    try {
      await handle.writeFile((before?.hasMark === true ? MARK : '') + lines);
      if (old !== undefined) {
        const made = await handle.stat();
        if (made.uid !== old.uid || made.gid !== old.gid) await handle.chown(old.uid, old.gid);
        await handle.chmod(old.mode & 0o7777);
      }
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
};

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
};
