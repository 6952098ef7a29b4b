import { shellWord } from '../core/shell-word.ts';
import type { NodeTool, PythonTool } from '../project/types.ts';

/** What runs: its commands are the advice. */
export type Installer = PythonTool | NodeTool;

const PYTHON_TOOLS: ReadonlySet<Installer> = new Set<Installer>(['uv', 'poetry', 'pipenv', 'pdm', 'pip']);
export const isPython = (tool: Installer): boolean => PYTHON_TOOLS.has(tool);

const MANIFESTS: Readonly<Partial<Record<Installer, string>>> = {
  pip: 'the requirement file',
  pipenv: 'Pipfile',
  uv: 'pyproject.toml',
  poetry: 'pyproject.toml',
  pdm: 'pyproject.toml',
};
export const manifest = (tool: Installer): string => MANIFESTS[tool] ?? 'package.json';

export const LOCK_FILES: Readonly<Record<Installer, string>> = {
  pip: 'the requirement file',
  uv: 'uv.lock',
  poetry: 'poetry.lock',
  pipenv: 'Pipfile.lock',
  pdm: 'pdm.lock',
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
};

export interface ByHand {
  readonly tool: Installer;
  readonly directory: string;
  /** How a shell starts the tool where its name is not enough: devsetup has brought it, or Corepack runs it. */
  readonly typed?: string | null | undefined;
}

/** A command of the tool as a shell runs it from any folder, in backticks. */
export const byHand = (command: string, { tool, directory, typed }: ByHand): string =>
  `\`cd ${shellWord(directory)} && ${typed === null || typed === undefined ? command : command.replaceAll(`${tool} `, `${typed} `)}\``;

/** Writes the lock file from the manifest, and keeps the locked versions where they still fit. */
const RELOCK: Readonly<Record<Installer, string>> = {
  pip: 'pip-compile',
  uv: 'uv lock',
  poetry: 'poetry lock',
  pipenv: 'pipenv lock',
  pdm: 'pdm lock --update-reuse',
  npm: 'npm install',
  pnpm: 'pnpm install --no-frozen-lockfile',
  yarn: 'yarn install',
  bun: 'bun install',
};

export const relock = (found: ByHand): string => byHand(RELOCK[found.tool], found);

/** Locks one package at the hash that the registry has now. */
export const REHASH: Readonly<Record<Installer, (name: string) => string>> = {
  pip: () => 'python3 -m pip install pip-tools && python3 -m piptools compile --generate-hashes',
  uv: (name) => `uv lock --refresh-package ${name} --upgrade-package ${name}`,
  poetry: () => 'poetry lock --no-cache --regenerate',
  pipenv: () => 'pipenv lock --clear',
  pdm: (name) => `pdm update --no-sync ${name}`,
  npm: (name) => `npm install ${name}`,
  pnpm: () => 'pnpm install --update-checksums',
  yarn: () => 'yarn install --update-checksums` (Yarn 1) or `YARN_CHECKSUM_BEHAVIOR=update yarn install',
  bun: (name) => `bun update ${name}`,
};

/** Locks another version of one package that may be asked for by others only; those that have no such command lock it with all. */
export const LOCK_OTHER: Readonly<Record<NodeTool, (name: string) => string>> = {
  npm: (name) => `npm update ${name}`,
  pnpm: (name) => `pnpm update --depth Infinity ${name}`,
  yarn: (name) => `yarn up --recursive ${name}\` (Yarn 1: delete its block in yarn.lock, then \`yarn install`,
  bun: () => 'bun update',
};

/** Where each tool keeps what it tells a registry about itself. */
export const LOGIN: Readonly<Record<Installer, string>> = {
  pip: 'PIP_INDEX_URL with user and password, or in ~/.netrc',
  uv: 'UV_INDEX_<NAME>_USERNAME and UV_INDEX_<NAME>_PASSWORD, or in ~/.netrc',
  poetry:
    'POETRY_HTTP_BASIC_<NAME>_USERNAME and POETRY_HTTP_BASIC_<NAME>_PASSWORD (`poetry config http-basic.<name> …` keeps them)',
  pipenv: 'the variables that the `url` of [[source]] in Pipfile expands (`https://$USER:$PASSWORD@…`), or in ~/.netrc',
  pdm: 'the keyring, or `pdm config pypi.<name>.username …` and `.password`',
  npm: 'the token that ~/.npmrc names (`//HOST/:_authToken=${NPM_TOKEN}`), or by `npm login`',
  pnpm: 'the token that ~/.npmrc names (`//HOST/:_authToken=${NPM_TOKEN}`), or by `pnpm login`',
  yarn: 'YARN_NPM_AUTH_TOKEN (Yarn 2 and later), or the token that ~/.npmrc names (Yarn 1)',
  bun: 'the token that bunfig.toml or ~/.npmrc names',
};
