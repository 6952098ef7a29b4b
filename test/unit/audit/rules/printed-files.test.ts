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

it('points to the call where a function prints what it is given, also where the script finds the function beside itself on a server', () => {
  const script = (...lines: readonly string[]): Readonly<Record<string, string>> => ({
    'ship.yml': `on: push
jobs:
  ship:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - uses: appleboy/ssh-action@v1
        env:
          API_TOKEN: \${{ secrets.API_TOKEN }}
        with:
          host: shop.example.org
          envs: API_TOKEN
          script: |
            set -e
            bash ~/ops/shop/up.sh
`,
    'ops/lib.sh': 'note() {\n  echo -e "[$(date)] $1"\n}\nlog() { note "$1"; }\nquiet() { :; }\n',
    'ops/shop/up.sh': [
      'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"',
      'source "$HERE/../lib.sh"',
      ...lines,
    ].join('\n'),
  });
  const places = (...lines: readonly string[]): readonly string[] =>
    (['secret/printed', 'secret/on-argv'] as const).flatMap((rule) => linesFound(script(...lines), rule));
  expect(places('log "Token: ${API_TOKEN:0:3}…"')).toEqual(['ops/shop/up.sh:3']);
  expect(places('start() { log "$1"; }', 'start "$API_TOKEN"')).toEqual(['ops/shop/up.sh:4']);
  expect(places('log "the token is there"', 'quiet "$API_TOKEN"')).toEqual([]);
  expect(places('log ok', 'show() { echo "$API_TOKEN"; }', 'show now')).toEqual(['ops/shop/up.sh:4']);
});
