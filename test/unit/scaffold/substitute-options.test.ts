import { describe, expect, it } from 'vitest';

import { substituteOptions } from '../../../src/scaffold/template/substitute-options.ts';

describe('substituteOptions', () => {
  it.each([
    ['an option', 'image: postgres:${templateOption:v}', 'image: postgres:17'],
    ['spaces inside, as the specification allows', '${ templateOption: v }', '17'],
    ['several in a line', '${templateOption:v}/${templateOption:v}', '17/17'],
    ['an option that does not exist', 'a${templateOption:nothing}b', 'ab'],
    ['a name that every object has', '${templateOption:constructor}', ''],
    ['an empty value', '[${templateOption:empty}]', '[]'],
  ])('fills in %s', (_, text, expected) => {
    expect(substituteOptions(text, { v: '17', empty: '' })).toBe(expected);
  });

  it.each([
    '${localWorkspaceFolderBasename}',
    '${containerWorkspaceFolder}/${localEnv:HOME}',
    '${{ secrets.TOKEN }}',
    '${PYTHON_VERSION}',
    '${POSTGRES_VERSION%%.*}',
    '$templateOption:v',
    '${templateOption}',
    '${templateOption:not-a-word}',
  ])("leaves what is somebody else's: %s", (text) => {
    expect(substituteOptions(text, { v: '17' })).toBe(text);
  });

  it('takes values as they are, also what means something to replacements', () => {
    expect(substituteOptions('<${templateOption:v}>', { v: '$& $1 ${templateOption:v}' })).toBe(
      '<$& $1 ${templateOption:v}>',
    );
  });
});
