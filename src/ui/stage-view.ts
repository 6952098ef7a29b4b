import type { UiChoice } from './choose-ui.ts';
import { truncate } from './fit-text.ts';
import { formatDuration } from './format-duration.ts';
import { createPalette } from './palette.ts';
import { toPlainLine } from './plain-text.ts';

export interface StageViewOptions {
  readonly ui: UiChoice;
  readonly color: boolean;
  /** Shows what stages print. */
  readonly verbose: boolean;
  /** stderr. */
  readonly stream: { write(text: string): unknown; readonly columns?: number };
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Stages that follow one another, each with its time. */
export interface StageView {
  begin(stage: { readonly id: string; readonly title: string }): void;
  /** What the stage prints. */
  line(text: string): void;
  /** Ends the last one. */
  end(isDone: boolean): void;
}

const CLEAR = '\r\u001B[2K';
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MILLISECONDS = 200;
const TITLE_WIDTH = 16;

/** A line a stage; on a terminal that of the current one is redrawn, with its time and what was printed last. */
export const createStageView = (options: StageViewOptions): StageView => {
  const { ui, stream, now } = options;
  const palette = createPalette(options.color);
  let stage: { readonly id: string; readonly title: string; readonly began: number } | null = null;
  let last = '';
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    if (stage === null) return;
    frame = (frame + 1) % FRAMES.length;
    const time = formatDuration(now() - stage.began);
    const text = `${FRAMES[frame]} ${stage.title.padEnd(TITLE_WIDTH)}${time.padEnd(8)}${last}`;
    // The last column stays free, where some terminals wrap already.
    stream.write(`${CLEAR}${truncate(text, (stream.columns || 80) - 1)}`);
  };
  const end = (isDone: boolean): void => {
    if (stage === null || ui === 'silent') return;
    const time = formatDuration(now() - stage.began);
    if (ui === 'live') {
      const mark = isDone ? palette.green('✔') : palette.red('✖');
      stream.write(`${CLEAR}${mark} ${stage.title.padEnd(TITLE_WIDTH)}${time}\n`);
    } else {
      const what = isDone ? `${palette.green('done')} in` : `${palette.red('failed')} after`;
      stream.write(`${palette.dim(`[${stage.id}]`)} ${what} ${time}\n`);
    }
    stage = null;
    clearInterval(timer);
  };
  return {
    end,
    begin: (next) => {
      end(true);
      stage = { ...next, began: now() };
      last = '';
      if (ui === 'plain') stream.write(`${palette.dim(`[${next.id}]`)} ${next.title} …\n`);
      if (ui !== 'live') return;
      draw();
      timer = setInterval(draw, FRAME_MILLISECONDS).unref();
    },
    line: (text) => {
      last = toPlainLine(text).trim();
      if (!options.verbose || ui !== 'plain') return;
      stream.write(`${stage === null ? '' : `${palette.dim(`[${stage.id}]`)} `}| ${toPlainLine(text)}\n`);
    },
  };
};
