import { describe, expect, it } from 'vitest';

import { applied, decouple, findingsOf, lint, type Files } from './support/convert.ts';

const FILE = '.github/workflows/deploy.yml';
const ACTION = '.github/actions/deploy/action.yml';
const SERVER = 'set -e\ncd /srv/app\npython manage.py migrate --noinput\nsystemctl restart app\n';
const RUNNER = "set -e\nssh app@prod 'cd /srv/app && python manage.py migrate --noinput && systemctl restart app'\n";

const deploying = (...steps: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-latest',
    '    environment: prod',
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...steps.map((line) => `      ${line}`),
    '',
  ].join('\n');

const composite = (...steps: readonly string[]): string =>
  [
    'name: Deploy',
    'description: Puts the application on its server',
    'inputs:',
    '  command:',
    '    default: python manage.py migrate',
    'runs:',
    '  using: composite',
    '  steps:',
    ...steps.map((line) => `    ${line}`),
    '',
  ].join('\n');

const ssh = (...inputs: readonly string[]): readonly string[] => [
  '- uses: appleboy/ssh-action@v1',
  '  with:',
  '    host: prod.example.com',
  ...inputs.map((line) => `    ${line}`),
];
const USES = ['- uses: ./.github/actions/deploy'];

describe('a migration in a script of the checkout that an action reads', () => {
  it.each<readonly [string, string, Files]>([
    [
      'script_path of an SSH action',
      'ops/deploy.sh',
      { [FILE]: deploying(...ssh('script_path: ops/deploy.sh')), 'ops/deploy.sh': SERVER },
    ],
    [
      'script_file of an SSH action',
      'ops/deploy.sh',
      { [FILE]: deploying(...ssh('script_file: ./ops/deploy.sh')), 'ops/deploy.sh': SERVER },
    ],
    [
      'script_path in a composite action',
      'ops/deploy.sh',
      {
        [FILE]: deploying(...USES),
        [ACTION]: composite(...ssh('script_path: ops/deploy.sh')),
        'ops/deploy.sh': SERVER,
      },
    ],
    [
      'a script next to a composite action, by an expression',
      '.github/actions/deploy/go.sh',
      {
        [FILE]: deploying(...USES),
        [ACTION]: composite('- shell: bash', '  run: ${{ github.action_path }}/go.sh'),
        '.github/actions/deploy/go.sh': RUNNER,
      },
    ],
    [
      'a script next to a composite action, by a variable',
      '.github/actions/deploy/go.sh',
      {
        [FILE]: deploying(...USES),
        [ACTION]: composite('- shell: bash', '  run: bash "$GITHUB_ACTION_PATH/go.sh"'),
        '.github/actions/deploy/go.sh': RUNNER,
      },
    ],
    [
      'a script next to a composite action, in its folder',
      '.github/actions/deploy/go.sh',
      {
        [FILE]: deploying(...USES),
        [ACTION]: composite('- shell: bash', '  working-directory: ${{ github.action_path }}', '  run: ./go.sh'),
        '.github/actions/deploy/go.sh': RUNNER,
      },
    ],
    [
      'a script that a composite action names',
      'ops/deploy.sh',
      {
        [FILE]: deploying(...USES),
        [ACTION]: composite('- shell: bash', '  run: bash ops/deploy.sh'),
        'ops/deploy.sh': RUNNER,
      },
    ],
  ])('is found and moved: %s', async (_, script, files) => {
    const before = { ...files, 'manage.py': 'django' };
    expect(findingsOf(before, /^migrate\/(?:inline|hidden)/)).toEqual([
      expect.stringContaining(`${script}, which it calls, migrates: nobody who reads the workflow sees it.`),
    ]);
    const facts = { secret: 'DATABASE_URL', with: 'manage' } as const;
    const plan = decouple(before, facts);
    expect(plan.left).toEqual([]);
    const after = applied(before, plan);
    expect(after[script]).toBe(
      (files[script] ?? '')
        .replace('python manage.py migrate --noinput\n', '')
        .replace('python manage.py migrate --noinput && ', ''),
    );
    expect(after[FILE]).toContain('        run: python manage.py migrate --noinput\n\n  deploy:\n    needs: migrate\n');
    expect(findingsOf(after)).toEqual([]);
    expect(await lint(after)).toEqual([]);
    expect(decouple(after, facts).files).toEqual([]);
  });

  it('is left where another job hands the script to an action, too', () => {
    const files = {
      [FILE]: deploying(...ssh('script_path: ops/deploy.sh')),
      '.github/workflows/nightly.yml': deploying(...ssh('script_path: ops/deploy.sh'))
        .replace('  deploy:', '  nightly:')
        .replace('push', 'schedule')
        .replace('    environment: prod\n', '    strategy:\n      matrix:\n        host: [a, b]\n'),
      'ops/deploy.sh': SERVER,
      'manage.py': 'django',
    };
    const { left } = decouple(files, { secret: 'DATABASE_URL' });
    expect(left.map(({ span, why }) => `${span.file}:${span.line}: ${why}`)).toEqual([
      'ops/deploy.sh:3: its job runs once for each entry of a matrix',
      '.github/workflows/deploy.yml:3: nightly in .github/workflows/nightly.yml runs ops/deploy.sh, too',
    ]);
  });

  it('is left where a composite action gets the command as an input', () => {
    const files = {
      [FILE]: deploying(...USES),
      [ACTION]: composite('- shell: bash', "  run: ssh app@prod '${{ inputs.command }} && systemctl restart app'"),
      'manage.py': 'django',
    };
    const { left, files: changed } = decouple(files, { secret: 'DATABASE_URL' });
    expect(changed).toEqual([]);
    expect(left.map(({ span, why }) => `${span.file}:${span.line}: ${why}`)).toEqual([
      '.github/actions/deploy/action.yml:10: an expression gives the command, and it may give another one elsewhere',
    ]);
  });
});

describe('a text that an action does not run as a shell', () => {
  it.each<readonly [string, Files]>([
    [
      'a program in another language',
      {
        [FILE]: deploying(...ssh('script_path: ops/deploy.py')),
        'ops/deploy.py': '#!/usr/bin/env python3\nrun("python manage.py migrate")\n',
      },
    ],
    [
      'a script of which the action has no use',
      {
        [FILE]: deploying(...ssh('script_path: ops/deploy.sh', 'script: systemctl restart app')),
        'ops/deploy.sh': SERVER,
      },
    ],
    ['a script that is not in the checkout', { [FILE]: deploying(...ssh('script_path: ops/deploy.sh')) }],
  ])('is not followed: %s', (_, files) => {
    expect(findingsOf({ ...files, 'manage.py': 'django' }, /^migrate\/(?:inline|hidden)/)).toEqual([]);
  });
});
