import type { DefaultRenderer } from 'listr2';
import { Listr, ListrLogger, ProcessOutput, Spinner } from 'listr2';
import { rendererFor } from './live-renderer.ts';
import type { LiveRow } from './live-rows.ts';

export interface Tree {
  /** Ends the task of a row that has its result. */
  settle(row: LiveRow): void;
  /** Waits for the last frame. */
  end(): Promise<void>;
  readonly ended: boolean;
}

interface TreeOptions {
  readonly stream: NodeJS.WriteStream;
  readonly draw: () => { readonly lines: readonly (readonly string[])[]; readonly below: readonly string[] };
  readonly mark: (row: LiveRow, spinner: string) => string;
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly done: () => void;
  readonly fail: (error: Error) => void;
}

// Promise.withResolvers came with Node 22.
const deferred = (): Deferred => {
  let done = (): void => undefined;
  let fail = (_error: Error): void => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  return { promise, done, fail };
};

/** Shows the rows as a listr2 list, whose tasks end one by one as `settle` is called. */
export const startTree = (rows: readonly LiveRow[], { stream, draw, mark }: TreeOptions): Tree => {
  const spinner = new Spinner();
  const ends = rows.map(() => deferred());
  const output = new ProcessOutput(stream, stream);
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
    rows.map((row, index) => ({ title: row.title, task: () => ends[index]?.promise })),
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
    settle: (row) => {
      const end = ends[rows.indexOf(row)];
      if (row.result?.status === 'failed') end?.fail(new Error(row.result.message));
      else end?.done();
    },
    end: async () => {
      ended = true;
      await running;
      process.off('exit', release);
    },
  };
};
