import type { RunView } from '../core/events.ts';
import type { RunReport } from '../core/report.ts';
import type { UiChoice } from './choose-ui.ts';
import { createPlainView, type PlainOptions } from './plain-view.ts';

/** Where text goes: the part of a stream that a view needs. */
export interface TextStream {
  write(text: string): unknown;
}

export interface ViewStep {
  readonly id: string;
  readonly title: string;
}

export interface ViewOptions {
  readonly ui: UiChoice;
  /** In the order they are shown; a project's own steps too. */
  readonly steps: readonly ViewStep[];
  /** Gets the progress: stderr. Its `columns` and `rows` are followed while the run goes on. */
  readonly stream: NodeJS.WriteStream;
  /** The same for views that print lines. */
  readonly lines: TextStream;
  /** Gets the result: stdout. */
  readonly result: TextStream;
  /** The text of the result: renderSummary, or renderJson for --json. `isBelowTree`: a line for each step stands above it. */
  readonly renderResult: (report: RunReport, isBelowTree?: boolean) => string;
  readonly color: boolean;
  readonly verbose: boolean;
  /** Columns and rows of the terminal as far as they are known. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Rows beyond one for each step: the sub-lines of steps that run side by side, and the prompt line. */
const SPARE_ROWS = 4;

/** Whether every step has its row: a tree that is taller than the terminal cannot be redrawn in place. */
const fitsLive = (steps: number, rows: number | undefined): boolean => (rows ?? 24) >= steps + SPARE_ROWS;

const after: PlainOptions['after'] = (milliseconds, call) => {
  const timer = setTimeout(call, milliseconds).unref();
  return () => clearTimeout(timer);
};

/** The view of a run. listr2 is loaded only where the live tree is shown. */
export const createView = async (options: ViewOptions): Promise<RunView> => {
  const lined = { ...options, stream: options.lines };
  if (options.ui === 'silent') return createSilentView(options);
  if (options.ui === 'plain' || !fitsLive(options.steps.length, options.rows))
    return createPlainView({ ...lined, after });
  const { createLiveView } = await import('./live-view.ts');
  return createLiveView(options);
};

/** No progress at all; the result is printed as by the other views. */
const createSilentView = (options: Pick<ViewOptions, 'result' | 'renderResult'>): RunView => ({
  event: () => undefined,
  finish: async (report) => {
    options.result.write(options.renderResult(report));
  },
});
