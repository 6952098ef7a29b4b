import path from 'node:path';
import type { Environment } from './environment.ts';
import { expandValues } from './expand-values.ts';
import { findSecrets } from './find-secrets.ts';
import { readEnvFiles } from './read-env-files.ts';

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

/** `.env.local` over `.env`, and for the same name the backend's over the root's. */
const usualFiles = (root: string, backendDirectory: string | undefined): readonly string[] =>
  ['.env.local', '.env'].flatMap((name) =>
    [backendDirectory ?? root, root].map((directory) => path.join(directory, name)),
  );

/**
 * The process environment over the env files. `${NAME}` and `${NAME:-default}` in a file are filled in, as docker compose and
 * python-dotenv do; a name that is not set anywhere stays as it is written, since it may be part of a password.
 */
export const loadEnvironment = async (options: LoadEnvironmentOptions): Promise<Environment> => {
  const files = options.files?.toReversed() ?? usualFiles(options.root, options.backendDirectory);
  const { layers, warnings } = await readEnvFiles(files);
  const { embedded = {} } = options;
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.processEnv)) if (value !== undefined) own[name] = value;
  Object.assign(own, embedded);
  const fromFiles: Record<string, string> = Object.assign({}, ...layers.map(({ values }) => values).toReversed());
  const all = { ...expandValues({ ...fromFiles, ...own }, Object.keys(fromFiles)), ...own };
  return {
    get: (name) => all[name],
    origin: (name) => {
      if (Object.hasOwn(embedded, name)) return 'embedded-database';
      if (Object.hasOwn(own, name)) return 'process';
      const layer = layers.find(({ values }) => Object.hasOwn(values, name));
      return layer && { file: layer.file };
    },
    asRecord: () => ({ ...all }),
    layers,
    warnings,
    secrets: () => findSecrets(all),
  };
};
