import path from 'node:path';

import { asRecord, isText } from '../core/shape.ts';
import { findComposeFiles } from './compose-services.ts';
import { readComposeProject, type ComposeServiceModel } from './compose/compose-project.ts';
import { djangoService } from './compose/django-service.ts';
import { findFirstFile, findText, shown } from './files.ts';
import { readDockerfile, stagesOf } from './read-dockerfile.ts';
import { readJsonc } from './read-jsonc.ts';
import type { VersionWish } from './version-wish.ts';

export interface ImagePython extends VersionWish {
  readonly kind: 'image';
  readonly minors: readonly number[];
}

/** Of Python's own images and those of dev containers, and tags that name it. */
const NAMED = [/(?:^|\/)python:(?:[a-z0-9.]+-)?3\.(\d+)(?!\d)/, /:(?:[\w.-]*-)?python-?3\.(\d+)(?!\d)/];

/** 12 of `python:3.12-slim`, `mcr.microsoft.com/devcontainers/python:1-3.12-bookworm` and `ghcr.io/astral-sh/uv:python3.12-bookworm`. */
export const imageMinor = (reference: string): number | null => {
  const minor = NAMED.map((name) => name.exec(reference)?.[1]).find((found) => found !== undefined);
  return minor === undefined ? null : Number(minor);
};

type Build = NonNullable<ComposeServiceModel['build']>;

interface Places {
  readonly root: string;
  readonly backendDirectory: string;
}

/** The Python of the image that the project is built into, and that of its dev container. What cannot be read says nothing. */
export const readImagePythons = async (places: Places): Promise<readonly ImagePython[]> => {
  const [container, build] = await Promise.all([ofDevContainer(places), ofDockerfiles(places)]);
  return [container, build].filter((wish) => wish !== null);
};

const image = (root: string, file: string, key: string, minor: number | null): ImagePython | null => {
  if (minor === null) return null;
  const name = shown(root, file);
  return { kind: 'image', source: `${name} (${key})`, file: name, text: `3.${minor}`, minors: [minor] };
};

/** Of the stage that is built; a stage for a frontend is none of Python. */
const ofDockerfile = async (
  root: string,
  file: string,
  { target, args }: Pick<Build, 'target' | 'args'> = { target: null, args: {} },
): Promise<ImagePython | null> => {
  const stages = readDockerfile((await findText(file)) ?? '', args);
  const minors = [...stagesOf(stages, target), ...stages].map(({ from }) => imageMinor(from));
  return image(root, file, 'FROM', minors.find((minor) => minor !== null) ?? null);
};

/** The nearest `Dockerfile`, else those that compose builds, where they agree. */
const ofDockerfiles = async ({ root, backendDirectory }: Places): Promise<ImagePython | null> => {
  for (const directory of new Set([backendDirectory, root])) {
    const found = await ofDockerfile(root, path.join(directory, 'Dockerfile'));
    if (found !== null) return found;
  }
  const files = (await findComposeFiles({ root, backendDirectory })).filter(
    (file) => path.basename(path.dirname(file)) !== '.devcontainer',
  );
  const built = await Promise.all(
    // Each for itself: those of production and development are alternatives.
    files.map(async (file) => (await readComposeProject({ root, files: [file] })).services),
  );
  const found = await Promise.all(
    built
      .flatMap((services) => djangoService(services, { root, backendDirectory }) ?? services)
      .map(async ({ build }) =>
        build?.dockerfile === undefined || build.dockerfile === null
          ? null
          : ofDockerfile(root, build.dockerfile, build),
      ),
  );
  const [first, ...others] = found.filter((wish) => wish !== null);
  return first !== undefined && others.every(({ text }) => text === first.text) ? first : null;
};

const ofDevContainer = async ({ root }: Places): Promise<ImagePython | null> => {
  const folder = path.join(root, '.devcontainer');
  const file = await findFirstFile([path.join(folder, 'devcontainer.json'), `${folder}.json`]);
  if (file === undefined) return null;
  const properties = asRecord(readJsonc((await findText(file)) ?? '').value);
  const named = properties['image'];
  if (isText(named)) return image(root, file, 'image', imageMinor(named));
  const dockerfile = asRecord(properties['build'])['dockerfile'] ?? properties['dockerFile'];
  return isText(dockerfile) ? ofDockerfile(root, path.resolve(path.dirname(file), dockerfile)) : null;
};
