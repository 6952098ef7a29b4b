import { visibleText } from '../core/visible-text.ts';
import { isOutcome } from './read-outcome.ts';
import { stageOfCommand, stageOfHook, type Stage } from './stages.ts';

/** One line of what a stage printed. */
export interface LogLine {
  readonly stage: string | null;
  readonly text: string;
  /** Lines with the same number arrived together: named hooks, which run side by side, hold back their output until their end. */
  readonly part: number;
}

export interface LogListener {
  onStage(stage: Stage): void;
  onLine(line: LogLine): void;
}

export interface LogFollower {
  add(chunk: string): void;
  end(): void;
}

interface LogEvent {
  readonly type?: unknown;
  readonly level?: unknown;
  readonly text?: unknown;
}

/** The levels of the dev container program: 3 is what it shows without flags. Output of commands (`raw`) is shown at any level. */
const SHOWN = 3;
/** How it marks what a command printed on stderr; the answers that it asks for, on stdout, may hold passwords and are not shown. */
const ERROR = '\u001B[31m';
const HOOK = /^Running the (\w+Command) from /;
/** Of its own stack, which says nothing to its user; that of a hook's program may. */
const STACK = /^\s+at .*(?:devContainersSpecCLI|Promise\.\w+ \(index|node:internal)/;
const OWN = /^@devcontainers\/cli \d/;

/** Follows what the dev container program prints with `--log-format json`: which stage begins, and what commands and hooks print. */
export const followLog = (root: string, listener: LogListener): LogFollower => {
  let rest = '';
  let part = 0;
  let stage: Stage | null = null;
  const begin = (next: Stage | undefined): void => {
    if (next === undefined || next.id === stage?.id) return;
    stage = next;
    listener.onStage(next);
  };
  const show = (text: string): void => {
    for (const one of text.split(/\r?\n/)) {
      const visible = visibleText(one).trimEnd();
      const line = visible.slice(visible.lastIndexOf('\r') + 1);
      const hook = HOOK.exec(line)?.[1];
      if (hook !== undefined) begin(stageOfHook(hook));
      if (line !== '' && !OWN.test(line)) listener.onLine({ stage: stage?.id ?? null, text: line, part });
    }
  };
  const take = (line: string): void => {
    if (isOutcome(line) || STACK.test(line) || line.trim() === '') return;
    part += 1;
    const event = parseEvent(line);
    if (event === undefined) return show(line);
    const { type, level, text } = event;
    if (typeof text !== 'string') return;
    const isShown = typeof level === 'number' && level >= SHOWN;
    if (type === 'start') begin(stageOfCommand(text.replaceAll(root, '')));
    else if (type === 'raw' || (type === 'text' && isShown && isMessage(text))) show(text);
  };
  return {
    add: (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    },
    end: () => {
      take(rest);
      rest = '';
    },
  };
};

const isMessage = (text: string): boolean => text.includes(ERROR) || !text.trim().includes('\n');

const parseEvent = (line: string): LogEvent | undefined => {
  if (!line.startsWith('{"type":')) return undefined;
  try {
    return JSON.parse(line) as LogEvent;
  } catch {
    // Cut off, or something else that a program printed.
    return undefined;
  }
};
