import path from 'node:path';

import type { Place } from '../../core/check.ts';
import { shown } from '../files.ts';
import { mergeService, splitMount } from './merge-service.ts';
import {
  OVERRIDE,
  RESET,
  asList,
  asTable,
  asText,
  parseComposeFile,
  type ParsedCompose,
  type Table,
  type Value,
} from './parse-compose-file.ts';

/** A file that cannot be understood, with the reason. */
export interface BrokenFile {
  readonly file: string;
  readonly reason: string;
  readonly place: Place;
}

/** Services of one file by name, with what they extend and what the file includes. */
export interface LoadedServices {
  readonly services: ReadonlyMap<string, LoadedService>;
  /** What stands beside `services` and `include`: volumes, networks, the project's name. */
  readonly others: Table;
  /** Files that the services are merged from, in their order: without those that services are extended from. */
  readonly sources: readonly string[];
  readonly hasExternalNetworks: boolean;
  readonly broken: readonly BrokenFile[];
}

export interface LoadedService {
  readonly service: Table;
  readonly place: Place;
}

export interface LoadOptions {
  readonly root: string;
  /** undefined: there is no such file. */
  readonly read: (file: string) => string | undefined;
  /** What the relative paths of this file are relative to. */
  readonly directory: string;
  /** The files that led here, which end a circle. */
  readonly trail: readonly string[];
}

const NOTHING: LoadedServices = {
  services: new Map(),
  others: {},
  sources: [],
  hasExternalNetworks: false,
  broken: [],
};

/** Paths in other files are relative to those: they are absolute before services of two files are merged. */
const PATHS = ['env_file', 'volumes', 'build'] as const;

/** Reads the services of a compose file; one that does not exist has none. */
export const loadServices = async (file: string, options: LoadOptions): Promise<LoadedServices> => {
  if (options.trail.includes(file)) return NOTHING;
  const text = options.read(file);
  if (text === undefined) return NOTHING;
  const parsed = await parseComposeFile(text);
  const name = shown(options.root, file);
  if ('reason' in parsed) {
    return {
      ...NOTHING,
      sources: [file],
      broken: [{ file, reason: parsed.reason, place: { file: name, ...parsed.position } }],
    };
  }
  return collect(file, parsed, { ...options, trail: [...options.trail, file] });
};

const collect = async (file: string, parsed: ParsedCompose, options: LoadOptions): Promise<LoadedServices> => {
  const { root, directory } = options;
  const included = await Promise.all(asList(parsed.document['include']).map((entry) => include(entry, options)));
  const services = new Map(included.flatMap((part) => [...part.services]));
  const broken = included.flatMap((part) => part.broken);
  const own = asTable(parsed.document['services']);
  for (const name of Object.keys(own)) {
    const extended = await extend(name, own, options);
    broken.push(...extended.broken);
    const position = parsed.positionOf(name);
    services.set(name, {
      service: absolute(extended.service, directory),
      place: { file: shown(root, file), line: position?.line ?? 1, column: position?.column ?? 1 },
    });
  }
  const networks = Object.values(asTable(parsed.document['networks']));
  const hasExternalNetworks =
    networks.some((network) => !['false', undefined].includes(asTable(network)['external'] as string | undefined)) ||
    included.some((part) => part.hasExternalNetworks);
  const { services: _services, include: _include, ...written } = parsed.document;
  const others = mergeAll([...included.map((part) => part.others), written]);
  return {
    services,
    others,
    sources: [...included.flatMap((part) => part.sources), file],
    hasExternalNetworks,
    broken,
  };
};

const mergeAll = (parts: readonly Table[]): Table => parts.reduce((before, later) => mergeService(before, later), {});

