import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { planBackendInstall, type InstallCommand } from '../../../../src/dependencies/install-backend.ts';
import { planFrontendInstall } from '../../../../src/dependencies/install-frontend.ts';

/** The installers; `uv-pip` is uv in the place of pip, `yarn-1` and `yarn-4` share a name. */
export const TOOLS: readonly string[] = 'pip uv-pip uv poetry pipenv pdm npm pnpm yarn-1 yarn-4 bun'.split(' ');

export const isNode = (tool: string): boolean => ['npm', 'pnpm', 'yarn-1', 'yarn-4', 'bun'].includes(tool);

export const LOCKS: Readonly<Record<string, string>> = {
  uv: 'uv.lock',
  poetry: 'poetry.lock',
  pipenv: 'Pipfile.lock',
  pdm: 'pdm.lock',
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  'yarn-1': 'yarn.lock',
  'yarn-4': 'yarn.lock',
  bun: 'bun.lock',
};

export const MANIFESTS: Readonly<Record<string, string>> = {
  pip: 'requirements.txt',
  'uv-pip': 'requirements.txt',
  uv: 'pyproject.toml',
  poetry: 'pyproject.toml',
  pipenv: 'Pipfile',
  pdm: 'pyproject.toml',
};

export interface Asked {
  /** `demo==1.0`; for Node tools `demo@1.0.0`. */
  readonly packages: readonly string[];
  /** Below it `simple/` or `npm/`; undefined: the public registry. */
  readonly index: string | undefined;
  readonly python?: string;
  readonly engines?: Readonly<Record<string, string>>;
}

/** Writes the manifest of a tool, and the settings that name the registry. */
export const writeProject = (tool: string, folder: string, asked: Asked): void => {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, lines: readonly string[]): void => {
    writeFileSync(path.join(folder, name), `${lines.filter((line) => line !== '').join('\n')}\n`);
  };
  const simple = asked.index === undefined ? 'https://pypi.org/simple/' : `${asked.index}/simple/`;
  const project = [
    '[project]',
    'name = "site"',
    'version = "0"',
    `requires-python = "${asked.python ?? '>=3.10'}"`,
    `dependencies = [${asked.packages.map((each) => `"${each}"`).join(', ')}]`,
  ];
  const npm = asked.index === undefined ? 'https://registry.npmjs.org/' : `${asked.index}/npm/`;
  const manifest = JSON.stringify(
    {
      name: 'site',
      version: '0.0.0',
      private: true,
      ...(asked.engines && { engines: asked.engines }),
      dependencies: Object.fromEntries(asked.packages.map((each) => each.split('@'))) as unknown,
    },
    null,
    2,
  );
  switch (tool) {
    case 'pip':
    case 'uv-pip':
      return write('requirements.txt', [`--index-url ${simple}`, ...asked.packages]);
    case 'uv':
      return write('pyproject.toml', [...project, '[[tool.uv.index]]', `url = "${simple}"`, 'default = true']);
    case 'poetry':
      return write('pyproject.toml', [
        ...project,
        '[tool.poetry]',
        'package-mode = false',
        '[[tool.poetry.source]]',
        'name = "local"',
        `url = "${simple}"`,
        'priority = "primary"',
      ]);
    case 'pdm':
      return write('pyproject.toml', [...project, '[[tool.pdm.source]]', 'name = "pypi"', `url = "${simple}"`]);
    case 'pipenv':
      return write('Pipfile', [
        '[[source]]',
        'name = "pypi"',
        `url = "${simple}"`,
        'verify_ssl = true',
        '[packages]',
        ...asked.packages.map((each) =>
          each.replace(/^([\w-]+)(.*)$/, (_, name, rest) => `${name} = "${rest || '*'}"`),
        ),
        ...(asked.python === undefined ? [] : ['[requires]', `python_version = "${asked.python.replace(/^\D+/, '')}"`]),
      ]);
    case 'yarn-4':
      write('package.json', [manifest]);
      return write('.yarnrc.yml', [
        `npmRegistryServer: "${npm.replace(/\/$/, '')}"`,
        'unsafeHttpWhitelist: ["127.0.0.1", "registry.invalid"]',
        'nodeLinker: node-modules',
        'enableTelemetry: false',
      ]);
    case 'bun':
      write('package.json', [manifest]);
      return write('bunfig.toml', ['[install]', `registry = "${npm}"`]);
    default:
      write('package.json', [manifest]);
      return write('.npmrc', [`registry=${npm}`, tool === 'npm' ? 'fetch-retries=0' : 'fetch-retries=0']);
  }
};

export interface Place {
  readonly folder: string;
  readonly basePython: string;
  /** Programs by name; yarn 4 is a script that node runs. */
  readonly programs: Readonly<Record<string, string>>;
}

const WITHOUT = { groups: [], extras: [], declared: [], toolsDirectory: '/tools' };

/** The commands with which devsetup installs it. */
export const installCommands = (tool: string, place: Place, hasLock: boolean): readonly InstallCommand[] => {
  const { folder, programs } = place;
  const program = programs[tool] ?? tool;
  if (isNode(tool)) {
    const command = planFrontendInstall(
      {
        directory: folder,
        name: '.',
        tool: tool.replace(/-\d$/, '') as 'npm',
        toolVersion: tool === 'yarn-4' ? '4' : null,
        bringsDevsetup: false,
        bringsOnlyDevsetup: false,
        lockFile: hasLock ? path.join(folder, LOCKS[tool] ?? '') : null,
        inputs: [],
      },
      { tool: program, corepack: null },
    );
    return command === null ? [] : [command];
  }
  const venv = path.join(folder, '.venv');
  const file = hasLock ? LOCKS[tool] : MANIFESTS[tool];
  return planBackendInstall({
    ...WITHOUT,
    requirements: {
      tool: tool === 'uv-pip' ? 'pip' : (tool as 'pip'),
      directory: folder,
      files: [path.join(folder, file ?? '')],
      inputs: [],
      reason: '',
    },
    interpreter: path.join(venv, 'bin', 'python'),
    venv,
    venvExists: true,
    baseFits: true,
    basePython: place.basePython,
    uv: tool === 'uv-pip' || tool === 'uv' ? (programs['uv'] ?? null) : null,
    tool: program,
  });
};

/** What writes the lock file first. */
export const lockCommand = (tool: string, programs: Place['programs']): readonly string[] | undefined => {
  const program = programs[tool] ?? tool;
  const words: Readonly<Record<string, readonly string[]>> = {
    uv: ['lock'],
    poetry: ['lock', '--no-interaction'],
    pipenv: ['lock'],
    pdm: ['lock'],
    npm: ['install', '--package-lock-only', '--no-audit'],
    pnpm: ['install', '--lockfile-only'],
    'yarn-1': ['install'],
    'yarn-4': ['install', '--mode=update-lockfile'],
    bun: ['install', '--lockfile-only'],
  };
  return words[tool] && [program, ...words[tool]];
};
