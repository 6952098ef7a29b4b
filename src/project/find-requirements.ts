import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Requirements } from './types.ts';

export interface FindRequirementsOptions {
  readonly root: string;
  readonly config: Pick<Config, 'backend' | 'file'>;
  readonly environment: Pick<Environment, 'get'>;
  readonly backendDirectory: string;
}

export const findRequirements = async (_options: FindRequirementsOptions): Promise<Requirements | null> => null;
