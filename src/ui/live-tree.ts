import type { DefaultRenderer } from 'listr2';
import { Listr, ListrLogger, ProcessOutput, Spinner } from 'listr2';
import { rendererFor } from './live-renderer.ts';
import type { LiveRow } from './live-rows.ts';

export interface Tree {
  /** Draws the last frame and waits for it. */
  end(): Promise<void>;
  readonly ended: boolean;
}

interface TreeOptions {
  readonly stream: NodeJS.WriteStream;
  readonly draw: () => { readonly lines: readonly (readonly string[])[]; readonly below: readonly string[] };
  readonly mark: (row: LiveRow, spinner: string) => string;
}

/** Shows the rows as a listr2 list. Its tasks end together: listr2 draws a task that has ended never again, and a row may still vanish. */
export const startTree = (rows: readonly LiveRow[], { stream, draw, mark }: TreeOptions): Tree => {
  const spinner = new Spinner();
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const output = new (class extends ProcessOutput {
    // The last frame of a tree that has vanished is empty, and would leave an empty line.
    override toStdout(text: string, eol = true): boolean {
      return super.toStdout(text, eol && text !== '');
    }
  })(stream, stream);
  let ended = false;
  // listr2 copies the stream, and with it the size the terminal had at the start.
  Object.defineProperty(output, 'stdout', {
    get: () => ({
      get columns() {
        return stream.columns;
      },
      get rows() {
        return stream.rows;
      },
      write: (text: string) => output.toStdout(text, false),
    }),
  });
  const list: Listr<unknown, typeof DefaultRenderer> = new Listr(
    rows.map((row) => ({ title: row.title, task: () => finished })),
    {
      concurrent: true,
      exitOnError: false,
      // Its handler would end the process with 127; interruption is the business of whoever runs the steps.
      registerSignalListeners: false,
      renderer: rendererFor({
        prepare: () => {
          const { lines, below } = draw();
          list.tasks.forEach((task, index) => {
            task.title = lines[index]?.join('\n') ?? '';
          });
          return below;
        },
        mark: (task) => {
          const row = rows[list.tasks.findIndex(({ id }) => id === task.id)];
          return row === undefined ? ' ' : mark(row, spinner.fetch());
        },
      }),
      rendererOptions: {
        logger: new ListrLogger({ processOutput: output }),
        spinner,
        collapseErrors: false,
        showErrorMessage: false,
      },
    },
  );
  const running = list.run();
  // While the tree stands, what others write to the stream is held back. Should the process end in the middle of it, that is
  // most likely why: let it out, and give the cursor back.
  const release = (): void => output.release();
  process.once('exit', release);
  return {
    get ended() {
      return ended;
    },
    end: async () => {
      ended = true;
      finish();
      await running;
      process.off('exit', release);
    },
  };
};
