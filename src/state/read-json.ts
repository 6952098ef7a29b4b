import { readBytes } from '../checkout/read-bytes.ts';

export type FoundJson =
  | { readonly kind: 'document'; readonly document: unknown }
  | { readonly kind: 'absent' }
  /** `reason`: in words. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The largest that is written holds the paths of some ten thousand files. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads back a file that devsetup wrote, wherever its folder is linked to. Never throws, and never waits for a named pipe. */
export const readJson = (file: string): FoundJson => {
  const found = readBytes(file, { anywhere: true, mostBytes: MOST_BYTES });
  if (found.kind !== 'bytes') return found;
  try {
    return { kind: 'document', document: JSON.parse(found.bytes.toString('utf8')) as unknown };
  } catch {
    // Cut short, edited, or not text at all.
    return { kind: 'unreadable', reason: 'it is not valid JSON' };
  }
};
