import { diff3Merge } from 'node-diff3';

/** Lines that both sides have changed: yours stay. */
export interface LeftLines {
  /** In the merged text, from 1: the first of yours, or what stands where they were. */
  readonly line: number;
  readonly yours: readonly string[];
  /** What devsetup would have written there. */
  readonly wanted: readonly string[];
}

export interface Merged {
  readonly text: string;
  readonly left: readonly LeftLines[];
}

/** What changed from `written` to `wanted`, applied to `yours`, line by line. */
export const mergeChanges = (written: string, yours: string, wanted: string): Merged => {
  const lines: string[] = [];
  const left: LeftLines[] = [];
  for (const { ok, conflict } of diff3Merge(toLines(yours), toLines(written), toLines(wanted))) {
    if (conflict !== undefined) left.push({ line: lines.length + 1, yours: conflict.a, wanted: conflict.b });
    lines.push(...(ok ?? conflict?.a ?? []));
  }
  return { text: lines.join('\n'), left };
};

/** The line ends of a checkout do not count. */
export const toLines = (text: string): string[] => text.replaceAll('\r\n', '\n').split('\n');
