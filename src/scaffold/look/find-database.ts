import { databaseServices } from '../../devcontainer/database-services.ts';
import { readComposeProject, type ComposeServiceModel } from '../../project/compose/compose-project.ts';
import { findComposeFiles } from '../../project/compose-services.ts';
import { shown } from '../../project/files.ts';
import { readWorkflows, serviceImages } from '../../workflows/read-workflows.ts';
import type { Finding } from './finding.ts';

export interface FoundDatabase {
  readonly version?: Finding;
  readonly service?: Finding;
  readonly name?: Finding;
  /** An image that is more than PostgreSQL, e.g. `postgis/postgis:16-3.4`. */
  readonly special?: Finding;
}

interface Places {
  readonly root: string;
  readonly backendDirectory: string;
}

/** What the compose files say about the database they start, or else the workflows about theirs. */
export const findDatabase = async ({ root, backendDirectory }: Places): Promise<FoundDatabase> => {
  const files = (await findComposeFiles({ root, backendDirectory })).toSorted((a, b) => a.length - b.length);
  const services = await Promise.all(files.map((file) => readComposeProject({ root, files: [file] })));
  const known = services.flatMap((compose) => databaseServices(compose.services));
  const ofCompose = known.map((service) => describeService(root, service));
  const ofWorkflows = serviceImages(await readWorkflows(root))
    .filter(({ image }) => /postg/i.test(image))
    .map(({ image, place }) => describeImage(image, place.file));
  return Object.assign({}, ...[...ofCompose, ...ofWorkflows].toReversed()) as FoundDatabase;
};

const describeService = (root: string, service: ComposeServiceModel): FoundDatabase => {
  const source = `${shown(root, service.place.file)} (${service.name})`;
  const name = service.environment['POSTGRES_DB'] ?? null;
  return {
    ...describeImage(service.image ?? '', source),
    ...(/^[\w.-]+$/.test(service.name) ? { service: { value: service.name, source } } : {}),
    ...(name !== null && /^[\w-]+$/.test(name) ? { name: { value: name, source } } : {}),
  };
};

/** `postgres:16.3-alpine` → 16.3; `latest`, and what a variable decides, say nothing. */
export const describeImage = (image: string, source: string): FoundDatabase => {
  const [, name = '', version] =
    /^(?:.*\/)?([\w.-]+)(?::(?:pg)?(\d+(?:\.\d+)?)(?![\d.])[^:]*)?$/.exec(image.split('@')[0] ?? '') ?? [];
  return {
    ...(version === undefined ? {} : { version: { value: version, source } }),
    ...(name === 'postgres' || name === '' ? {} : { special: { value: image, source } }),
  };
};
