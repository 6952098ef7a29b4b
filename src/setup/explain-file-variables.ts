import { realpathSync } from 'node:fs';
import path from 'node:path';

import type { Environment } from '../config/environment.ts';

interface Facts {
  readonly root: string;
  readonly environment: Pick<Environment, 'fromFiles' | 'origin'>;
  /** Env files that the project has opened itself, absolute. */
  readonly opened: readonly string[];
}

/**
 * Why variables are missing although an env file holds them: the project reads env files itself, and its reader skips the line, or
 * reads another file. `rest`: those that no env file holds.
 */
export const explainFileVariables = (
  names: readonly string[],
  { root, environment, opened }: Facts,
): { readonly hints: readonly string[]; readonly rest: readonly string[] } => {
  const hints: string[] = [];
  const unread = new Map<string, string[]>();
  const rest: string[] = [];
  const places = new Set(opened.map(resolved));
  const shown = (file: string): string => path.relative(root, file) || file;
  for (const name of names) {
    const line = environment.fromFiles.get(name);
    const origin = environment.origin(name);
    if (opened.length === 0 || line === undefined || typeof origin !== 'object') rest.push(name);
    else if (places.has(resolved(origin.file))) {
      const place = `${shown(origin.file)}:${line.line}`;
      hints.push(`${name} is in ${place}, but the project's own reader skips that line: write it as ${name}=value.`);
    } else unread.set(origin.file, [...(unread.get(origin.file) ?? []), name]);
  }
  for (const [file, held] of unread) {
    const own = opened.map(shown).join(' and ');
    hints.push(
      `${held.join(', ')} ${held.length === 1 ? 'is' : 'are'} in ${shown(file)}, but the project reads ${own} itself: add ${held.length === 1 ? 'it' : 'them'} there, or add "envFiles": [${JSON.stringify(shown(file))}] to the configuration.`,
    );
  }
  return { hints, rest };
};

const resolved = (file: string): string => {
  try {
    return realpathSync(file);
  } catch {
    // It was removed meanwhile: its path still names it.
    return file;
  }
};
