import path from 'node:path';

import type { Place } from '../../core/check.ts';
import { findText, findTextNow } from '../files.ts';
import { describeService } from './describe-service.ts';
import { interpolate, type FindVariable } from './interpolate.ts';
import { loadServices, mergeFiles, type BrokenFile, type LoadedServices } from './load-services.ts';
import { mergeService } from './merge-service.ts';
import { asList, type Table, type Value } from './parse-compose-file.ts';

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
  /** Names of the networks it is in; []: the default one. */
  readonly networks: readonly string[];
  readonly ports: readonly { readonly host: number; readonly container: number }[];
  /** Bind mounts and volumes as source and target; a relative source is absolute here. */
  readonly volumes: readonly { readonly source: string; readonly target: string }[];
  readonly user: string | null;
  /** extra_hosts or external_links: names may lead to what is not in these files. */
  readonly hasOutsideNames: boolean;
  /** It is started only with one of these; [] with any. */
  readonly profiles: readonly string[];
  /** Compose starts it: it has no profiles, one of `COMPOSE_PROFILES`, or is named itself. */
  readonly isActive: boolean;
  /** Where it is defined first. */
  readonly place: Place;
}

export interface ComposeProject {
  /** Absolute. */
  readonly files: readonly string[];
  /** Those and the ones they include, in the order they are merged. */
  readonly sources: readonly string[];
  /** Services that are named when compose starts, which makes their profiles active. */
  readonly named: readonly string[];
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
  /** As in `ComposeProject`. */
  readonly named?: readonly string[] | undefined;
  /** Absolute path → a text to read instead of the file's. */
  readonly copies?: ReadonlyMap<string, string> | undefined;
}

/** Reads and merges these compose files. Never throws for what they hold; files that do not exist count as empty. */
export const readComposeProject = async (options: ReadComposeOptions): Promise<ComposeProject> => {
  const { root, files, named = [] } = options;
  const directory = directoryOf(options);
  const [find, { services, sources, hasExternalNetworks, broken }] = await Promise.all([
    readVariables([directory, root]),
    mergeComposeFiles(options),
  ]);
  const merged = [...services].map(([name, { service, place }]) => ({
    name,
    place,
    service: fill(mergeService({}, service), find),
  }));
  const active = new Set([
    ...(find('COMPOSE_PROFILES') ?? '').split(','),
    ...merged.filter(({ name }) => named.includes(name)).flatMap(({ service }) => profilesOf(service)),
  ]);
  return {
    files,
    sources,
    named,
    broken,
    hasExternalNetworks,
    services: merged.map((one) => {
      const profiles = profilesOf(one.service);
      const isActive = profiles.length === 0 || profiles.some((profile) => active.has(profile) || active.has('*'));
      return { ...describeService({ ...one, directory }), profiles, isActive };
    }),
  };
};

/** The same files as compose merges them, before variables are filled in. */
export const mergeComposeFiles = async (options: ReadComposeOptions): Promise<LoadedServices> => {
  const { root, files, copies } = options;
  const read = (file: string): string | undefined => copies?.get(file) ?? findTextNow(file, { from: root });
  return mergeFiles(
    await Promise.all(
      files.map((file) => loadServices(file, { root, read, directory: directoryOf(options), trail: [] })),
    ),
  );
};

/** Compose takes relative paths in all files as relative to the first one. */
const directoryOf = ({ root, files: [first] }: ReadComposeOptions): string =>
  first === undefined ? root : path.dirname(first);

const profilesOf = (service: Table): readonly string[] =>
  asList(service['profiles']).filter((profile) => typeof profile === 'string');

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
