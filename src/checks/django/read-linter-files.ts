import path from 'node:path';

import { filterAsync, findText, isFile, listNames, shown } from '../../project/files.ts';
import type { TextFile } from './linter-problems.ts';

/** Where people write down what runs in pipelines, in hooks and by hand. */
const NAMES = [
  '.pre-commit-config.yaml',
  '.pre-commit-config.yml',
  'lefthook.yml',
  '.gitlab-ci.yml',
  'bitbucket-pipelines.yml',
  'azure-pipelines.yml',
  '.circleci/config.yml',
  'Jenkinsfile',
  'Makefile',
  'makefile',
  'justfile',
  'Justfile',
  'Taskfile.yml',
  'Taskfile.yaml',
  'tox.ini',
  'noxfile.py',
  'tasks.py',
  'package.json',
  'pyproject.toml',
];
const FOLDERS = ['.github/workflows', '.github/scripts', '.husky', 'scripts', 'script', 'bin', 'ci', 'tools'];
const SCRIPT = /(\.(sh|bash|py|js|mjs|cjs|ts|yml|yaml)|^[\w-]+)$/;
const MAX_CHARACTERS = 400_000;
const MAX_FILES = 200;

/** The files of the root and the backend that may run a linter, with paths relative to the root. */
export const readLinterFiles = async (root: string, backendDirectory: string): Promise<readonly TextFile[]> => {
  const bases = [...new Set([root, backendDirectory])];
  const named = bases.flatMap((base) => NAMES.map((name) => path.join(base, name)));
  const listed = await Promise.all(
    bases.flatMap((base) =>
      FOLDERS.map(async (folder) => {
        const names = await listNames(path.join(base, folder));
        return names.filter((name) => SCRIPT.test(name)).map((name) => path.join(base, folder, name));
      }),
    ),
  );
  const files = await filterAsync([...named, ...listed.flat()].slice(0, MAX_FILES), isFile);
  const texts = await Promise.all(files.map(async (file) => ({ file: shown(root, file), text: await findText(file) })));
  return texts.flatMap(({ file, text }) =>
    text === undefined || text.length > MAX_CHARACTERS ? [] : [{ file, text }],
  );
};
