import { expect, it } from 'vitest';

import { addProperty } from '../../../src/devcontainer/add-property.ts';

it.each([
  ['at the end', '{\n  "a": 1\n}\n', [], '{\n  "a": 1,\n  "b": "x"\n}\n'],
  ['a comment stays on its line', '{\n  "a": 1 // one\n}\n', [], '{\n  "a": 1, // one\n  "b": "x"\n}\n'],
  ['a trailing comma', '{\n\t"a": 1, // one\n\t// last\n}\n', [], '{\n\t"a": 1, // one\n\t"b": "x",\n\t// last\n}\n'],
  [
    'behind another',
    '{\n    "a": 1, /* one */\n    "c": 2\n}',
    ['a'],
    '{\n    "a": 1, /* one */\n    "b": "x",\n    "c": 2\n}',
  ],
  ['line ends of Windows', '{\r\n  "a": 1\r\n}\r\n', [], '{\r\n  "a": 1,\r\n  "b": "x"\r\n}\r\n'],
  [
    'a value of several lines',
    '{\n  "a": [\n    1\n  ] // list\n}\n',
    [],
    '{\n  "a": [\n    1\n  ], // list\n  "b": "x"\n}\n',
  ],
  ['one line', '{ "a": 1 }', [], '{\n  "a": 1,\n  "b": "x"\n}'],
  ['an empty object', '{}', [], '{\n  "b": "x"\n}'],
])('a property is added: %s', (_, text, behind, expected) => {
  expect(addProperty(text, 'b', 'x', behind)).toBe(expected);
});

it('one that is there gets the value', () => {
  expect(addProperty('{\n  "b": 1, // why\n}\n', 'b', 'x')).toBe('{\n  "b": "x", // why\n}\n');
});
