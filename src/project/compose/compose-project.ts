import path from 'node:path';

import type { Place } from '../../core/check.ts';
import { findText } from '../files.ts';
import { describeService } from './describe-service.ts';
import { interpolate, type FindVariable } from './interpolate.ts';
import { loadServices, mergeFiles, type BrokenFile } from './load-services.ts';
import { mergeService } from './merge-service.ts';
import type { Table, Value } from './parse-compose-file.ts';

/** A service as all compose files together describe it. What is not a plain literal (`${X}` without default) is kept as written. */
export interface ComposeServiceModel {
  readonly name: string;
  /** Container name, host name and aliases: further names containers reach it by. */
  readonly otherNames: readonly string[];
  readonly image: string | null;
  /** null: it is not built. `dockerfile` is absolute; null where it is written into the compose file. */
  readonly build: {
    readonly dockerfile: string | null;
    readonly target: string | null;
    /** Those with a value that is known. */
    readonly args: Readonly<Record<string, string>>;
  } | null;
  /** `entrypoint` and `command`, as the words of one line. */
  readonly command: string;
  /** null: none, or disabled. `test` begins with CMD or CMD-SHELL; [] where only its times are given. */
  readonly healthcheck: { readonly test: readonly string[]; readonly startPeriod: string | null } | null;
  /** Service → condition; the short form means `service_started`. */
  readonly dependsOn: Readonly<Record<string, string>>;
  /** null: taken from the shell that starts compose. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Absolute paths of `env_file`. */
  readonly envFiles: readonly string[];
  /** Those of them without which compose does not start. */
  readonly requiredEnvFiles: readonly string[];
  /** e.g. `service:db`. */
  readonly networkMode: string | null;
  readonly ports: readonly { readonly host: number; readonly container: number }[];
  /** Bind mounts and volumes as source and target; a relative source is absolute here. */
  readonly volumes: readonly { readonly source: string; readonly target: string }[];
  readonly user: string | null;
  /** extra_hosts or external_links: names may lead to what is not in these files. */
  readonly hasOutsideNames: boolean;
  /** Where it is defined first. */
  readonly place: Place;
}

export interface ComposeProject {
  /** Absolute. */
  readonly files: readonly string[];
  readonly services: readonly ComposeServiceModel[];
  /** Containers of other compose projects may be in a network of this one. */
  readonly hasExternalNetworks: boolean;
  /** Files that cannot be understood, with the reason. */
  readonly broken: readonly BrokenFile[];
}

export interface ReadComposeOptions {
  readonly root: string;
  /** Absolute paths, in the order compose merges them. */
  readonly files: readonly string[];
}

/** Reads and merges these compose files. Never throws for what they hold; files that do not exist count as empty. */
export const readComposeProject = async ({ root, files }: ReadComposeOptions): Promise<ComposeProject> => {
  const [first] = files;
  if (first === undefined) return { files, services: [], hasExternalNetworks: false, broken: [] };
  // Compose takes relative paths in all files as relative to the first one.
  const directory = path.dirname(first);
  const [find, ...parts] = await Promise.all([
    readVariables([directory, root]),
    ...files.map((file) => loadServices(file, { root, directory, trail: [] })),
  ]);
  const { services, hasExternalNetworks, broken } = mergeFiles(parts);
  return {
    files,
    broken,
    hasExternalNetworks,
    services: [...services].map(([name, { service, place }]) =>
      describeService({ name, service: fill(mergeService({}, service), find), directory, place }),
    ),
  };
};

/** What `.env` beside the first compose file, or at the root, says; compose fills its files in with that. */
const readVariables = async (directories: readonly string[]): Promise<FindVariable> => {
  const texts = await Promise.all(directories.map((directory) => findText(path.join(directory, '.env'))));
  if (texts.every((text) => text === undefined)) return () => undefined;
  const known = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of texts
    .toReversed()
    .join('\n')
    .matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*(?:(["'].*["'])|(.*?))(?:[ \t]+#.*)?[ \t]*$/gm)) {
    known.set(name, quoted === undefined ? plain : quoted.slice(1, -1));
  }
  return (name) => known.get(name);
};

const fill = (service: Table, find: FindVariable): Table =>
  Object.fromEntries(Object.entries(service).map(([key, value]) => [key, fillValue(value, find)]));

const fillValue = (value: Value, find: FindVariable): Value => {
  if (typeof value === 'string') return interpolate(value, find);
  if (value === null) return null;
  return Array.isArray(value) ? value.map((item) => fillValue(item as Value, find)) : fill(value as Table, find);
};
