import { describe, expect, it } from 'vitest';

import { decouple } from './support/convert.ts';

const SETTINGS = 'import os\nDATABASES = {"default": {"NAME": os.environ["DATABASE_URL"]}}\n';

const workflow = (on: readonly string[], checkout: readonly string[], job: readonly string[] = []): string =>
  [
    'on:',
    ...on.map((line) => `  ${line}`),
    'jobs:',
    '  build:',
    '    runs-on: ubuntu-latest',
    '    outputs:',
    '      commit: ${{ steps.made.outputs.commit }}',
    '    steps:',
    '      - id: made',
    '        run: docker build . && docker push registry.example.com/shop:${{ github.sha }}',
    '  deploy:',
    '    needs: build',
    '    runs-on: ubuntu-latest',
    ...job.map((line) => `    ${line}`),
    '    steps:',
    ...checkout.map((line) => `      ${line}`),
    '      - run: |',
    '          ssh app@host "cd shop && git pull && python manage.py migrate && sudo systemctl restart shop"',
    '',
  ].join('\n');

const convert = (text: string) =>
  decouple(
    {
      '.github/workflows/deploy.yml': text,
      'manage.py': 'django',
      'requirements.txt': 'Django\n',
      'shop/settings.py': SETTINGS,
    },
    { secret: 'DATABASE_URL' },
  );

const AFTER = '${{ github.event.workflow_run.head_sha || github.sha }}';

describe('the migrate job checks out what is deployed', () => {
  it.each<readonly [string, readonly string[], readonly string[], string | null]>([
    ['a push', ['push:'], ['- uses: actions/checkout@v4'], null],
    [
      'an input',
      ['workflow_dispatch:'],
      ['- uses: actions/checkout@v4', '  with:', '    ref: ${{ inputs.tag }}'],
      '${{ inputs.tag }}',
    ],
    [
      'the output of an earlier job',
      ['push:'],
      ['- uses: actions/checkout@v4', '  with:', '    ref: ${{ needs.build.outputs.commit }}'],
      '${{ needs.build.outputs.commit }}',
    ],
    [
      'the commit of the run before, which the server pulls',
      ['workflow_run:', '  workflows: [CI]', '  types: [completed]'],
      [],
      AFTER,
    ],
    [
      'the default branch after another run, as the deployment does',
      ['workflow_run:', '  workflows: [CI]'],
      ['- uses: actions/checkout@v4'],
      null,
    ],
    [
      'another repository beside it',
      ['push:'],
      ['- uses: actions/checkout@v4', '  with:', '    repository: acme/ops', '    ref: v2'],
      null,
    ],
  ])('%s', (_, on, checkout, ref) => {
    const { files } = convert(workflow(on, checkout));
    const text = files.find(({ file }) => file.endsWith('deploy.yml'))?.after ?? '';
    const [, job = ''] = text.split('  migrate:\n');
    expect(/^ {6}- uses: actions\/checkout.*(?:\n {8}with:\n {10}ref: (.*))?/m.exec(job)?.[1] ?? null).toBe(ref);
  });

  it('has a group for each commit after another run, which the newest commit of the branch is not', () => {
    const { files } = convert(workflow(['workflow_run:', '  workflows: [CI]'], []));
    expect(files[0]?.after).toContain(`group: migrate-${AFTER}\n`);
  });

  it('is not written where the deployment takes a revision from a step of its own', () => {
    const { files, left } = convert(
      workflow(
        ['push:'],
        [
          '- id: newest',
          '  run: ./newest.sh',
          '- uses: actions/checkout@v4',
          '  with:',
          '    ref: ${{ steps.newest.outputs.tag }}',
        ],
      ),
    );
    expect(files).toEqual([]);
    expect(left.map(({ why }) => why)).toEqual(['deploy checks out a revision that only it knows, `steps.newest`']);
  });
});
