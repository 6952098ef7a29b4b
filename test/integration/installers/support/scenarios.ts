import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { runCommand, type CommandResult } from '../../../../src/process/run-command.ts';
import { NOBODY } from '../../../support/needs.ts';
import {
  installCommands,
  isNode,
  lockCommand,
  LOCKS,
  MANIFESTS,
  writeProject,
  type Asked,
  type Place,
} from './projects.ts';
import type { Registry } from './registry.ts';

/** Where scenarios run. */
export interface World extends Omit<Place, 'folder'> {
  readonly registry: Registry;
  /** Is emptied by nobody: each scenario has a folder of its own. */
  readonly scratch: string;
  /** An environment that installs have been run in: caches and a home of its own. */
  readonly home: string;
  /** A virtual environment with pip, to be copied. */
  readonly venv: string;
}

interface Step {
  readonly tool: string;
  readonly world: World;
  readonly folder: string;
  /** As in `env` of a child. */
  readonly env: Record<string, string>;
  readonly project: (asked: Partial<Asked>) => void;
  /** Writes the lock file. */
  readonly lock: () => Promise<void>;
  readonly edit: (file: string | undefined, change: (text: string) => string) => void;
  /** Words that are put before the command. */
  readonly before: string[];
}

interface Scenario {
  readonly tools?: (tool: string) => boolean;
  readonly prepare: (step: Step) => Promise<void> | void;
}

const isLocked = (tool: string): boolean => tool in LOCKS;
const isPython = (tool: string): boolean => !isNode(tool);
const isPip = (tool: string): boolean => tool === 'pip' || tool === 'uv-pip';

/** `demo` in version 1 and whatever else, as this tool writes it. */
const named = (tool: string, name: string, version = ''): string =>
  isNode(tool) ? `${name}@${version === '' ? '*' : `${version}.0.0`}` : version === '' ? name : `${name}==${version}.0`;

const onIndex =
  (index: (world: World) => string) =>
  (step: Step): void => {
    step.project({ packages: [named(step.tool, 'demo')], index: index(step.world) });
  };

const fromSource = (name: string, hidden: readonly string[]): Scenario => ({
  tools: (tool) => tool === 'pip' || (name === 'psycopg2' && isPython(tool) && tool !== 'pdm'),
  prepare: (step) => {
    step.project({ packages: [name], index: undefined });
    step.env['PATH'] = pathWithout(step, hidden);
  },
});

/** All programs but these. */
const pathWithout = ({ env, folder }: Step, hidden: readonly string[]): string => {
  const shadow = path.join(path.dirname(folder), `programs-${hidden.join('-')}`);
  if (!existsSync(shadow)) {
    mkdirSync(shadow);
    for (const from of (env['PATH'] ?? '').split(':').toReversed()) {
      for (const name of existsSync(from) ? readdirSync(from) : []) {
        rmSync(path.join(shadow, name), { force: true });
        if (!hidden.some((each) => name === each || (each.endsWith('*') && name.includes(each.slice(0, -1)))))
          symlinkSync(path.join(from, name), path.join(shadow, name));
      }
    }
  }
  return shadow;
};

