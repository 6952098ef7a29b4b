import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createNodeMirror } from '../containers/feature/node-mirror.ts';
import { REPOSITORY } from './support/installed-package.ts';
import { cleanEnvironment, runProgram, type ProgramRun } from './support/run-program.ts';

const FEATURE = path.join(REPOSITORY, 'templates/feature/devsetup');
const LONG_TERM = 'v24.4.1';
const manifest = createRequire(import.meta.url).resolve('@devcontainers/cli/package.json');
const PROGRAM = path.join(path.dirname(manifest), 'devcontainer.js');

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-feature-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const devcontainer = (...args: string[]): Promise<ProgramRun> =>
  runProgram(process.execPath, [PROGRAM, ...args], { cwd: folder, env: cleanEnvironment() });

const writeProgram = async (file: string, text: string): Promise<void> => {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
};

describe('the Feature', () => {
  it('is packed by the dev container program', async () => {
    const output = path.join(folder, 'packed');
    const { exitCode, stderr } = await devcontainer('features', 'package', '--output-folder', output, FEATURE);
    expect(exitCode, stderr).toBe(0);
    expect(existsSync(path.join(output, 'devcontainer-feature-devsetup.tgz'))).toBe(true);
    const { features } = JSON.parse(await readFile(path.join(output, 'devcontainer-collection.json'), 'utf8')) as {
      features: readonly unknown[];
    };
    expect(features).toEqual([
      expect.objectContaining({ id: 'devsetup', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) }),
    ]);
  });

  it('brings the lifecycle commands, before those of devcontainer.json', async () => {
    const container = path.join(folder, 'project/.devcontainer');
    await cp(FEATURE, path.join(container, 'devsetup'), { recursive: true });
    // The registry would be asked about what it names.
    const copy = path.join(container, 'devsetup/devcontainer-feature.json');
    const { installsAfter, ...rest } = JSON.parse(await readFile(copy, 'utf8')) as Record<string, unknown>;
    expect(installsAfter).toContain('ghcr.io/devcontainers/features/node');
    await writeFile(copy, JSON.stringify(rest));
    const configuration = { image: 'any', features: { './devsetup': {} }, postCreateCommand: 'echo own' };
    await writeFile(path.join(container, 'devcontainer.json'), JSON.stringify(configuration));
    const docker = path.join(folder, 'bin/docker');
    await writeProgram(
      docker,
      `case $1 in inspect) echo '[{"Id":"1","Config":{"User":"","Env":null,"Labels":null}}]' ;; esac`,
    );
    const noDocker = ['--docker-path', docker, '--docker-compose-path', 'true'];
    const args = ['--workspace-folder', path.dirname(container), '--include-merged-configuration', ...noDocker];
    const { exitCode, stdout, stderr } = await devcontainer('read-configuration', ...args);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      mergedConfiguration: {
        updateContentCommands: ['/usr/local/share/devsetup/lifecycle update-content'],
        postCreateCommands: ['/usr/local/share/devsetup/lifecycle post-create', 'echo own'],
        postStartCommands: ['/usr/local/share/devsetup/lifecycle post-start'],
      },
    });
  });
});

describe('its choice of Node', () => {
  let mirror: string;

  beforeAll(async () => {
    mirror = path.join(folder, 'mirror');
    const tree = path.join(folder, 'tree');
    await writeProgram(path.join(tree, 'bin/node'), `echo ${LONG_TERM}`);
    await createNodeMirror(mirror, [
      { version: 'v25.0.0' },
      { version: LONG_TERM, lts: 'Name', tree },
      { version: 'v24.1.0', lts: 'Name' },
      { version: 'v18.20.8', lts: 'Hydrogen' },
    ]);
  });

  /** Runs shell commands as install.sh would, where its programs go into a folder of the test. */
  const inScript = (commands: string, env: Readonly<Record<string, string>> = {}): Promise<ProgramRun> => {
    const before = `set -eu; temporary=$(mktemp -d "$HOME/XXXXXX"); say() { echo "$1"; }; fail() { echo "$1 $2" >&2; exit 1; }`;
    const options = { NODEMIRROR: `file://${mirror}/`, HOME: folder, home: path.join(folder, 'home'), ...env };
    return runProgram('sh', ['-c', `${before}; . ./node.sh; ${commands}`], {
      cwd: FEATURE,
      env: cleanEnvironment(options),
    });
  };

  it.each([
    ['v18.20.8', false],
    ['v20.18.3', false],
    ['v20.19.0', true],
    ['v20.20.2', true],
    ['v22.0.0', true],
  ])('%s can run it: %s', async (version, enough) => {
    expect((await inScript(`is_new_enough ${version}`)).exitCode === 0).toBe(enough);
  });

  it.each([
    ['lts', LONG_TERM],
    ['latest', 'v25.0.0'],
    ['24', LONG_TERM],
    ['24.1', 'v24.1.0'],
    ['v23.4.5', 'v23.4.5'],
  ])('%s is %s', async (wanted, exact) => {
    expect(await inScript('exact_node_version', { NODEVERSION: wanted })).toMatchObject({
      exitCode: 0,
      stdout: `${exact}\n`,
    });
  });

  it.each([
    ['2', /There is no Node 2 at/],
    ['18', /Node v18\.20\.8 \(option nodeVersion\) is too old: devsetup needs 20\.19 or later\. Leave the option out/],
    ['newest', /nodeVersion cannot be 'newest'\. Give lts, a major version/],
    ['25', /Could not download file:.*SHASUMS256\.txt\. Where nodejs\.org is out of reach: name a mirror/],
  ])('refuses %s, and says what to do', async (wanted, sentence) => {
    const run = await inScript('install_official_node "$home/refused"', { NODEVERSION: wanted });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(sentence) });
    expect(existsSync(path.join(folder, 'home/refused'))).toBe(false);
  });

  it('installs the archive', async () => {
    const run = await inScript('install_official_node "$home/there" && "$home/there/bin/node"');
    expect(run, run.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`\n${LONG_TERM}\n`) });
  });

  it('installs nothing that is not what its checksum says', async () => {
    const changed = path.join(folder, 'changed');
    await cp(mirror, changed, { recursive: true });
    const sums = path.join(changed, LONG_TERM, 'SHASUMS256.txt');
    await writeFile(sums, (await readFile(sums, 'utf8')).replace(/^[0-9a-f]{4}/, '0000'));
    const run = await inScript('install_official_node "$home/changed"', { NODEMIRROR: `file://${changed}` });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is not what its checksum says') });
    expect(existsSync(path.join(folder, 'home/changed'))).toBe(false);
  });

  it('refuses the Node of an Alpine that is too old', async () => {
    const bin = path.join(folder, 'alpine-bin');
    await writeProgram(path.join(bin, 'apk'), 'exit 0');
    await writeProgram(path.join(bin, 'node'), 'echo v18.20.1');
    const run = await inScript('ensure_node', { PATH: `${bin}:${process.env['PATH'] ?? ''}` });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('This Alpine has Node v18.20.1') });
    expect(run.stderr).toContain('Use Alpine 3.21 or later');
  });
});
