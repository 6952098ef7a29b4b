import { createHash } from 'node:crypto';

/** The fingerprint says whether the owner has changed the file since. */
const HEADER = '# devsetup:header';
const STAMP = /^(# Written by devsetup init --workflows \[)([0-9a-f]*)(\]\. .*)$/m;
const LINE =
  '# Written by devsetup init --workflows []. Lines that you add or change stay; to change an option, run it again.';

/** Puts who wrote the file, and where it is told how, into the place of `# devsetup:header`. */
export const stampFile = (text: string, how?: string): string => {
  const stamped = text.replace(HEADER, () => (how === undefined ? LINE : `${LINE}\n${how}`));
  return stamped.replace(STAMP, (_, before: string, __, after: string) => `${before}${fingerprint(stamped)}${after}`);
};

export const isStamped = (text: string): boolean => stampOf(text) !== undefined;

/** The fingerprint of what was written last, whatever has happened to the file since; undefined: devsetup did not write it. */
export const stampOf = (text: string): string | undefined => STAMP.exec(text)?.[2];

/** The text with the first line of another one: of a file that devsetup writes again. */
export const restamp = (text: string, like: string): string => text.replace(STAMP, () => STAMP.exec(like)?.[0] ?? '');

/** Nobody has changed the file since it was written; the line ends of a checkout do not count. */
export const isUntouched = (text: string): boolean => {
  const found = stampOf(text);
  return found !== undefined && found === fingerprint(text);
};

const fingerprint = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n').replace(STAMP, '$1$3')).digest('hex').slice(0, 12);
