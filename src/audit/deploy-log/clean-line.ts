const ESCAPE = String.fromCodePoint(0x1b);
const BELL = String.fromCodePoint(0x07);

const COLOURS = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}]*${BELL}|[@-Z\\\\-_])`, 'g');

/** What runners and wrappers put before a line: times, the job's and step's name of `gh run view --log`, the host of SSH actions. */
const PREFIXES: readonly RegExp[] = [
  /^\uFEFF/,
  /^[^\t\n]{1,120}\t[^\t\n]{1,120}\t/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?\s/,
  /^\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?\]?\s+/,
  /^(?:out|err): ?/,
  /^\[[\w.-]+\] (?:out|err): ?/,
];

export interface LogLine {
  /** What the program printed. */
  readonly text: string;
  /** How many characters are before it. */
  readonly offset: number;
  /** In colours, as GitHub's runner shows the script of a step before it runs it. */
  readonly isColoured: boolean;
}

/** A line of a log without colours and what was put before it. */
export const cleanLine = (line: string): LogLine => {
  const plain = line.replaceAll(COLOURS, '').replace(/\r$/, '').replace(/^.*\r/, '');
  let text = plain;
  for (const prefix of PREFIXES) text = text.replace(prefix, '');
  return { text, offset: Math.max(0, line.lastIndexOf(text)), isColoured: line.includes(`${ESCAPE}[36;1m`) };
};
