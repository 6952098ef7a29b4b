import type { RunReport } from './report.ts';
import type { StepResult, UpdateStyle } from './step.ts';

/** What the engine tells a view while it runs. Text in events may hold secrets: the emitter masks it before it is sent. */
export type RunEvent =
  | { readonly type: 'step-started'; readonly id: string; readonly title: string; readonly phase: 'inspect' | 'apply' }
  | ({ readonly type: 'step-update'; readonly id: string; readonly text: string } & UpdateStyle)
  /** Output of a child process, whole or partial lines. */
  | { readonly type: 'step-output'; readonly id: string; readonly chunk: string }
  | { readonly type: 'step-warning'; readonly id: string; readonly text: string }
  | { readonly type: 'step-finished'; readonly result: StepResult }
  /** Something outside a step. */
  | { readonly type: 'notice'; readonly level: 'info' | 'warning' | 'verbose'; readonly text: string };

export type Emit = (event: RunEvent) => void;

/** Shows a run: the live tree, plain lines, or nothing. */
export interface RunView {
  event(event: RunEvent): void;
  /** Called once, after the last event; prints the summary. */
  finish(report: RunReport): Promise<void>;
}
