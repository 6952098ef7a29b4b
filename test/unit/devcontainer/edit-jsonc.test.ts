import { expect, it } from 'vitest';

import { changeJsonc, moveJsonc, setJsonc } from '../../../src/devcontainer/edit-jsonc.ts';

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
