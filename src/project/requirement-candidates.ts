import path from 'node:path';
import { filterAsync, findText, isFile, isInside, listNames } from './files.ts';
import { isSecondary, listFolders } from './list-folders.ts';
import { chooseRequirementFiles, type RequirementFile } from './choose-requirement-files.ts';
import { namesDjango, readPythonManifest } from './python-manifest.ts';
import { LOCK_FILES } from './python-tools.ts';
import { closureOf } from './requirement-files.ts';
import type { PythonTool } from './types.ts';

/** One way to install the backend's dependencies. */
export interface Candidate {
  readonly kind: 'lock' | 'requirements' | 'manifest';
  readonly tool: PythonTool;
  readonly directory: string;
  readonly files: readonly string[];
  readonly mentionsDjango: boolean;
  readonly reason: string;
  /** A manifest that pip, uv and PDM can install from, too. */
  readonly isStandard?: boolean;
}

/** Folders that hold requirement files of the folder they lie in. */
const REQUIREMENT_FOLDERS = ['requirements', 'requirement', 'reqs'];

const isRequirementFile = (name: string): boolean => /(?:^|[-_.])(?:requirements?|reqs)(?:[-_.].*)?\.txt$/i.test(name);

/** Lock files name packages as `name = "django"` or `"django": {`. */
const lockMentionsDjango = (text: string): boolean => /"django"/i.test(text);

const lockCandidates = async (directory: string): Promise<readonly Candidate[]> => {
  const files = await filterAsync(
    Object.keys(LOCK_FILES).map((name) => path.join(directory, name)),
    isFile,
  );
  return Promise.all(
    files.map(async (file): Promise<Candidate> => {
      const tool = LOCK_FILES[path.basename(file)] ?? 'pip';
      const mentionsDjango = lockMentionsDjango((await findText(file)) ?? '');
      return { kind: 'lock', tool, directory, files: [file], mentionsDjango, reason: `lock file of ${tool}` };
    }),
  );
};

const readRequirementFile = async (file: string): Promise<RequirementFile> => {
  const [, ...includes] = await closureOf(file);
  const texts = await Promise.all([file, ...includes].map(findText));
  const mentionsDjango = texts.some((text) => (text ?? '').split('\n').some(namesDjango));
  return { file, includes, mentionsDjango };
};

const requirementCandidate = async (directory: string): Promise<readonly Candidate[]> => {
  const here = (await listNames(directory)).filter(isRequirementFile);
  const below = await Promise.all(
    REQUIREMENT_FOLDERS.map(async (folder) =>
      (await listNames(path.join(directory, folder)))
        .filter((name) => name.endsWith('.txt'))
        .map((name) => path.join(folder, name)),
    ),
  );
  const paths = [...here, ...below.flat()].map((name) => path.join(directory, name));
  const files = await Promise.all((await filterAsync(paths, isFile)).map(readRequirementFile));
  const choice = chooseRequirementFiles(files);
  if (choice === undefined) return [];
  const mentionsDjango = files.some((file) => choice.files.includes(file.file) && file.mentionsDjango);
  return [{ kind: 'requirements', tool: 'pip', directory, mentionsDjango, ...choice }];
};

const manifestCandidates = async (directory: string): Promise<readonly Candidate[]> => {
  const pipfile = path.join(directory, 'Pipfile');
  const pyproject = path.join(directory, 'pyproject.toml');
  const manifest = await readPythonManifest(pyproject);
  const found: Candidate[] = [];
  if (await isFile(pipfile)) {
    const mentionsDjango = ((await findText(pipfile)) ?? '').split('\n').some(namesDjango);
    const reason = 'Pipfile without a lock file';
    found.push({ kind: 'manifest', tool: 'pipenv', directory, files: [pipfile], mentionsDjango, reason });
  }
  if (manifest?.hasDependencies === true) {
    const { tool, mentionsDjango, isStandard } = manifest;
    const reason = 'pyproject.toml without a lock file';
    found.push({ kind: 'manifest', tool, directory, files: [pyproject], mentionsDjango, reason, isStandard });
  }
  return found;
};

const ancestorsUpTo = (directory: string, root: string): readonly string[] =>
  directory === root || path.dirname(directory) === directory
    ? [directory]
    : [directory, ...ancestorsUpTo(path.dirname(directory), root)];

/** The folder of manage.py, those above it up to the root, then those beside and below: the nearest first. */
const searchOrder = async (root: string, backendDirectory: string): Promise<readonly string[]> => {
  const above = isInside(root, backendDirectory) ? ancestorsUpTo(backendDirectory, root) : [backendDirectory, root];
  const beside = (await Promise.all(above.map(listFolders))).flat();
  const ordinary = await filterAsync(beside, async (folder) => {
    const name = path.basename(folder);
    const isOtherBackend = await isFile(path.join(folder, 'manage.py'));
    return !isSecondary(name) && !REQUIREMENT_FOLDERS.includes(name) && !isOtherBackend;
  });
  return [...new Set([...above, ...ordinary])];
};

/** Everything the backend's dependencies could be installed from, the nearest to manage.py first. */
export const listCandidates = async (options: {
  readonly root: string;
  readonly backendDirectory: string;
}): Promise<readonly Candidate[]> => {
  const directories = await searchOrder(options.root, options.backendDirectory);
  const found = await Promise.all(
    directories.map(async (directory) => [
      ...(await lockCandidates(directory)),
      ...(await requirementCandidate(directory)),
      ...(await manifestCandidates(directory)),
    ]),
  );
  return found.flat();
};