const include = async (entry: Value, options: LoadOptions): Promise<LoadedServices> => {
  const long = asTable(entry);
  const named = typeof entry === 'string' ? [entry] : [long['path'] ?? null].flat();
  const files = named.filter((name) => typeof name === 'string').filter(isLocal);
  const [first] = files;
  if (first === undefined) return NOTHING;
  const project = asText(long['project_directory']) ?? path.dirname(first);
  const directory = path.resolve(options.directory, project);
  const parts: LoadedServices[] = [];
  for (const name of files) {
    parts.push(await loadServices(path.resolve(options.directory, name), { ...options, directory }));
  }
  return mergeFiles(parts);
};

/** `oci://…`, `https://…` and what names a variable are not looked at. */
const isLocal = (name: string): boolean => !/:\/\/|^git@|\$/.test(name);

/** Puts the same files' services together, the later over the earlier. */
export const mergeFiles = (parts: readonly LoadedServices[]): LoadedServices => {
  const services = new Map<string, LoadedService>();
  for (const [name, later] of parts.flatMap((part) => [...part.services])) {
    const before = services.get(name);
    services.set(
      name,
      before === undefined ? later : { ...before, service: mergeService(before.service, later.service) },
    );
  }
  return {
    services,
    others: mergeAll(parts.map((part) => part.others)),
    sources: parts.flatMap((part) => part.sources),
    hasExternalNetworks: parts.some((part) => part.hasExternalNetworks),
    broken: parts.flatMap((part) => part.broken),
  };
};

interface Extended {
  readonly service: Table;
  readonly broken: readonly BrokenFile[];
}

/** A service with what it extends, from this file or another, below what it says itself. */
const extend = async (
  name: string,
  services: Table,
  options: LoadOptions,
  seen: readonly string[] = [],
): Promise<Extended> => {
  const { extends: base, ...service } = asTable(services[name]);
  const baseName = asText(base) ?? asText(asTable(base)['service']);
  const baseFile = asText(asTable(base)['file']);
  if (baseName === null || seen.includes(baseName)) return { service, broken: [] };
  if (baseFile === null) {
    const found = await extend(baseName, services, options, [...seen, name]);
    return { ...found, service: mergeService(found.service, service) };
  }
  if (!isLocal(baseFile)) return { service, broken: [] };
  const other = path.resolve(options.directory, baseFile);
  const loaded = await loadServices(other, { ...options, directory: path.dirname(other) });
  return {
    service: mergeService(loaded.services.get(baseName)?.service ?? {}, absolute(service, options.directory)),
    broken: loaded.broken,
  };
};

const absolute = (service: Table, directory: string): Table => {
  const changed: Record<string, Value> = { ...service };
  for (const key of PATHS) {
    if (service[key] !== undefined && service[key] !== null) changed[key] = absoluteValue(key, service[key], directory);
  }
  return changed;
};

const absoluteValue = (key: (typeof PATHS)[number], value: Value, directory: string): Value => {
  if (value === RESET) return value;
  const replacing = asTable(value)[OVERRIDE];
  if (replacing !== undefined) return { [OVERRIDE]: absoluteValue(key, replacing, directory) };
  const resolve = (name: string): string => (/^[$~]/.test(name) ? name : path.resolve(directory, name));
  switch (key) {
    case 'env_file':
      return [value].flat().map((file) => {
        if (typeof file === 'string') return resolve(file);
        const named = asText(asTable(file)['path']);
        return named === null ? file : { ...asTable(file), path: resolve(named) };
      });
    case 'build': {
      const context = asText(value) ?? asText(asTable(value)['context']) ?? '.';
      return { ...asTable(value), context: /:\/\/|^git@/.test(context) ? context : resolve(context) };
    }
    case 'volumes':
      return asList(value).map((mount) => {
        if (typeof mount !== 'string') {
          const source = asText(asTable(mount)['source']);
          return source === null || !source.startsWith('.') ? mount : { ...asTable(mount), source: resolve(source) };
        }
        const { source } = splitMount(mount);
        return source?.startsWith('.') === true ? resolve(source) + mount.slice(source.length) : mount;
      });
  }
};
