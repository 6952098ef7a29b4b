import type { RunView } from '../core/events.ts';
import type { ViewOptions } from './create-view.ts';

/** No progress at all; the result is printed as by the other views. */
export const createSilentView = (options: Pick<ViewOptions, 'result' | 'renderResult'>): RunView => ({
  event: () => undefined,
  finish: async (report) => {
    options.result.write(options.renderResult(report));
  },
});
