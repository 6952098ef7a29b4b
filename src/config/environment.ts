import type { EnvLayer } from './read-env-files.ts';
import type { VariableLine } from './read-env-lines.ts';

/** `embedded-database`: set by devsetup, for the database that it runs itself. */
type VariableOrigin = 'process' | 'embedded-database' | { readonly file: string };

/** Environment variables with where each came from. */
export interface Environment {
  get(name: string): string | undefined;
  origin(name: string): VariableOrigin | undefined;
  /** Everything, for child processes. */
  asRecord(): Record<string, string>;
  /** The variables that come from env files, each with the line that counts. */
  readonly fromFiles: ReadonlyMap<string, VariableLine>;
  /** The files that were read, the strongest first, for --verbose. */
  readonly layers: readonly EnvLayer[];
  /** What a user should know, e.g. a file that cannot be read. */
  readonly warnings: readonly string[];
  /** Values that must not be shown. */
  secrets(): readonly string[];
}
