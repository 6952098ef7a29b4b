import type { UiChoice } from './choose-ui.ts';
import { truncate } from './fit-text.ts';

export interface DoctorProgressOptions {
  readonly ui: UiChoice;
  /** stderr. */
  readonly stream: { write(text: string): unknown; readonly columns?: number };
}

/** How many checks are done. Starts again with every examination; `done` removes the line. */
export interface DoctorProgress {
  begin(ids: readonly string[]): void;
  end(id: string): void;
  done(): void;
}

const CLEAR = '\r\u001B[2K';
const MOST_NAMES = 3;

/** One line that is rewritten on a terminal, nothing elsewhere: an examination takes seconds. */
export const createDoctorProgress = ({ ui, stream }: DoctorProgressOptions): DoctorProgress => {
  if (ui !== 'live') return { begin: () => undefined, end: () => undefined, done: () => undefined };
  let waiting = new Set<string>();
  let total = 0;
  let isShown = false;
  const clear = (): void => {
    if (isShown) stream.write(CLEAR);
    isShown = false;
  };
  const draw = (): void => {
    // The last column stays free, where some terminals wrap already.
    stream.write(`${CLEAR}${truncate(describeProgress(total, [...waiting]), (stream.columns || 80) - 1)}`);
    isShown = true;
  };
  return {
    begin: (ids) => {
      waiting = new Set(ids);
      total = waiting.size;
      draw();
    },
    end: (id) => {
      if (!waiting.delete(id)) return;
      if (waiting.size === 0) clear();
      else draw();
    },
    done: clear,
  };
};

/** `12/48 checks · waiting for: system-checks, drift and 4 more`. */
export const describeProgress = (total: number, waiting: readonly string[]): string => {
  const rest = waiting.length - MOST_NAMES;
  const names = `${waiting.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `${total - waiting.length}/${total} checks${waiting.length === 0 ? '' : ` · waiting for: ${names}`}`;
};
