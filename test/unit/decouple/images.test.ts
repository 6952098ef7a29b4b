import { describe, expect, it } from 'vitest';

import { applied, decouple, findingsOf, lint, type Files } from './support/convert.ts';

const FILE = '.github/workflows/deploy.yml';

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

const DEPLOY = ['- run: kubectl set image deployment/api api=ghcr.io/acme/api:main'];

const convert = async (
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

const metadata = (keys: readonly string[], step: readonly string[] = []): readonly string[] => [
  '- id: meta',
  '  uses: docker/metadata-action@v5',
  ...step.map((line) => `  ${line}`),
  '  with:',
  ...keys.map((line) => `    ${line}`),
  '- uses: docker/build-push-action@v6',
  '  with:',
  '    push: true',
  '    tags: ${{ steps.meta.outputs.tags }}',
];

const taken = (line: number, tag = '${{ github.sha }}'): string =>
  `deploy.yml:${line}:      - run: kubectl set image deployment/api api=ghcr.io/acme/api:${tag}`;

describe('a build whose tags docker/metadata-action gives', () => {
  it('gets a rule for the commit at the end of its rules', async () => {
    const { added, left, after } = await convert({
      build: metadata(['images: ghcr.io/acme/api', 'tags: |', '  type=ref,event=branch', '  type=raw,value=latest']),
      deploy: DEPLOY,
    });
    expect(left).toEqual([]);
    expect(added).toEqual(['deploy.yml:16:            type=sha,format=long,prefix=', taken(35)]);
    expect(findingsOf(after)).toEqual([]);
  });

  it('gets the rules that hold without any, and one for the commit, if it has none', async () => {
    const { added, left, after } = await convert({ build: metadata(['images: ghcr.io/acme/api']), deploy: DEPLOY });
    expect(left).toEqual([]);
    expect(added).toEqual([
      'deploy.yml:13:          tags: |',
      'deploy.yml:14:            type=schedule',
      'deploy.yml:15:            type=ref,event=branch',
      'deploy.yml:16:            type=ref,event=tag',
      'deploy.yml:17:            type=ref,event=pr',
      'deploy.yml:18:            type=sha,format=long,prefix=',
      taken(37),
    ]);
    expect(findingsOf(after)).toEqual([]);
  });

  it('gets a second rule where the only one stands on the line of its key, and keeps the suffix of others from it', async () => {
    const { added } = await convert({
      build: metadata(['images: ghcr.io/acme/api', 'flavor: suffix=-slim', 'tags: type=ref,event=branch']),
      deploy: DEPLOY,
    });
    expect(added).toEqual([
      'deploy.yml:14:          tags: |',
      'deploy.yml:15:            type=ref,event=branch',
      'deploy.yml:16:            type=sha,format=long,prefix=,suffix=',
      taken(35),
    ]);
  });

  it('stays as it is where it gives the whole commit already, and the deployment takes that', async () => {
    const { added } = await convert({
      build: metadata(['images: ghcr.io/acme/api', 'tags: |', '  type=ref,event=branch', '  type=sha,format=long']),
      deploy: DEPLOY,
    });
    expect(added).toEqual([taken(34, 'sha-${{ github.sha }}')]);
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['it takes the commit from Git', ['images: ghcr.io/acme/api', 'context: git'], []],
    [
      'it takes the commit of a pull request',
      ['images: ghcr.io/acme/api'],
      ['env:', '  DOCKER_METADATA_PR_HEAD_SHA: true'],
    ],
    ['it orders its tags by hand', ['images: ghcr.io/acme/api', 'tags: |', '  type=ref,event=branch,priority=50'], []],
    ['a comment follows its only rule', ['images: ghcr.io/acme/api', 'tags: type=ref,event=branch # the branch'], []],
    ['its inputs stand on one line', ['{ images: ghcr.io/acme/api }'], []],
  ])('is left where %s', async (_, keys, step) => {
    const { added, left } = await convert({ build: metadata(keys, step), deploy: DEPLOY });
    expect(added).toEqual([]);
    expect(left.map((line) => line.replace(/^.*?: /, ''))).toEqual([
      'ghcr.io/acme/api:main in deploy: the way it is built cannot be given a second tag mechanically',
    ]);
  });
});

describe('a digest that the build hands on', () => {
  const build = [
    '- id: push',
    '  uses: docker/build-push-action@v6',
    '  with:',
    '    push: true',
    '    tags: ghcr.io/acme/api:main',
  ];
  const outputs = ['outputs:', '  digest: ${{ steps.push.outputs.digest }}'];
  const canary = (needs: string): readonly string[] => [
    '  canary:',
    `    needs: ${needs}`,
    '    runs-on: ubuntu-latest',
    '    environment: dev',
    '    steps:',
    '      - run: kubectl set image deployment/canary api=ghcr.io/acme/api@${{ needs.build.outputs.digest }}',
  ];

  it('is taken by all deployments where one of them takes it', async () => {
    const { added, left } = await convert({ build, outputs, deploy: DEPLOY, others: canary('[build, migrate]') });
    expect(left).toEqual([]);
    expect(added).toEqual([
      'deploy.yml:30:      - run: kubectl set image deployment/api api=ghcr.io/acme/api@${{ needs.build.outputs.digest }}',
    ]);
  });

  it('is not taken by a deployment that does not need the job that hands it on', async () => {
    const { added } = await convert({
      build,
      outputs,
      deploy: DEPLOY,
      others: canary('[build, migrate]'),
      needs: 'migrate',
    });
    expect(added).toEqual([
      'deploy.yml:15:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}',
      taken(30),
    ]);
  });

  it('is not known where no deployment takes it: the commit is', async () => {
    const { added } = await convert({ build, outputs, deploy: DEPLOY });
    expect(added).toEqual([
      'deploy.yml:15:          tags: ghcr.io/acme/api:main,ghcr.io/acme/api:${{ github.sha }}',
      taken(30),
    ]);
  });
});
