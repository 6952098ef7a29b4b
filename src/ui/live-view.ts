import type { RunView } from '../core/events.ts';
import type { ViewOptions } from './create-view.ts';
import { createPlainView } from './plain-view.ts';

export const createLiveView = async (options: ViewOptions): Promise<RunView> => createPlainView(options);
