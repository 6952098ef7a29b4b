import { describe, expect, it } from 'vitest';

import { decouple } from './support/convert.ts';

const DEPLOY = [
  'on: push',
  'jobs:',
  '  deploy:',
  '    runs-on: ubuntu-latest',
  '    environment: prod',
  '    steps:',
  "      - run: ssh app@prod 'python manage.py migrate && systemctl restart app'",
  '',
].join('\n');

/** The lines between the set-up of Python and the migration. */
const setUp = (...steps: readonly string[]): readonly string[] => {
  const test = [
    'on: push',
    'jobs:',
    '  test:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/setup-python@v6',
    "        with: { python-version: '3.11' }",
    ...steps.map((line) => `      ${line}`),
    '      - run: python manage.py test',
    '',
  ].join('\n');
  const { files, left } = decouple(
    { '.github/workflows/deploy.yml': DEPLOY, '.github/workflows/test.yml': test, 'manage.py': 'django' },
    { secret: 'DATABASE_URL', with: 'manage' },
  );
  expect(left).toEqual([]);
  const [head = ''] = (files[0]?.after ?? '').split('      - name: Migrate');
  return head
    .split("python-version: '3.11' }\n")
    .slice(1)
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => line.slice(6));
};

const PROJECT = '- run: pip install -r requirements.txt';

describe('what only tests need', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['a step of its own', [PROJECT, '- run: pip install pytest "coverage[toml]>=7" flake8'], [PROJECT]],
    [
      'a step of uv',
      ['- run: uv pip install -r requirements.txt', '- run: uv pip install pytest'],
      ['- run: uv pip install -r requirements.txt'],
    ],
    [
      'a line of a step',
      [
        '- name: Install',
        '  run: |',
        '    python -m pip install --upgrade pip',
        '    pip install -r requirements.txt',
        '    pip install pytest-django coveralls',
      ],
      ['- name: Install', '  run: |', '    python -m pip install --upgrade pip', '    pip install -r requirements.txt'],
    ],
    [
      'several lines of a step',
      [
        '- run: |',
        '    pip install -r requirements.txt',
        '    pip install \\',
        '      pytest \\',
        '      tox',
        '    echo done',
      ],
      ['- run: |', '    pip install -r requirements.txt', '    echo done'],
    ],
    ['a link of a chain', [`${PROJECT} && pip install tox`], [PROJECT]],
  ])('is not installed for the migration: %s', (_, steps, expected) => {
    expect(setUp(...steps)).toEqual(expected);
  });

  it.each([
    ['a package that an application may import', [PROJECT, '- run: pip install pytest faker']],
    ['what stands in one command with the project', ['- run: pip install -r requirements.txt pytest']],
    ['a package from an address', [PROJECT, '- run: pip install git+https://github.com/acme/pytest']],
  ])('is installed as before where it is not certain: %s', (_, steps) => {
    expect(setUp(...steps)).toEqual(steps);
  });

  it('leaves nothing of a job that installs nothing else: the checkout says what to install', () => {
    expect(setUp('- run: |', '    pip install --upgrade pip', '    pip install pytest')).toEqual([]);
    expect(setUp('- run: |', '    pip install --upgrade pip', '    pip install flake8 some-house-rules')).toEqual([]);
    expect(setUp('- run: pip install Django==5.2 gunicorn')).toEqual(['- run: pip install Django==5.2 gunicorn']);
  });
});

describe('a checkout that does not say what the backend needs', () => {
  const withoutRequirements = (steps: readonly string[], files: Readonly<Record<string, string>> = {}) =>
    decouple(
      {
        '.github/workflows/deploy.yml': [
          'on: push',
          'jobs:',
          '  deploy:',
          '    runs-on: ubuntu-latest',
          '    environment: prod',
          '    steps:',
          ...steps.map((line) => `      ${line}`),
          '',
        ].join('\n'),
        'manage.py': 'django',
        ...files,
      },
      { secret: 'DATABASE_URL', with: 'manage', python: { version: '3.12', install: null } },
    );
  const setUpOf = ({ files }: ReturnType<typeof withoutRequirements>): readonly string[] => {
    const [head = ''] = (files[0]?.after ?? '').split('      - name: Migrate');
    return head
      .split('\n')
      .filter((line) => line.includes('install') || line.includes('python'))
      .map((line) => line.trim());
  };
  const ON_SERVER = [
    '- uses: appleboy/ssh-action@v1.0.3',
    '  with:',
    '    script: |',
    '      set -e',
    '      pip install -r requirements.txt',
    '      python manage.py migrate',
    '      sudo systemctl restart shop',
  ];
  const SETUP = ['- uses: actions/setup-python@v6', "  with: { python-version: '3.11' }"];

  it('gets Python as the deployment has it on its runner', () => {
    const converted = withoutRequirements([...SETUP, '- run: pip install -r api/requirements.txt', ...ON_SERVER]);
    expect(converted.left).toEqual([]);
    expect(setUpOf(converted)).toEqual([
      '- uses: actions/setup-python@v6',
      "with: { python-version: '3.11' }",
      '- run: pip install -r api/requirements.txt',
    ]);
  });

  it('is installed as a package where it is one', () => {
    const converted = withoutRequirements(ON_SERVER, { 'setup.py': 'from setuptools import setup' });
    expect(setUpOf(converted).at(-1)).toBe('pip install .');
  });

  it.each<readonly [string, readonly string[]]>([
    ['on the server only', ON_SERVER],
    ['tools only', [...SETUP, '- run: pip install ansible', ...ON_SERVER]],
  ])('leaves a migration whose deployment installs %s', (_, steps) => {
    const { files, left } = withoutRequirements(steps);
    expect(files).toEqual([]);
    expect(left.map(({ what, why, remedy }) => `${what}: ${why}. ${remedy}`)).toEqual([
      'migrate in deploy: neither the checkout nor a job that tests says what the backend needs to be installed. ' +
        'Add its requirements.txt or pyproject.toml, and start decouple again.',
    ]);
  });
});
