import { describe, expect, it } from 'vitest';

import { judgeProperties } from '../../../../src/checks/dev-container/judge-properties.ts';
import { devContainerOf } from './dev-container-of.ts';

const codes = async (properties: object): Promise<readonly string[]> =>
  judgeProperties(await devContainerOf(properties)).map(({ code }) => code);

const message = async (properties: object): Promise<string> =>
  judgeProperties(await devContainerOf(properties))
    .map((problem) => `${problem.message} ${problem.remedy.text}`)
    .join('\n');

describe('nothing is wrong with', () => {
  it.each([
    { image: 'x', features: { 'ghcr.io/devcontainers/features/node:1': {} }, customizations: { jetbrains: {} } },
    { build: { dockerfile: 'Dockerfile', args: { A: '1' }, options: ['--pull'] }, runArgs: ['--init'], appPort: 8000 },
    { dockerFile: 'Dockerfile', context: '..', build: { target: 'dev' }, workspaceMount: '' },
    { image: 'x', build: { cacheFrom: 'y' }, appPort: ['8000:8000', 3000] },
    { dockerComposeFile: ['a.yml'], service: 'app', runServices: ['db'], shutdownAction: 'stopCompose' },
    {
      image: 'x',
      postCreateCommand: ['npm', 'ci'],
      postStartCommand: { a: 'x', b: ['y', 'z'] },
      waitFor: 'onCreateCommand',
    },
    { image: 'x', remoteEnv: { A: null, B: '${containerEnv:PATH}' }, mounts: ['a', { type: 'volume', target: '/x' }] },
    { image: 'x', hostRequirements: { cpus: 4, memory: '8gb', gpu: 'optional' }, secrets: { A: { description: 'x' } } },
    { image: 'x', privileged: '${localEnv:PRIVILEGED}', '//': 'why', _old: {}, 'x-ours': 5, $schema: 'https://…' },
    { name: 'only common properties' },
  ])('%j', async (properties) => {
    expect(await codes(properties)).toEqual([]);
  });
});

it.each<[object, string, RegExp]>([
  [
    { image: 'x', postCreateCommands: 'x' },
    'devcontainer-unknown-property',
    /Write postCreateCommand for postCreateCommands\./,
  ],
  [{ build: { dockerFile: 'x', dockerfile: 'y' } }, 'devcontainer-unknown-property', /Write build\.dockerfile/],
  [{ image: 'x', somethingElseEntirely: 1 }, 'devcontainer-unknown-property', /Remove somethingElseEntirely\./],
  [{ image: 'x', settings: {} }, 'devcontainer-misplaced-property', /Move settings to customizations\.vscode\./],
  [{ image: 'x', codespaces: {} }, 'devcontainer-misplaced-property', /Move codespaces to customizations\./],
  [{ image: 5 }, 'devcontainer-property-type', /image must be a string, not an integer/],
  [{ image: 'x', init: 'yes' }, 'devcontainer-property-type', /init must be a boolean, not a string/],
  [
    { image: 'x', postCreateCommand: ['npm', 5] },
    'devcontainer-property-type',
    /postCreateCommand\.1 must be a string/,
  ],
  [
    { image: 'x', remoteEnv: { A: 5 } },
    'devcontainer-property-type',
    /remoteEnv\.A must be a string or null, not an integer/,
  ],
  [{ image: 'x', waitFor: 'postAttach' }, 'devcontainer-property-type', /waitFor must be one of/],
  [{ image: 'x', dockerComposeFile: 'y' }, 'devcontainer-ignored-property', /made from an image/],
  [
    { dockerComposeFile: 'y', workspaceMount: 'z' },
    'devcontainer-ignored-property',
    /say the same in the compose file/,
  ],
])('%j: %s', async (properties, code, text) => {
  expect(await codes(properties)).toEqual([code]);
  expect(await message(properties)).toMatch(text);
});

it('what cannot be moved is not offered to be', async () => {
  const found = await devContainerOf({ image: 'x', extensions: [], customizations: { vscode: { extensions: [] } } });
  expect(judgeProperties(found)[0]?.fix).toBeUndefined();
});
