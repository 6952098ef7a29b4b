import type { RunEvent, RunView } from '../core/events.ts';
import type { RunReport } from '../core/report.ts';
import type { StepResult } from '../core/step.ts';
import type { ViewOptions } from './create-view.ts';
import type { LiveRow } from './live-rows.ts';
import { createRow, layOut, MARGIN, markOf, updateRow } from './live-rows.ts';
import type { Tree } from './live-tree.ts';
import { startTree } from './live-tree.ts';
import { createPalette } from './palette.ts';
import { wrapText } from './fit-text.ts';

/**
 * The tree that is redrawn in place: one listr2 task a step. It begins with the first event of a
 * step; what is told before goes out as it is. Everything is written to `options.stream`, nothing to stdout before the result.
 */
export const createLiveView = (options: ViewOptions): RunView => {
  const { stream, now } = options;
  const palette = createPalette(options.color);
  const rows = new Map(options.steps.map((step) => [step.id, createRow(step)]));
  const notices: string[] = [];
  let tree: Tree | undefined;
  let isQuiet = false;

  const draw = () => {
    const columns = stream.columns || options.columns || 80;
    const size = { width: columns - MARGIN, height: (stream.rows || options.rows || 24) - 1 };
    const all = [...rows.values()];
    const lines = isQuiet
      ? all.map(() => [])
      : layOut(all, { ...size, now: now(), palette, isEnd: tree?.ended === true });
    const room = Math.max(0, size.height - lines.flat().length - 1);
    const below = notices.flatMap((text) => wrapText(text, size.width, false));
    return { lines, below: tree?.ended === true ? below : below.slice(-room || below.length) };
  };
  const begin = (): Tree => {
    tree ??= startTree([...rows.values()], { stream, draw, mark: (row, spinner) => markOf(row, spinner, palette) });
    return tree;
  };

  const event = (event: RunEvent): void => {
    if (event.type === 'notice') {
      if (event.level === 'verbose' && !options.verbose) return;
      const text = event.level === 'warning' ? `warning: ${event.text}` : event.text;
      if (tree === undefined) stream.write(`${text}\n`);
      else notices.push(text);
      return;
    }
    const row = rows.get(event.type === 'step-finished' ? event.result.id : event.id);
    if (row === undefined) return;
    updateRow(row, event, now());
    begin();
  };

  const finish = async (report: RunReport): Promise<void> => {
    if (tree !== undefined) {
      for (const row of rows.values())
        row.result ??= report.steps.find((result) => result.id === row.id) ?? notReached(row);
      // The summary says in one line that nothing was to do.
      isQuiet = report.outcome === 'unchanged' && !options.verbose;
      // The summary says these again, and it is what stays.
      const repeated = new Set(report.warnings.map((text) => `warning: ${text}`));
      notices.splice(0, notices.length, ...notices.filter((text) => !repeated.has(text)));
      await tree.end();
    }
    options.result.write(options.renderResult(report, tree !== undefined && !isQuiet));
  };
  return { event, finish };
};

const notReached = (row: LiveRow): StepResult => ({
  id: row.id,
  title: row.title,
  status: 'not-attempted',
  message: 'not reached',
  details: [],
  actions: [],
  warnings: [],
  milliseconds: 0,
  failure: null,
  data: {},
});
