import { describe, expect, it } from 'vitest';

import { changeOptions, recoverOptions } from '../../../src/scaffold/template/recover-options.ts';
import { substituteOptions } from '../../../src/scaffold/template/substitute-options.ts';

const file = {
  path: 'docker-compose.yml',
  text: [
    'services:',
    '  ${templateOption:app}:',
    '    args:',
    "      VERSION: '${templateOption:version}'",
    '    depends_on:',
    '      ${templateOption:db}:',
    '',
    '  ${templateOption:db}:',
    '    image: postgres:${templateOption:version}-bookworm',
    '',
  ].join('\n'),
};
const values = { app: 'web', db: 'main-db', version: '16.3' };
const made = substituteOptions(file.text, values);

describe('a file that was made from the template', () => {
  it('shows the options it was made with', () => {
    expect(recoverOptions(file, made)).toEqual(values);
  });

  it('shows them between lines of its owner', () => {
    const extended = `# ours\n${made.replace('    args:', '    shm_size: 1gb\n    args:\n      OTHER: 1')}volumes:\n  x:\n`;
    expect(recoverOptions(file, extended)).toEqual(values);
  });

  it('follows other options and keeps the lines of its owner', () => {
    const extended = made.replace('    args:', '    shm_size: 1gb\n    args:');
    const wanted = { ...values, db: 'postgres', version: '17' };
    expect(changeOptions(file, extended, values, wanted)).toBe(
      substituteOptions(file.text, wanted).replace('    args:', '    shm_size: 1gb\n    args:'),
    );
  });

  it('is kept to the letter with the same options', () => {
    expect(changeOptions(file, made, values, values)).toBe(made);
  });

  it.each([
    ['lacks a line', made.replace('    depends_on:\n', '')],
    ['has a line that was changed', made.replace('-bookworm', '-alpine')],
    ['has its lines in another order', made.split('\n').toReversed().join('\n')],
    ['names one option with two values', made.replace('postgres:16.3', 'postgres:15')],
    ['is empty', ''],
  ])('is not recognised once it %s', (_, text) => {
    expect(recoverOptions(file, text)).toBeUndefined();
    expect(changeOptions(file, text, values, values)).toBeUndefined();
  });

  it('goes by what other files show where a line could mean several things', () => {
    const second = made
      .replace('      main-db:', '      redis:\n      main-db:')
      .replace('  main-db:\n    i', '  redis:\n    image: redis\n\n  main-db:\n    i');
    expect(recoverOptions(file, second, { db: 'main-db' })).toEqual(values);
  });
});