const COMPILERS = ['cc', 'c++', 'gcc*', 'g++*', 'clang*', 'c89*', 'c99*'];

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'lock behind the manifest': {
    tools: isLocked,
    prepare: async (step) => {
      step.project({ packages: [named(step.tool, 'demo', '1')] });
      await step.lock();
      step.project({ packages: [named(step.tool, 'demo', '2')] });
    },
  },
  'broken lock file': {
    tools: isLocked,
    prepare: async (step) => {
      step.project({ packages: [named(step.tool, 'demo', '1')] });
      await step.lock();
      step.edit(LOCKS[step.tool], (text) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> feature\n`);
    },
  },
  'broken manifest': {
    prepare: (step) => {
      step.project({ packages: [named(step.tool, 'demo', '1')] });
      const manifest = MANIFESTS[step.tool] ?? 'package.json';
      step.edit(manifest, (text) => (isPip(step.tool) ? `${text}demo=1.0\n` : text.slice(0, text.lastIndexOf('"'))));
    },
  },
  'hash mismatch': {
    prepare: async (step) => {
      step.project({ packages: [named(step.tool, 'demo', '1')] });
      if (isPip(step.tool))
        return step.edit('requirements.txt', (text) =>
          text.replace('demo==1.0', `demo==1.0 --hash=sha256:${'a'.repeat(64)}`),
        );
      await step.lock();
      const lock = LOCKS[step.tool];
      step.edit(lock, (text) =>
        text
          .replaceAll(/sha256:[0-9a-f]{64}/g, `sha256:${'a'.repeat(64)}`)
          .replaceAll(/sha512-[\w+/]{20}/g, `sha512-${'a'.repeat(20)}`)
          .replaceAll(/checksum: (\d+c?\d*)\/[0-9a-f]{20}/g, `checksum: $1/${'a'.repeat(20)}`)
          .replaceAll(/\.tgz#[0-9a-f]{10}/g, `.tgz#${'a'.repeat(10)}`),
      );
      for (const name of ['node_modules', '.yarn'])
        rmSync(path.join(step.folder, name), { recursive: true, force: true });
      step.env['UV_NO_CACHE'] = '1';
      step.env['HOME'] = `${step.folder}-home`;
    },
  },
  'no such package': {
    prepare: ({ project, tool }) => {
      project({ packages: [named(tool, 'demo', '1'), named(tool, 'demmo', '1')] });
    },
  },
  'no such version': {
    prepare: ({ project, tool }) => {
      project({ packages: [named(tool, 'demo', '99')] });
    },
  },
  'locked file missing': {
    tools: (tool) => isNode(tool) && isLocked(tool),
    prepare: async (step) => {
      step.project({ packages: [named(step.tool, 'demo', '1')] });
      await step.lock();
      step.edit(LOCKS[step.tool], (text) => text.replaceAll(/(packages(?:\/|%2F))files/g, '$1gone'));
      for (const name of ['node_modules', '.yarn'])
        rmSync(path.join(step.folder, name), { recursive: true, force: true });
      step.env['HOME'] = `${step.folder}-home`;
      // Yarn 1 installs from it without a request.
      step.env['YARN_CACHE_FOLDER'] = `${step.folder}-cache`;
    },
  },
  'no file for this system': {
    prepare: async (step) => {
      step.project({ packages: [named(step.tool, 'alien', '1')] });
      // The others do not even lock it.
      if (step.tool === 'poetry') await step.lock();
    },
  },
  'conflicting requirements': {
    prepare: ({ project, tool }) => {
      project({ packages: [named(tool, 'demo', '2'), named(tool, 'needs-demo', '1')] });
    },
  },
  'host name unknown': { prepare: onIndex(() => 'https://registry.invalid') },
  'connection refused': { prepare: onIndex(() => 'http://127.0.0.1:1') },
  'proxy that is away': {
    prepare: (step) => {
      step.project({ packages: [named(step.tool, 'demo')], index: undefined });
      for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'YARN_HTTPS_PROXY'])
        step.env[name] = 'http://127.0.0.1:1';
    },
  },
  'certificate not trusted': { prepare: onIndex(({ registry }) => `${registry.untrusted}/packages`) },
  'password missing': { prepare: onIndex(({ registry }) => `${registry.url}/password`) },
  'access denied': { prepare: onIndex(({ registry }) => `${registry.url}/forbidden`) },
  'wrong Python': {
    tools: isPython,
    prepare: ({ project, tool }) => {
      if (isPip(tool)) project({ packages: ['future==1.0'] });
      else project({ packages: ['demo==1.0'], python: tool === 'pipenv' ? '3.99' : '>=3.99' });
    },
  },
  'package for a later Python': {
    tools: (tool) => isPython(tool) && !isPip(tool),
    prepare: ({ project }) => {
      project({ packages: ['future==1.0'] });
    },
  },
  'wrong Node': {
    tools: isNode,
    prepare: (step) => {
      step.project({ packages: ['demo@1.0.0'], engines: { node: '>=99' } });
      if (step.tool === 'npm' || step.tool === 'pnpm') step.edit('.npmrc', (text) => `${text}engine-strict=true\n`);
    },
  },
  'package for a later Node': {
    tools: isNode,
    prepare: (step) => {
      step.project({ packages: ['future@1.0.0'] });
      if (step.tool === 'npm' || step.tool === 'pnpm') step.edit('.npmrc', (text) => `${text}engine-strict=true\n`);
    },
  },
  'disk full': {
    prepare: (step) => {
      mkdirSync(step.folder);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=36m', 'tmpfs', step.folder]);
      step.project({ packages: [named(step.tool, 'big')] });
      // Not more than once in the cache of all.
      step.env['HOME'] = `${step.folder}-home`;
    },
  },
  'no rights': {
    prepare: (step) => {
      step.project({ packages: [named(step.tool, 'demo', '1')] });
      const home = `${step.folder}-home`;
      mkdirSync(home);
      execFileSync('chown', ['-R', `${NOBODY}`, home]);
      step.env['HOME'] = home;
      step.before.push('setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups');
      chmodSync(step.folder, 0o755);
    },
  },
  'build script fails': {
    // Yarn 4 asks the registry for node-gyp first.
    tools: (tool) => isNode(tool) && tool !== 'yarn-4',
    prepare: (step) => {
      step.project({ packages: ['script@1.0.0'] });
      step.env['PATH'] = pathWithout(step, ['make', ...COMPILERS]);
      step.env['npm_config_nodedir'] = path.resolve(process.execPath, '../..');
      if (step.tool === 'pnpm')
        step.edit('package.json', (text) =>
          text.replace('"private"', '"pnpm": { "onlyBuiltDependencies": ["script"] },\n  "private"'),
        );
      if (step.tool === 'bun')
        step.edit('package.json', (text) =>
          text.replace('"private"', '"trustedDependencies": ["script"],\n  "private"'),
        );
    },
  },
  'missing pg_config': fromSource('psycopg2', ['pg_config']),
  'missing compiler': fromSource('psutil --no-binary psutil', COMPILERS),
  'missing header lber.h': fromSource('python-ldap', []),
  'missing MySQL': fromSource('mysqlclient', []),
  'missing cairo': fromSource('pycairo', []),
  'missing GDAL': fromSource('gdal==3.6.2', []),
  'missing Kerberos': fromSource('gssapi', []),
  'missing ODBC': fromSource('pyodbc --no-binary pyodbc', []),
  'missing curl': fromSource('pycurl --no-binary pycurl', []),
  'missing memcached': fromSource('pylibmc --no-binary pylibmc', []),
  'missing Rust': fromSource('bcrypt --no-binary bcrypt', ['cargo', 'rustc', 'rustup*']),
};

