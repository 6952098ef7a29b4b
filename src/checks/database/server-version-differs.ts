import { defineCheck, notApplicable, problemsOr, type Place, type Problem } from '../../core/check.ts';
import type { ComposeServiceModel } from '../../project/compose/compose-project.ts';
import { embeddedDirectory, readKept } from '../../postgres/embedded-kept.ts';
import { classifyHost, isLocalHost, type DatabaseTarget } from '../../postgres/target.ts';
import { serviceImages } from '../../workflows/read-workflows.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';
import { postgresMajor } from './postgres-image.ts';

const FINDINGS = { 'server-version-differs': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** The server is of the same major version as the one compose starts and those the pipelines test with. */
export const serverVersionDiffers = defineCheck<CheckContext, Code>({
  id: 'server-version-differs',
  group: 'database',
  title: 'Same PostgreSQL everywhere',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const server = await context.server();
    const target = await context.target();
    // It has the version that the package brings.
    if (await isEmbedded(context, target)) return notApplicable('the database is on the embedded PostgreSQL');
    const { services } = await context.compose();
    const problems = judgeVersions({
      version: server.serverVersion,
      major: Math.floor(server.serverVersionNumber / 10_000),
      compose: composeImages(services, target),
      pipelines: serviceImages(await context.workflows()),
    });
    return problemsOr(problems, `PostgreSQL ${server.serverVersion}, and nothing in the checkout says another`);
  },
});

/** Also where an address in the environment leads there, as `devsetup db env` sets it. */
const isEmbedded = async ({ state }: CheckContext, { host, port }: DatabaseTarget): Promise<boolean> =>
  isLocalHost(host) && (await readKept(embeddedDirectory(state.directory)))?.port === port;

interface Image {
  readonly image: string;
  readonly place: Place;
}

/**
 * The images that may be the database Django uses: the service it names, else the one that publishes its port, else every one of
 * PostgreSQL. A service that is built here may hold anything.
 */
export const composeImages = (
  services: readonly Pick<ComposeServiceModel, 'name' | 'otherNames' | 'image' | 'build' | 'ports' | 'place'>[],
  { host, port }: Pick<DatabaseTarget, 'host' | 'port'>,
): readonly Image[] => {
  const named = services.filter(({ name, otherNames }) => name === host || otherNames.includes(host));
  const publishing = services.filter(({ ports }) => ports.some((published) => published.host === port));
  const isLocal = classifyHost(host, []) !== 'remote';
  const chosen = named.length > 0 ? named : isLocal && publishing.length > 0 ? publishing : services;
  return chosen.flatMap(({ image, build, place }) => (image === null || build !== null ? [] : [{ image, place }]));
};

export interface VersionFacts {
  /** e.g. `16.4` */
  readonly version: string;
  readonly major: number;
  readonly compose: readonly Image[];
  readonly pipelines: readonly Image[];
}

export const judgeVersions = ({ version, major, compose, pipelines }: VersionFacts): readonly Problem<Code>[] => {
  const others = [...differing(major, compose), ...differing(major, pipelines)];
  const [first] = others;
  if (first === undefined) return [];
  const versions = [...new Set(others.map(({ image }) => postgresMajor(image)))].toSorted();
  const plural = others.length === 1 ? 'runs' : 'run';
  return [
    {
      code: 'server-version-differs',
      message: `The database is PostgreSQL ${version}, and ${others
        .map(({ place }) => place.file)
        .filter(isFirst)
        .join(' and ')} ${plural} ${versions.join(' and ')}.`,
      evidence: others.map(
        ({ image, place }) => `${place.file}${place.line === null ? '' : `:${place.line}`}: ${image}`,
      ),
      remedy: {
        text: 'Use one major version everywhere: change these images, or the server you work with.',
        command: null,
      },
      place: first.place,
    },
  ];
};

/** A place that has the server's version among others is right: pipelines test with several, projects hold several databases. */
const differing = (major: number, images: readonly Image[]): readonly Image[] => {
  const known = images.filter(({ image }) => postgresMajor(image) !== null);
  return known.some(({ image }) => postgresMajor(image) === major) ? [] : known;
};

const isFirst = (name: string, index: number, names: readonly string[]): boolean => names.indexOf(name) === index;
