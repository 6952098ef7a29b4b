import path from 'node:path';

import type { Place } from '../../core/check.ts';
import type { ComposeServiceModel } from './compose-project.ts';
import { isOpen } from './interpolate.ts';
import { keyed, splitMount } from './merge-service.ts';
import { asList, asTable, asText, type Table, type Value } from './parse-compose-file.ts';

export interface DescribeOptions {
  readonly name: string;
  /** Merged and filled in. */
  readonly service: Table;
  /** What relative paths are relative to. */
  readonly directory: string;
  readonly place: Place;
}

export const describeService = ({
  name,
  service,
  directory,
  place,
}: DescribeOptions): Omit<ComposeServiceModel, 'profiles' | 'isActive'> => ({
  name,
  otherNames: otherNames(service),
  image: asText(service['image']),
  build: describeBuild(service['build'], directory),
  command: [service['entrypoint'], service['command']]
    .flatMap(listOf)
    .filter((word) => typeof word === 'string')
    .join(' '),
  healthcheck: describeHealthcheck(service['healthcheck']),
  dependsOn: Object.fromEntries(
    Object.entries(keyed(service['depends_on'])).map(([other, how]) => [
      other,
      asText(asTable(how)['condition']) ?? 'service_started',
    ]),
  ),
  environment: Object.fromEntries(
    Object.entries(keyed(service['environment'])).map(([variable, value]) => [variable, asText(value)]),
  ),
  envFiles: envFiles(service, directory).map(({ file }) => file),
  requiredEnvFiles: envFiles(service, directory)
    .filter(({ required }) => required)
    .map(({ file }) => file),
  networkMode: asText(service['network_mode']),
  networks: Object.keys(keyed(service['networks'])),
  ports: asList(service['ports']).flatMap((port) => describePort(port) ?? []),
  volumes: asList(service['volumes']).flatMap((mount) => describeMount(mount, directory) ?? []),
  user: asText(service['user']),
  hasOutsideNames: service['extra_hosts'] !== undefined || service['external_links'] !== undefined,
  place,
});

const listOf = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

const envFiles = (
  service: Table,
  directory: string,
): readonly { readonly file: string; readonly required: boolean }[] =>
  listOf(service['env_file']).flatMap((value) => {
    const long = asTable(value);
    const named = asText(value) ?? asText(long['path']);
    return named === null
      ? []
      : [{ file: path.resolve(directory, named), required: asText(long['required']) !== 'false' }];
  });

const otherNames = (service: Table): readonly string[] => {
  const aliases = Object.values(asTable(service['networks'])).flatMap((network) => {
    const named = asTable(network)['aliases'];
    return Array.isArray(named) ? named : Object.keys(asTable(named));
  });
  return [service['container_name'], service['hostname'], ...aliases].filter((name) => typeof name === 'string');
};

const describeBuild = (value: Value | undefined, directory: string): ComposeServiceModel['build'] => {
  if (value === undefined || value === null) return null;
  const long = asTable(value);
  const context = path.resolve(directory, asText(value) ?? asText(long['context']) ?? '.');
  return {
    dockerfile:
      long['dockerfile_inline'] === undefined
        ? path.resolve(context, asText(long['dockerfile']) ?? 'Dockerfile')
        : null,
    target: asText(long['target']),
    args: Object.fromEntries(
      Object.entries(keyed(long['args'])).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && !isOpen(entry[1]),
      ),
    ),
  };
};

const describeHealthcheck = (value: Value | undefined): ComposeServiceModel['healthcheck'] => {
  const check = asTable(value);
  const { test } = check;
  const list = asText(test) === null ? asList(test).map(String) : ['CMD-SHELL', asText(test) ?? ''];
  if (value === undefined || value === null || asText(check['disable']) === 'true' || list[0] === 'NONE') return null;
  return { test: list, startPeriod: asText(check['start_period']) };
};

/** `5433:5432`, `127.0.0.1:5433:5432/tcp`, `{published, target}`. A port without a fixed number outside gives nothing. */
const describePort = (value: Value): { host: number; container: number } | undefined => {
  const long = asTable(value);
  const text = typeof value === 'string' ? value : `${asText(long['published'])}:${asText(long['target'])}`;
  const [, host, container] = /(?:^|:)(\d+):(\d+)(?:\/tcp)?$/.exec(text) ?? [];
  return host === undefined ? undefined : { host: Number(host), container: Number(container) };
};

/** A mount without a source is a volume without a name and of no interest. */
const describeMount = (value: Value, directory: string): { source: string; target: string } | undefined => {
  const long = asTable(value);
  const { source, target } =
    typeof value === 'string' ? splitMount(value) : { source: asText(long['source']), target: asText(long['target']) };
  if (source === null || target === null) return undefined;
  return { source: isPath(source) ? path.resolve(directory, source) : source, target };
};

/** Anything else is the name of a volume. */
const isPath = (source: string): boolean => /^(?:\.{1,2}(?:[\\/]|$)|\/)/.test(source);
