import { expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const shown = (...lines: readonly string[]): readonly string[] =>
  linesFound(
    {
      'ship.yml': `on: push\njobs:\n  ship:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n${lines.map((line) => `          ${line}\n`).join('')}`,
    },
    'secret/printed',
  );

it('tells of a file that is shown with what the script has written into it', () => {
  const write = 'echo "KEY=${{ secrets.KEY }}" >> .env';
  expect(shown(write, 'cat .env')).toEqual(['ship.yml:8']);
  expect(shown(write, 'cat ./.env | sort')).toEqual(['ship.yml:8']);
  expect(shown(write, 'cat ./.env | wc -l')).toEqual([]);
  expect(shown(write, 'cat .env > copy.env')).toEqual([]);
  expect(shown(write, 'echo MODE=prod > .env', 'cat .env')).toEqual([]);
  expect(shown(write, 'cat README.md')).toEqual([]);
});