export interface Outcome {
  readonly commands: readonly string[];
  readonly result: CommandResult;
  readonly folder: string;
}

/** A machine behind a proxy of its own has these. */
const TRUST = Object.fromEntries(
  Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      /^(?:\w+_CERT\w*|\w*CA_(?:BUNDLE|CERTS?)|CURL_CA_BUNDLE)$/.test(entry[0]) && entry[1] !== undefined,
  ),
);

let count = 0;

/** Brings a scenario about and runs the commands of devsetup; the outcome of the first that fails, else of the last. */
export const runScenario = async (tool: string, kind: string, world: World): Promise<Outcome> => {
  const scenario = SCENARIOS[kind];
  if (scenario === undefined) throw new Error(kind);
  count += 1;
  const folder = path.join(world.scratch, `site-${count}`);
  const env: Record<string, string> = {
    PATH: `${path.dirname(world.programs['uv'] ?? '/usr/bin/x')}:${process.env['PATH'] ?? ''}`,
    // pnpm and bun keep what a registry has said by its host name alone.
    HOME: isNode(tool) ? `${folder}-home` : world.home,
    LANG: 'C.UTF-8',
    ...TRUST,
    NO_COLOR: '1',
    // With none pip does not say why it got no answer.
    PIP_RETRIES: '1',
    UV_HTTP_RETRIES: '0',
    UV_PYTHON: world.basePython,
    POETRY_REQUESTS_MAX_RETRIES: '0',
    npm_config_fetch_retries: '0',
  };
  const step: Step = {
    tool,
    world,
    folder,
    env,
    before: [],
    project: (asked) => {
      writeProject(tool, folder, { packages: [], index: `${world.registry.url}/packages`, ...asked });
    },
    edit: (file, change) => {
      const place = path.join(folder, file ?? '');
      writeFileSync(place, change(readFileSync(place, 'utf8')));
    },
    lock: async () => {
      const [program = '', ...args] = lockCommand(tool, world.programs) ?? [];
      const locked = await runCommand({ program, args, directory: folder, env }, { timeoutSeconds: 120 });
      if (locked.exitCode !== 0) throw new Error(`${tool} wrote no lock file: ${locked.tail}`);
    },
  };
  await scenario.prepare(step);
  if (isPython(tool) && tool !== 'uv')
    cpSync(world.venv, path.join(folder, '.venv'), { recursive: true, verbatimSymlinks: true });
  const hasLock = existsSync(path.join(folder, LOCKS[tool] ?? 'none'));
  const commands = installCommands(tool, { ...world, folder }, hasLock);
  const lines: string[] = [];
  for (const command of commands) {
    const [program = '', ...args] = [...step.before, command.program, ...command.args];
    lines.push([command.program, ...command.args].join(' '));
    const result = await runCommand(
      { program, args, directory: command.directory, env: { ...env, ...command.env } },
      { timeoutSeconds: 180 },
    );
    if (result.exitCode !== 0 || command === commands.at(-1)) {
      if (kind === 'disk full') execFileSync('umount', ['-l', folder]);
      return { commands: lines, result, folder };
    }
  }
  throw new Error(`${tool} runs nothing`);
};
