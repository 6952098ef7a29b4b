import { readBytes } from './read-bytes.ts';
import { replaceFile } from './replace-file.ts';

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
 * @param within the checkout it has to be in; if omitted, only links that lead out of their git work tree are refused
 * @returns undefined where there is no such file
 * @throws where it cannot be read, leads outside the checkout, or holds no UTF-8 text
 */
export const readTextFile = async (file: string, within?: string): Promise<TextFile | undefined> => {
  const found = readBytes(file, { within });
  if (found.kind === 'absent') return undefined;
  if (found.kind === 'unreadable') throw new Error(found.reason);
  const { bytes, path: real } = found;
  const whole = bytes.toString('utf8');
  if (!Buffer.from(whole, 'utf8').equals(bytes)) throw new Error('it is not UTF-8 text');
  const hasMark = whole.startsWith(MARK);
  const text = hasMark ? whole.slice(1) : whole;
  const lineEnd = /\r\n/.test(text) && !/(?<!\r)\n/.test(text) ? '\r\n' : '\n';
  return { path: real, text: lineEnd === '\n' ? text : text.replaceAll('\r\n', '\n'), bytes, hasMark, lineEnd };
};

/**
 * Replaces the entire file, with the mode, owner, byte order mark and line ends it had; `before` undefined: it is new.
 *
 * @throws where it leads outside the checkout
 */
export const writeTextFile = async (
  file: string,
  text: string,
  before: TextFile | undefined,
  within?: string,
): Promise<void> => {
  const lines = before?.lineEnd === '\r\n' ? text.replaceAll(/\r?\n/g, '\r\n') : text;
  await replaceFile(before?.path ?? file, (before?.hasMark === true ? MARK : '') + lines, within);
};
