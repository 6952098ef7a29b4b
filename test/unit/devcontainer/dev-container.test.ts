import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { findDevContainer, type DevContainer } from '../../../src/devcontainer/dev-container.ts';
import { makeTree, type Tree } from '../project/make-tree.ts';

const find = async (tree: Tree): Promise<DevContainer | undefined> => findDevContainer(await makeTree(tree));

const read = async (text: string): Promise<DevContainer> => {
  const found = await find({ '.devcontainer/devcontainer.json': text });
  if (found === undefined) throw new Error('there is no devcontainer.json');
  return found;
};

describe('is found', () => {
  it.each([
    [['.devcontainer/devcontainer.json', '.devcontainer.json'], '.devcontainer/devcontainer.json'],
    [['.devcontainer.json', '.devcontainer/a/devcontainer.json'], '.devcontainer.json'],
    [['.devcontainer/b/devcontainer.json', '.devcontainer/a/devcontainer.json'], '.devcontainer/a/devcontainer.json'],
  ])('in %j', async (files, expected) => {
    expect((await find(Object.fromEntries(files.map((file) => [file, '{}']))))?.name).toBe(expected);
  });

  it('nowhere else', async () => {
    expect(await find({ 'devcontainer.json': '{}', 'backend/.devcontainer/devcontainer.json': '{}' })).toBeUndefined();
  });
});

describe('is read', () => {
  it('with comments, trailing commas and a byte order mark', async () => {
    const { mistakes, properties } = await read('\uFEFF// why\n{ "name": "x", /* and */ "features": {}, }\n');
    expect(mistakes).toEqual([]);
    expect(properties).toEqual({ name: 'x', features: {} });
  });

  it.each([
    ['{\n  "name": "x"\n  "image": "y"\n}', 3, 3, /comma is missing/],
    ['{\n  "name": \'x\'\n}', 2, 11, /no valid value/],
    ['{\n  name: "x"\n}', 2, 3, /no valid value|property name/],
    ['{\n  "name": "x",\n', 3, 1, /property name/],
    ['', 1, 1, /value is missing/],
    ['{} {}', 1, 4, /should end/],
    ['{ "name": }', 1, 11, /value is missing/],
    ['{ "name": "x', 1, 11, /string is not closed/],
  ])('strictly: %j', async (text, line, column, message) => {
    const [mistake] = (await read(text)).mistakes;
    expect(mistake).toMatchObject({ place: { file: '.devcontainer/devcontainer.json', line, column } });
    expect(mistake?.message).toMatch(message);
  });

  it('with the place of every property', async () => {
    const found = await read('{\n  "build": {\n    "args": { "A": "1" }\n  },\n  "mounts": [\n    "x"\n  ]\n}');
    expect(found.placeOf(['build', 'args'])).toMatchObject({ line: 3, column: 5 });
    expect(found.placeOf(['mounts', 0])).toMatchObject({ line: 6, column: 5 });
    expect(found.placeOf(['none'])).toMatchObject({ line: 1, column: 1 });
  });

  it('with what is given twice', async () => {
    expect((await read('{ "a": { "b": 1, "b": 2 }, "a": 3 }')).repeated).toEqual([['a', 'b'], ['a']]);
  });

  it.each(['[]', '"text"', 'null', '5'])('without properties from %j', async (text) => {
    const found = await read(text);
    expect(found.properties).toEqual({});
    expect(found.mistakes).toMatchObject([{ message: 'an object in braces is expected' }]);
  });
});

describe('its compose files', () => {
  it('are relative to it and merged in order', async () => {
    const root = await makeTree({
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": ["../compose.yml", "compose.yml"], "service": "app" }',
      'compose.yml': 'services: { app: { image: one }, db: { image: postgres } }',
      '.devcontainer/compose.yml': 'services: { app: { image: two } }',
    });
    const found = await findDevContainer(root);
    expect(found?.composeFiles).toEqual([path.join(root, 'compose.yml'), path.join(root, '.devcontainer/compose.yml')]);
    expect(found?.compose?.services.map(({ name, image }) => [name, image])).toEqual([
      ['app', 'two'],
      ['db', 'postgres'],
    ]);
    expect(found?.service).toBe('app');
    expect(found?.missingFiles).toEqual([]);
  });

  it('are what compose takes where the list is empty', async () => {
    const root = await makeTree({ '.devcontainer.json': '{ "dockerComposeFile": [] }', 'docker-compose.yml': '' });
    expect((await findDevContainer(root))?.composeFiles).toEqual([path.join(root, 'docker-compose.yml')]);
  });

  it('are not guessed where they depend on the machine', async () => {
    const found = await find({ '.devcontainer.json': '{ "dockerComposeFile": "${localEnv:FILE}", "service": "app" }' });
    expect([found?.composeFiles, found?.compose, found?.service]).toEqual([[], null, 'app']);
  });

  it('are none with an image', async () => {
    const found = await find({ '.devcontainer.json': '{ "image": "x", "service": "app" }' });
    expect([found?.composeFiles, found?.compose, found?.service]).toEqual([[], null, null]);
  });
});
