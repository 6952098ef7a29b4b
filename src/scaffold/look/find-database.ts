import { readEnvVariables } from '../../config/read-env-lines.ts';
import { isPostgresImage } from '../../project/compose-services.ts';
import { readComposeProject, type ComposeServiceModel } from '../../project/compose/compose-project.ts';
import { findComposeFiles } from '../../project/compose-services.ts';
import { findText } from '../../project/files.ts';
import { readDockerfile, stagesOf } from '../../project/read-dockerfile.ts';
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
  // One that only a profile starts is mostly that of the tests.
  const inOrder = services
    .flatMap((compose) => compose.services)
    .toSorted((a, b) => Number(b.isActive) - Number(a.isActive));
  const ofCompose = await Promise.all(inOrder.map(describeService));
  const ofWorkflows = serviceImages(await readWorkflows(root))
    .filter(({ image }) => /postg/i.test(image))
    .map(({ image, place }) => describeImage(image, place.file));
  return Object.assign({}, ...[...ofCompose, ...ofWorkflows].toReversed()) as FoundDatabase;
};

/** {} unless it is PostgreSQL. */
const describeService = async (service: ComposeServiceModel): Promise<FoundDatabase> => {
  const image = await imageOf(service);
  if (image === null || !isPostgresImage(image)) return {};
  const source = `${service.place.file} (${service.name})`;
  const name = service.environment['POSTGRES_DB'] ?? (await nameInFiles(service.envFiles));
  return {
    ...describeImage(image, source),
    ...(/^[\w.-]+$/.test(service.name) ? { service: { value: service.name, source } } : {}),
    ...(name !== undefined && /^[\w-]+$/.test(name) ? { name: { value: name, source } } : {}),
  };
};

/** An image beside a build names what is built. */
const imageOf = async ({ image, build }: ComposeServiceModel): Promise<string | null> => {
  if (build === null) return image;
  const text = build.dockerfile === null ? undefined : await findText(build.dockerfile);
  return stagesOf(readDockerfile(text ?? '', build.args), build.target).at(-1)?.from ?? null;
};

const nameInFiles = async (files: readonly string[]): Promise<string | undefined> => {
  const texts = await Promise.all(files.map(findText));
  return texts
    .map((text) => readEnvVariables(text ?? '').get('POSTGRES_DB')?.value)
    .findLast((name) => name !== undefined);
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
