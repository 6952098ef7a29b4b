import type { Environment } from '../config/environment.ts';
import { isUnambiguous } from '../config/evaluate-line.ts';
import type { ExportedGroup } from '../django/open-companion.ts';
import type { Description } from '../django/protocol.ts';

type Variables = Readonly<Record<string, string>>;

/** The variables of `env` that come from env files: those of each file that the configuration names, else all in one group. */
export const exportedGroups = (
  env: Variables,
  environment: Environment,
  configured: readonly string[] | null,
): readonly ExportedGroup[] => {
  const names = [...environment.fromFiles.keys()].filter((name) => env[name] === environment.get(name));
  if (configured === null) return [{ file: '', names }];
  const isFrom = (name: string, file: string): boolean => {
    const origin = environment.origin(name);
    return typeof origin === 'object' && origin.file === file;
  };
  return configured.map((file) => ({ file, names: names.filter((name) => isFrom(name, file)) }));
};

/**
 * `env` with the variables of env files as Django has them. A reader such as decouple keeps to itself what it reads: `django` lacks
 * these variables as the settings' own environment does; `programs` has those whose line every reader takes in the same way.
 */
export const settleVariables = (
  env: Variables,
  environment: Environment,
  { fileVariables }: Pick<Description, 'fileVariables'>,
): { readonly django: Variables; readonly programs: Variables } => {
  const django: Record<string, string> = { ...env };
  const programs: Record<string, string> = { ...env };
  for (const [name, value] of Object.entries(fileVariables)) {
    const line = environment.fromFiles.get(name);
    if (value !== null) django[name] = programs[name] = value;
    else {
      delete django[name];
      if (line === undefined || !isUnambiguous(line)) delete programs[name];
    }
  }
  return { django, programs };
};
