import path from 'node:path';
import type { Environment } from './environment.ts';
import { evaluateLines } from './evaluate-line.ts';
import { findSecrets } from './find-secrets.ts';
import { readEnvFiles, type EnvLayer } from './read-env-files.ts';
import type { VariableLine } from './read-env-lines.ts';

export interface LoadEnvironmentOptions {
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly root: string;
  /** The folder of manage.py. */
  readonly backendDirectory?: string | undefined;
  /** `envFiles` of the configuration: later ones win. Without it the usual files are read. */
  readonly files?: readonly string[] | null | undefined;
  /** Of the embedded database: wins over everything else. */
  readonly embedded?: Readonly<Record<string, string>> | undefined;
}

/** Where env files and their samples are: the folder of manage.py, those above it in the checkout, the root. */
export const envFolders = (root: string, backendDirectory: string): readonly string[] => {
  const inside = path.relative(root, backendDirectory);
  if (inside.startsWith('..') || path.isAbsolute(inside)) return [backendDirectory, root];
  const parts = inside.split(path.sep).filter((part) => part !== '');
  return [...parts.map((_, at) => path.join(root, ...parts.slice(0, parts.length - at))), root];
};

/** `.env.local` over `.env`, and for the same name the backend's over those of the folders above it. */
const usualFiles = (root: string, backendDirectory: string | undefined): readonly string[] =>
  ['.env.local', '.env'].flatMap((name) =>
    envFolders(root, backendDirectory ?? root).map((directory) => path.join(directory, name)),
  );

/**
 * The process environment over the env files. What the files say is devsetup's own reading: it counts until Django has started, and
 * for files that the project does not read by itself.
 */
export const loadEnvironment = (options: LoadEnvironmentOptions): Environment => {
  const files = options.files?.toReversed() ?? usualFiles(options.root, options.backendDirectory);
  const { layers, warnings } = readEnvFiles(files);
  const { embedded = {} } = options;
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.processEnv)) if (value !== undefined) own[name] = value;
  Object.assign(own, embedded);
  const lines = new Map<string, VariableLine>(layers.toReversed().flatMap(({ variables }) => [...variables]));
  const all = { ...evaluateLines(lines, own), ...own };
  return {
    get: (name) => all[name],
    origin: (name) => {
      if (Object.hasOwn(embedded, name)) return 'embedded-database';
      if (Object.hasOwn(own, name)) return 'process';
      const layer = layers.find(({ variables }) => variables.has(name));
      return layer && { file: layer.file };
    },
    asRecord: () => ({ ...all }),
    fromFiles: new Map([...lines].filter(([name]) => !Object.hasOwn(own, name))),
    layers,
    warnings,
    secrets: () => [...new Set([all, ...layers.map(writtenValues)].flatMap(findSecrets))],
  };
};

/** As they are written: some readers of env files take off no backslash. */
const writtenValues = ({ variables }: EnvLayer): Readonly<Record<string, string>> =>
  Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
