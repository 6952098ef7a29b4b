import type { Config } from '../config/config.ts';
import type { Frontend } from './types.ts';

export interface FindFrontendsOptions {
  readonly root: string;
  readonly config: Pick<Config, 'frontends' | 'file'>;
  readonly backendDirectory: string;
}

export const findFrontends = async (_options: FindFrontendsOptions): Promise<readonly Frontend[]> => [];
