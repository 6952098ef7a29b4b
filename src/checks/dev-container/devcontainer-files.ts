import path from 'node:path';

import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { closestName } from '../../config/closest-name.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { databaseServices } from '../../devcontainer/database-services.ts';
import { shellWord } from '../../core/shell-word.ts';
import { isOpen } from '../../project/compose/interpolate.ts';
import { filterAsync, isFile, isInside, listNames, shown } from '../../project/files.ts';
import { sampleFilesOf } from '../../project/find-sample-file.ts';
import { openDevContainer, type DevContainerContext } from './open-dev-container.ts';
import { buildOf, meantService } from '../../devcontainer/build-of.ts';

type Code =
  | 'devcontainer-compose-file-missing'
  | 'devcontainer-service-missing'
  | 'devcontainer-dockerfile-missing'
  | 'compose-env-file-missing'
  | 'compose-syntax';

/** The files and services that devcontainer.json names are there. */
export const devcontainerFiles = defineCheck<DevContainerContext, Code>({
  id: 'devcontainer-files',
  group: 'dev-container',
  title: 'Files of the dev container',
  findings: {
    'devcontainer-compose-file-missing': 'error',
    'devcontainer-service-missing': 'error',
    'devcontainer-dockerfile-missing': 'error',
    'compose-env-file-missing': 'error',
    'compose-syntax': 'error',
  },
  run: async (context) => {
    const found = await openDevContainer(context);
    const { dockerfile } = buildOf(found);
    const dockerfiles = dockerfile === null ? [] : [dockerfile];
    const missing = await filterAsync(dockerfiles, async (file) => !(await isFile(file)));
    return problemsOr(
      [
        ...missingFiles(context.root, found),
        ...brokenFiles(found),
        ...missingServices(found),
        ...(await missingEnvFiles(context.root, found)),
        ...missing.map((file) => dockerfileMissing(shown(context.root, file), found)),
      ],
      [...found.composeFiles, ...dockerfiles].map((file) => shown(context.root, file)).join(', ') || 'an image',
    );
  },
});

type Found = Pick<DevContainer, 'name' | 'properties' | 'missingFiles' | 'compose' | 'service' | 'placeOf'>;

const missingFiles = (root: string, found: Found): readonly Problem<Code>[] =>
  found.missingFiles.map((file) => ({
    code: 'devcontainer-compose-file-missing',
    message: `${found.name} names the compose file ${shown(root, file)}, which does not exist.`,
    remedy: { text: 'Name the compose file that is meant; the path is relative to devcontainer.json.', command: null },
    place: found.placeOf(['dockerComposeFile']),
  }));

const brokenFiles = ({ compose }: Found): readonly Problem<Code>[] =>
  (compose?.broken ?? []).map(({ reason, place }) => ({
    code: 'compose-syntax',
    message: `${place.file} is not valid YAML: ${reason.replace(/[.:]$/, '')}.`,
    remedy: { text: `Correct line ${place.line} of ${place.file}.`, command: null },
    place,
  }));

/** Says nothing while files are missing or broken: the service may be in one of them. */
export const missingServices = (found: Found): readonly Problem<Code>[] => {
  const { compose, service, missingFiles, properties, name, placeOf } = found;
  if (compose === null || missingFiles.length > 0 || compose.broken.length > 0) return [];
  const names = compose.services.map((known) => known.name);
  if (service === null) {
    return [
      {
        code: 'devcontainer-service-missing',
        message: `${name} has no property service, so it is not known which service of compose is the dev container.`,
        remedy: { text: `Add "service": one of ${names.join(', ')}.`, command: null },
        place: placeOf(['dockerComposeFile']),
      },
    ];
  }
  const run = properties['runServices'];
  const wanted = [
    { path: ['service'], wanted: service },
    ...(Array.isArray(run) ? run : [])
      .filter((other) => typeof other === 'string')
      .map((other, index) => ({ path: ['runServices', index], wanted: other })),
  ];
  return wanted
    .filter(({ wanted }) => !names.includes(wanted) && !wanted.includes('${'))
    .map(({ path, wanted }) => {
      const meant = meantService(compose.services, wanted)?.name ?? closestName(wanted, names);
      return {
        code: 'devcontainer-service-missing',
        message: `${name} names the service ${wanted}, which its compose files do not have.`,
        evidence: [`services: ${names.join(', ') || 'none'}`],
        remedy: {
          text: meant === undefined ? 'Name one of the services that exist.' : `Write ${meant} for ${wanted}.`,
          command: null,
        },
        place: placeOf(path),
      };
    });
};

/** Compose does not start a service without its env files. Those outside of the checkout, or made before it starts, are not known. */
const missingEnvFiles = async (root: string, found: Found): Promise<readonly Problem<Code>[]> => {
  if (found.compose === null || found.properties['initializeCommand'] !== undefined) return [];
  const app = found.compose.services.find(({ name }) => name === found.service);
  const started = app === undefined ? [] : [app, ...databaseServices(found.compose.services)];
  const required = started.flatMap(({ name, requiredEnvFiles, place }) =>
    requiredEnvFiles.filter((file) => isInside(root, file) && !isOpen(file)).map((file) => ({ name, file, place })),
  );
  const missing = await filterAsync(required, async ({ file }) => !(await isFile(file)));
  return Promise.all(
    missing.map(async ({ name, file, place }): Promise<Problem<Code>> => {
      const directory = path.dirname(file);
      const [sample] = sampleFilesOf(await listNames(directory));
      const words = sample === undefined ? null : [path.join(directory, sample), file].map((each) => shown(root, each));
      return {
        code: 'compose-env-file-missing',
        message: `The service ${name} reads ${shown(root, file)}, which does not exist, so compose does not start it.`,
        remedy: {
          text:
            words === null
              ? `Create it, or mark it as not required.`
              : 'Copy the sample, and fill in what it leaves open.',
          command: words === null ? null : `cp ${words.map(shellWord).join(' ')}`,
        },
        place,
      };
    }),
  );
};

const dockerfileMissing = (file: string, { name, compose, service, placeOf }: Found): Problem<Code> => {
  const app = compose?.services.find((known) => known.name === service);
  return {
    code: 'devcontainer-dockerfile-missing',
    message: `The dev container is built from ${file}, which does not exist.`,
    remedy: {
      text: `Name the Dockerfile that is meant in ${app?.place.file ?? name}; in compose it is relative to the build context.`,
      command: null,
    },
    place: app?.place ?? placeOf(['build']),
  };
};
