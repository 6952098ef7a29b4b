import { describe, expect, it } from 'vitest';

import { addProperty } from '../../../src/devcontainer/add-property.ts';
import { changeJsonc, moveJsonc, setJsonc } from '../../../src/devcontainer/edit-jsonc.ts';
import { readJsonc } from '../../../src/project/read-jsonc.ts';

it('a value is set and comments stay', () => {
  expect(setJsonc('{\n  // why\n  "a": 1, // one\n}\n', ['b'], 'x')).toBe(
    '{\n  // why\n  "a": 1,\n  "b": "x", // one\n}\n',
  );
});

it('a value is moved with the comments in it', () => {
  const text = '{\n  "name": "x",\n  "extensions": [\n    // first\n    "a.b"\n  ]\n}\n';
  const moved = moveJsonc(text, ['extensions'], ['customizations', 'vscode', 'extensions']);
  expect(moved).toBe(
    '{\n  "name": "x",\n  "customizations": {\n    "vscode": {\n      "extensions": [\n        // first\n        "a.b"\n      ]\n    }\n  }\n}\n',
  );
});

it.each([
  '{ "extensions": [], "customizations": { "vscode": { "extensions": [] } } }',
  '{ "extensions": [], "customizations": 5 }',
  '{ "name": "x" }',
  '{ "extensions": [] ',
])('nothing is moved over something, nor from nowhere: %s', (text) => {
  expect(moveJsonc(text, ['extensions'], ['customizations', 'vscode', 'extensions'])).toBe(text);
});

it('a value is changed in place, where there is one', () => {
  expect(changeJsonc('{ "a": ["x", "y"] }', ['a', 1], () => 'z')).toBe('{ "a": ["x", "z"] }');
  expect(changeJsonc('{ "a": 1 }', ['b'], () => 'z')).toBe('{ "a": 1 }');
});

describe('of properties that are given twice, the last one counts', () => {
  const text =
    '{\n  "postCreateCommand": "one", // first\n  "features": { "a": {} },\n  "postCreateCommand": "two", // second\n  "features": { "b": {} }\n}\n';
  it('that one is set, and the others stay as they are', () => {
    const edited = setJsonc(text, ['postCreateCommand'], 'three');
    expect(edited).toBe(text.replace('"two"', '"three"'));
    expect(addProperty(text, 'postCreateCommand', 'three', ['features'])).toBe(edited);
  });

  it('so is a value below it', () => {
    const edited = setJsonc(text, ['features', 'node'], {});
    expect(readJsonc(edited).value).toMatchObject({ features: { b: {}, node: {} } });
    expect(edited).toContain('"features": { "a": {} }');
  });

  it('that one is changed', () => {
    expect(changeJsonc(text, ['postCreateCommand'], (value) => `${String(value)}!`)).toBe(text.replace('two', 'two!'));
  });

  it('all of them are taken away, since another one would count then', () => {
    expect(readJsonc(setJsonc(text, ['features'], undefined)).value).toEqual({ postCreateCommand: 'two' });
  });

  it('that one is moved, and none is left', () => {
    const twice = '{\n  "extensions": ["a"],\n  "extensions": ["b"]\n}\n';
    expect(readJsonc(moveJsonc(twice, ['extensions'], ['customizations', 'extensions'])).value).toEqual({
      customizations: { extensions: ['b'] },
    });
  });

  it('its place is named', () => {
    expect(readJsonc(text).positionOf(['postCreateCommand'])).toEqual({ line: 4, column: 3 });
  });
});
