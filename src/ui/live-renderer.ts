import { DefaultRenderer } from 'listr2';
import type { ListrDefaultRendererTask } from 'listr2';

/** What the renderer asks for. */
export interface Frames {
  /** Renews the titles of the tasks, called before each drawing; gives the lines below the tree. */
  readonly prepare: () => readonly string[];
  readonly mark: (task: ListrDefaultRendererTask) => string;
}

/**
 * listr2's updating renderer with three differences: it may draw although stdout is no terminal (the tree goes to stderr), it
 * does not cut lines by the width of stdout (they have been fitted), and the mark before a line is that of its step's status.
 */
export const rendererFor = (frames: Frames): typeof DefaultRenderer =>
  class extends DefaultRenderer {
    static override nonTTY = true;

    override create(options?: Parameters<DefaultRenderer['create']>[0]): string {
      const below = frames.prepare();
      return [super.create(options), ...below].join('\n');
    }

    protected override style(task: ListrDefaultRendererTask): string {
      return frames.mark(task);
    }

    protected override format(message: string, icon: string): string[] {
      if (message === '') return [];
      return message.split('\n').map((line, index) => `${index === 0 ? icon : ' '} ${line}`);
    }
  };
