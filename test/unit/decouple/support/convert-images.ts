import { expect } from 'vitest';

import { applied, decouple, lint, type Files } from './convert.ts';

export const FILE = '.github/workflows/deploy.yml';

interface Wanted {
  /** Lines below `steps` of the job that builds. */
  readonly build: readonly string[];
  /** Keys of that job. */
  readonly outputs?: readonly string[];
  readonly deploy: readonly string[];
  readonly others?: readonly string[];
  /** Of the deployment. */
  readonly needs?: string;
}

const pipeline = ({ build, outputs = [], deploy, others = [], needs = '[build, migrate]' }: Wanted): string =>
  [
    'on:',
    '  push:',
    '    branches: [main]',
    'jobs:',
    '  build:',
    '    runs-on: ubuntu-latest',
    ...outputs.map((line) => `    ${line}`),
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...build.map((line) => `      ${line}`),
    '  migrate:',
    '    needs: build',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - run: python manage.py migrate --noinput',
    '        env:',
    '          DATABASE_URL: ${{ secrets.DATABASE_URL }}',
    '  deploy:',
    `    needs: ${needs}`,
    '    runs-on: ubuntu-latest',
    '    environment: prod',
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...deploy.map((line) => `      ${line}`),
    ...others,
    '',
  ].join('\n');

export const DEPLOY = ['- run: kubectl set image deployment/api api=ghcr.io/acme/api:main'];

/** The lines that a conversion adds, what it leaves, and the files afterwards; they are clean under actionlint, and a second run changes nothing. */
export const convert = async (
  wanted: Wanted,
  more: Files = {},
): Promise<{ readonly added: readonly string[]; readonly left: readonly string[]; readonly after: Files }> => {
  const before: Files = { [FILE]: pipeline(wanted), 'manage.py': 'django', ...more };
  const facts = { with: 'manage', secret: 'DATABASE_URL' } as const;
  const plan = decouple(before, facts);
  const after = applied(before, plan);
  expect(await lint(after)).toEqual([]);
  expect(decouple(after, facts).files).toEqual([]);
  const added = Object.entries(after).flatMap(([file, text]) => {
    const old = (before[file] ?? '').split('\n');
    return text
      .split('\n')
      .flatMap((line, at) => (old.includes(line) ? [] : [`${file.split('/').at(-1)}:${at + 1}:${line}`]));
  });
  return { added, left: plan.left.map(({ span, what, why }) => `${span.file}:${span.line}: ${what}: ${why}`), after };
};

/** A step that runs these commands on a server. */
export const onServer = (...lines: readonly string[]): readonly string[] => [
  '- run: |',
  "    ssh app@prod.example.com <<'EOF'",
  '      set -e',
  '      cd /srv/app',
  ...lines.map((line) => `      ${line}`),
  '    EOF',
];
