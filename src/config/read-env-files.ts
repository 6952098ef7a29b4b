import { readFile } from 'node:fs/promises';

import { IS_FOLDER, readBytes } from '../checkout/read-bytes.ts';
import { readEnvVariables, type VariableLine } from './read-env-lines.ts';

export interface EnvLayer {
  readonly file: string;
  /** Of a name that is given twice the last line. */
  readonly variables: ReadonlyMap<string, VariableLine>;
}

export interface EnvFiles {
  /** The strongest first; files that do not exist are left out. */
  readonly layers: readonly EnvLayer[];
  readonly warnings: readonly string[];
}

const readLayer = (file: string): EnvLayer | { readonly warning: string } | undefined => {
  // People keep `.env` elsewhere and link to it. What it holds reaches the project's own programs and is masked everywhere else.
  const found = readBytes(file, { anywhere: true });
  if (found.kind === 'absent') return undefined;
  if (found.kind === 'unreadable') {
    // A folder called `.env` is somebody's virtual environment.
    if (found.reason === IS_FOLDER) return undefined;
    return { warning: `${file}: ${found.reason}; its variables are not set.` };
  }
  return { file, variables: readEnvVariables(found.bytes.toString('utf8')) };
};

/** Reads env files, given the strongest first. A file that cannot be read is a warning. */
export const readEnvFiles = (files: readonly string[]): EnvFiles => {
  const read = [...new Set(files)].map(readLayer);
  return {
    layers: read.filter((layer) => layer !== undefined && 'variables' in layer),
    warnings: read.flatMap((layer) => (layer !== undefined && 'warning' in layer ? [layer.warning] : [])),
  };
};

/** The names in an env file of devsetup's own. Files of projects have lines that readers disagree about: `readEnvFiles` is for them. */
export const readOwnEnvNames = async (file: string): Promise<readonly string[]> => {
  const { parse } = await import('dotenv');
  return Object.keys(parse(await readFile(file)));
};
