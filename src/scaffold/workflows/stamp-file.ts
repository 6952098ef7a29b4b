import { createHash } from 'node:crypto';

/** The fingerprint says whether the owner has changed the file since. */
const HEADER = '# devsetup:header';
const STAMP = /^(# Written by devsetup init --workflows \[)([0-9a-f]*)(\]\. .*)$/m;
const LINE = '# Written by devsetup init --workflows []. Lines that you add stay; to change an option, run it again.';

/** Puts who wrote the file, and where it is told how, into the place of `# devsetup:header`. */
export const stampFile = (text: string, how?: string): string => {
  const stamped = text.replace(HEADER, () => (how === undefined ? LINE : `${LINE}\n${how}`));
  return stamped.replace(STAMP, (_, before: string, __, after: string) => `${before}${fingerprint(stamped)}${after}`);
};

export const isStamped = (text: string): boolean => STAMP.test(text);

/** Nobody has changed the file since it was written; the line ends of a checkout do not count. */
export const isUntouched = (text: string): boolean => {
  const found = STAMP.exec(text)?.[2];
  return found !== undefined && found === fingerprint(text);
};

const fingerprint = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n').replace(STAMP, '$1$3')).digest('hex').slice(0, 12);
