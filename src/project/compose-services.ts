import path from 'node:path';
import { findText, isFile, listNames, shown } from './files.ts';

/** A name by which containers of this compose project reach one of its services. */
export interface ComposeService {
  /** The service's name, or another name it has in the network: container name, host name, alias. */
  readonly name: string;
  readonly image: string | null;
  readonly publishedPorts: readonly { readonly host: number; readonly container: number }[];
}

export interface ComposeFiles {
  readonly services: readonly ComposeService[];
  /** Files that could not be understood. */
  readonly warnings: readonly string[];
}

interface Places {
  readonly root: string;
  readonly backendDirectory: string;
}

type Table = Readonly<Record<string, unknown>>;

const isComposeFile = (name: string): boolean => /^(?:docker-)?compose(?:[-._].*)?\.ya?ml$/i.test(name);

const table = (value: unknown): Table => (typeof value === 'object' && value !== null ? (value as Table) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** `${PORT:-5433}` is 5433 where the variable is not known here. */
const fillDefaults = (text: string): string => text.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1');

/** `5433:5432`, `127.0.0.1:5433:5432/tcp`, `{published, target}`. A port without a fixed number outside gives nothing. */
const parsePort = (value: unknown): { host: number; container: number } | undefined => {
  const long = table(value);
  const text =
    typeof value === 'object' ? `${String(long['published'])}:${String(long['target'])}` : fillDefaults(String(value));
  const [, host, container] = /(?:^|:)(\d+):(\d+)(?:\/tcp)?$/.exec(fillDefaults(text)) ?? [];
  return host === undefined ? undefined : { host: Number(host), container: Number(container) };
};

const otherNames = (service: Table): readonly string[] => {
  const networks = Object.values(table(service['networks'])).flatMap((network) => list(table(network)['aliases']));
  return [service['container_name'], service['hostname'], ...networks].filter((name) => typeof name === 'string');
};

/** The services of one parsed compose file. */
const parseComposeServices = (document: unknown): readonly ComposeService[] =>
  Object.entries(table(table(document)['services'])).flatMap(([name, value]) => {
    const service = table(value);
    const publishedPorts = list(service['ports']).flatMap((port) => parsePort(port) ?? []);
    const image = typeof service['image'] === 'string' ? service['image'] : null;
    return [name, ...otherNames(service)].map((known) => ({ name: known, image, publishedPorts }));
  });

/** A service is spread over several files (base and override): what they say is put together. */
const merge = (services: readonly ComposeService[]): readonly ComposeService[] => {
  const merged = new Map<string, ComposeService>();
  for (const service of services) {
    const before = merged.get(service.name);
    merged.set(service.name, {
      name: service.name,
      image: service.image ?? before?.image ?? null,
      publishedPorts: [...(before?.publishedPorts ?? []), ...service.publishedPorts],
    });
  }
  return [...merged.values()];
};

export const findComposeFiles = async ({ root, backendDirectory }: Places): Promise<readonly string[]> => {
  const directories = [...new Set([root, path.join(root, '.devcontainer'), backendDirectory])];
  const found = await Promise.all(
    directories.map(async (directory) =>
      (await listNames(directory)).filter(isComposeFile).map((name) => path.join(directory, name)),
    ),
  );
  return found.flat();
};

/** Reads the compose files of the root, `.devcontainer/` and the backend. One that cannot be understood is a warning. */
export const readComposeFiles = async (places: Places): Promise<ComposeFiles> => {
  const files = await findComposeFiles(places);
  if (files.length === 0) return { services: [], warnings: [] };
  const { parse } = await import('yaml');
  const read = await Promise.all(
    files.map(async (file) => {
      if (!(await isFile(file))) return { services: [], warnings: [] };
      try {
        const document: unknown = parse((await findText(file)) ?? '', { merge: true, logLevel: 'error' });
        return { services: parseComposeServices(document), warnings: [] };
      } catch (error) {
        const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
        return {
          services: [],
          warnings: [`${shown(places.root, file)} is not valid YAML and was left out: ${reason}`],
        };
      }
    }),
  );
  return {
    services: merge(read.flatMap(({ services }) => services)),
    warnings: read.flatMap(({ warnings }) => warnings),
  };
};

/** The services alone, for callers that show no warnings. */
export const readComposeServices = async (places: Places): Promise<readonly ComposeService[]> =>
  (await readComposeFiles(places)).services;
