/** Keeps a log finite: what commands print is written as it comes up to a limit; of what comes after it, the end of each step's. */
export interface BoundOutput {
  /** @returns what of these lines is to be written now. */
  add(stepId: string, lines: readonly string[]): readonly string[];
  /** The end of a step's output that was held back, after a note of how much is missing before it. */
  end(stepId: string): readonly string[];
}

export interface OutputLimits {
  /** Of all steps together. */
  readonly headCharacters: number;
  /** Of each step. */
  readonly tailCharacters: number;
}

interface Tail {
  readonly lines: string[];
  /** Where the tail starts: those before it are dropped, and cleared away now and then. */
  from: number;
  characters: number;
  droppedLines: number;
  droppedCharacters: number;
}

/** Dropped lines are cleared away in bulk: one by one would take time by the square of their number. */
const CLEAR_AFTER = 10_000;

/** `render` makes a line of the log from a note. */
export const boundOutput = (limits: OutputLimits, render: (stepId: string, note: string) => string): BoundOutput => {
  const tails = new Map<string, Tail>();
  let left = limits.headCharacters;

  const hold = (stepId: string, line: string): void => {
    const tail = tails.get(stepId) ?? { lines: [], from: 0, characters: 0, droppedLines: 0, droppedCharacters: 0 };
    tails.set(stepId, tail);
    tail.lines.push(line);
    tail.characters += line.length;
    while (tail.characters > limits.tailCharacters && tail.from < tail.lines.length - 1) {
      const dropped = tail.lines[tail.from] ?? '';
      tail.lines[tail.from] = '';
      tail.from += 1;
      tail.characters -= dropped.length;
      tail.droppedLines += 1;
      tail.droppedCharacters += dropped.length;
    }
    if (tail.from < CLEAR_AFTER) return;
    tail.lines.splice(0, tail.from);
    tail.from = 0;
  };

  return {
    add: (stepId, lines) => {
      const now: string[] = [];
      for (const line of lines) {
        if (tails.has(stepId) || line.length > left) hold(stepId, line);
        else {
          left -= line.length;
          now.push(line);
        }
      }
      return now;
    },
    end: (stepId) => {
      const tail = tails.get(stepId);
      tails.delete(stepId);
      if (tail === undefined) return [];
      const { droppedLines, droppedCharacters } = tail;
      const note = `… ${droppedLines} lines (${Math.ceil(droppedCharacters / 1_048_576)} MiB) are not in the log: a run may fill only so much of it`;
      return [...(droppedLines > 0 ? [render(stepId, note)] : []), ...tail.lines.slice(tail.from)];
    },
  };
};
