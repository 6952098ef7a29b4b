import type { RunEvent } from '../core/events.ts';
import { INTERRUPTED_CODE } from '../core/run-steps.ts';
import type { StepResult, StepStatus } from '../core/step.ts';
import type { ViewStep } from './create-view.ts';
import { displayWidth, truncate, wrapText } from './fit-text.ts';
import { formatDuration } from './format-duration.ts';
import type { Palette } from './palette.ts';
import type { LineJoiner } from './plain-text.ts';
import { joinLines, toPlainLine } from './plain-text.ts';

/** What the tree knows about one step. */
export interface LiveRow extends ViewStep {
  startedAt: number | undefined;
  /** Read when a frame is drawn: output can come far more often. */
  latest: () => string;
  /** What a command prints does not take the place of what is shown. */
  stays: boolean;
  joiner: LineJoiner;
  result: StepResult | undefined;
}

export const createRow = (step: ViewStep): LiveRow => ({
  ...step,
  startedAt: undefined,
  latest: () => '',
  stays: false,
  joiner: joinLines(),
  result: undefined,
});

/** Takes an event of the row's step into account. */
export const updateRow = (row: LiveRow, event: RunEvent, now: number): void => {
  switch (event.type) {
    case 'step-started':
      row.startedAt ??= now;
      row.joiner = joinLines();
      row.latest = () => '';
      row.stays = false;
      return;
    case 'step-update': {
      // May come before the step's turn: some begin their waiting early.
      row.startedAt ??= now;
      const { text, stays = false } = event;
      row.latest = () => text;
      row.stays = stays;
      return;
    }
    case 'step-output':
      row.joiner.add(event.chunk);
      if (!row.stays) row.latest = row.joiner.last;
      return;
    case 'step-finished':
      row.result = event.result;
      return;
    case 'step-warning':
    case 'notice':
      return;
  }
};

const MARKS: Readonly<Record<StepStatus, { readonly mark: string; readonly paint: keyof Palette }>> = {
  changed: { mark: '✔', paint: 'green' },
  unchanged: { mark: '✔', paint: 'dim' },
  'would-change': { mark: '→', paint: 'yellow' },
  'not-applicable': { mark: '↓', paint: 'dim' },
  skipped: { mark: '↓', paint: 'dim' },
  'not-attempted': { mark: '◼', paint: 'yellow' },
  failed: { mark: '✖', paint: 'red' },
};

export const markOf = (row: LiveRow, spinner: string, palette: Palette): string => {
  if (row.result !== undefined) {
    const { mark, paint } = MARKS[row.result.status];
    return palette[paint](mark);
  }
  return row.startedAt === undefined ? palette.dim('·') : palette.yellow(spinner);
};

const CAUSE_LINES = 3;

/** The mark and a space; the last column stays free, where some terminals wrap already. */
export const MARGIN = 3;

export interface Layout {
  /** Columns beside the mark. */
  readonly width: number;
  /** Lines the tree may take. */
  readonly height: number;
  readonly now: number;
  readonly palette: Palette;
  /** The last frame, below which the summary says why a step failed. */
  readonly isEnd: boolean;
}

/** The lines of all rows, none for a step that does not apply to this project. What a step is doing is shown for as many as there is height for. */
export const layOut = (rows: readonly LiveRow[], layout: Layout): readonly (readonly string[])[] => {
  const short = rows.map((row) => renderRow(row, { ...layout, roomy: false }));
  let room = layout.height - short.flat().length;
  return rows.map((row, index) => {
    const roomy = room > 0 ? renderRow(row, { ...layout, roomy: true }) : (short[index] ?? []);
    room -= roomy.length - (short[index]?.length ?? 0);
    return roomy;
  });
};

/**
 * The lines of a row without its mark, each at most `width` columns: the title; for a running step its time and, if there is
 * room, what it is doing; for a finished one its result, and for a failed one the cause.
 */
const renderRow = (
  row: LiveRow,
  { width, now, palette, isEnd, roomy }: Layout & { readonly roomy: boolean },
): readonly string[] => {
  const { result } = row;
  if (result?.status === 'not-applicable') return [];
  if (result === undefined && row.startedAt === undefined) return [palette.dim(truncate(row.title, width))];
  const time = formatDuration(result?.milliseconds ?? now - (row.startedAt ?? now));
  if (result === undefined) {
    const latest = toPlainLine(row.latest().replaceAll('\t', ' ')).trim();
    const title = fitTitle(row.title, '', time, width, palette);
    return roomy && latest !== '' ? [title, palette.dim(`› ${truncate(latest, width - 2)}`)] : [title];
  }
  const message = toPlainLine(result.message.split('\n')[0] ?? '');
  if (result.failure?.code === INTERRUPTED_CODE) return [fitTitle(row.title, 'interrupted', time, width, palette)];
  if (result.status === 'failed') {
    const cause = isEnd ? [] : wrapText(message, width - 2, false).slice(0, CAUSE_LINES);
    return [fitTitle(row.title, 'failed', time, width, palette), ...cause.map((line) => palette.red(`  ${line}`))];
  }
  return [fitTitle(row.title, message, result.status === 'changed' ? time : '', width, palette)];
};

/** Whether the tree's last frame shows all of a result: its message is one line that is not cut. */
export const isShownEntirely = ({ title, message, status, milliseconds }: StepResult, columns: number): boolean => {
  const time = status === 'changed' ? ` ${formatDuration(milliseconds)}` : '';
  return !message.includes('\n') && displayWidth(`${title} · ${message}${time}`) <= columns - MARGIN;
};

/** `Title · message 3.2s`: if there is no room the message is cut first, then the title, never the time. */
const fitTitle = (title: string, message: string, time: string, width: number, palette: Palette): string => {
  const tail = time === '' ? '' : ` ${time}`;
  const fitted = truncate(title, width - tail.length);
  const room = width - tail.length - displayWidth(fitted) - 3;
  const middle = message === '' || room < 6 ? '' : ` · ${truncate(message, room)}`;
  return fitted + palette.dim(middle + tail);
};
