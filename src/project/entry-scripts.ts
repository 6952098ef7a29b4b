import path from 'node:path';

import { findComposeFiles } from './compose-services.ts';
import { readComposeProject, type ComposeServiceModel } from './compose/compose-project.ts';
import { filterAsync, findText, isFile, isInside, listNames } from './files.ts';

const DOCKERFILE = /^(?:[\w.-]+[.-])?Dockerfile(?:[.-][\w.-]+)?$/i;

interface Places {
  readonly root: string;
  readonly backendDirectory: string;
}

/** Scripts of the checkout (absolute) that images start with, or services of compose; those of the dev container are not among them. */
export const findEntryScripts = async (places: Places): Promise<readonly string[]> => {
  const { root } = places;
  const composeFiles = (await findComposeFiles(places)).filter((file) => !isOfDevContainer(root, file));
  const projects = await Promise.all(composeFiles.map((file) => readComposeProject({ root, files: [file] })));
  const services = projects.flatMap((project) => project.services);
  const built = services.flatMap(({ build }) => build?.dockerfile ?? []);
  const folders = (await listNames(root)).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const listed = await Promise.all(
    ['', ...folders].map(async (folder) =>
      (await listNames(path.join(root, folder)))
        .filter((name) => DOCKERFILE.test(name))
        .map((name) => path.join(root, folder, name)),
    ),
  );
  const dockerfiles = [...new Set([...listed.flat(), ...built])].filter((file) => !isOfDevContainer(root, file));
  const ofImages = await Promise.all(dockerfiles.map((file) => entriesOf(file, root, '')));
  const ofServices = await Promise.all(services.map((service) => serviceEntries(service, root)));
  return [...new Set([...ofImages, ...ofServices].flat())];
};

/** What the container of a service starts with. */
export const serviceEntries = ({ build, command }: ComposeServiceModel, root: string): Promise<readonly string[]> =>
  entriesOf(build?.dockerfile ?? null, root, command);

const isOfDevContainer = (root: string, file: string): boolean => isInside(path.join(root, '.devcontainer'), file);

const entriesOf = async (dockerfile: string | null, root: string, command: string): Promise<readonly string[]> => {
  const text = ((dockerfile === null ? undefined : await findText(dockerfile)) ?? '').replaceAll(/\\\r?\n/g, ' ');
  const lines = [...text.matchAll(/^\s*(ENTRYPOINT|CMD|COPY|ADD|WORKDIR)\s+(.+?)\s*$/gim)];
  const instructions = lines.map(([, name = '', rest = '']) => ({ name: name.toUpperCase(), words: wordsOf(rest) }));
  const last = (wanted: string): readonly string[] => instructions.findLast(({ name }) => name === wanted)?.words ?? [];
  const directory = dockerfile === null ? root : path.dirname(dockerfile);
  const candidates = [...last('ENTRYPOINT'), ...last('CMD'), ...wordsOf(command)]
    .filter((word) => word.includes('/') || /\.(?:sh|bash)$/.test(word))
    .flatMap((word) => {
      const copied = instructions
        .filter(({ name, words }) => /^(?:COPY|ADD)$/.test(name) && isCopiedTo(words, word))
        .flatMap(({ words }) => words.slice(0, -1).filter((source) => path.posix.basename(source) !== ''));
      const below = last('WORKDIR').map((folder) => path.posix.relative(folder, word));
      return [...copied, ...(path.posix.isAbsolute(word) ? below : [word])];
    });
  const files = candidates.flatMap((name) => [path.join(root, name), path.join(directory, name)]);
  return filterAsync(
    [...new Set(files)].filter((file) => isInside(root, file)),
    isFile,
  );
};

/** To that name, or into its folder under its own. */
const isCopiedTo = (words: readonly string[], target: string): boolean => {
  const to = words.at(-1) ?? '';
  const sources = words.slice(0, -1);
  return (
    to === target ||
    sources.some((source) => path.posix.join(to, path.posix.basename(source)) === path.posix.normalize(target))
  );
};

/** Of `["a", "b"]` or of `a b`; options of the instruction are left out. */
const wordsOf = (text: string): readonly string[] =>
  text.split(/[\s,[\]"';&|]+/).filter((word) => word !== '' && !word.startsWith('--'));
