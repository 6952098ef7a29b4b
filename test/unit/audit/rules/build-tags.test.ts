import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const HEAD = ['on:', '  push:', '    branches: [main]', 'jobs:'];

/** A job whose first step is on line 8. */
const job = (steps: readonly string[], id = 'build'): readonly string[] => [
  `  ${id}:`,
  '    runs-on: ubuntu-24.04',
  '    steps:',
  ...steps.map((line) => `      ${line}`),
];
const workflow = (...jobs: readonly (readonly string[])[]): string => [...HEAD, ...jobs.flat()].join('\n');

const run = (...commands: readonly string[]): readonly string[] => [
  '- run: |',
  ...commands.map((line) => `    ${line}`),
];
const action = (tags: readonly string[], more: readonly string[] = ['push: true']): readonly string[] => [
  '- uses: docker/build-push-action@v6',
  '  with:',
  ...more.map((line) => `    ${line}`),
  '    tags: |',
  ...tags.map((line) => `      ${line}`),
];

describe('what a build pushes', () => {
  const found = (text: string): readonly string[] => linesFound({ 'a.yml': text }, 'image/build-missing-sha-tag');

  it.each([
    ['the commit beside latest', action(['acme/shop:latest', 'acme/shop:${{ github.sha }}'])],
    ['the commit, however it is cased', action(['acme/shop:${{ GitHub.SHA }}'])],
    ['the commit, of another event', action(['acme/shop:${{ Github.Event.Pull_Request.Head.Sha }}'])],
    ['the commit in another registry', action(['acme/shop:latest', 'ghcr.io/acme/shop:${{ github.sha }}'])],
    ['nothing', action(['acme/shop:latest'], ['push: false'])],
    ['what nobody knows', action(['acme/shop:${{ steps.x.outputs.tag }}'])],
    ['a run', run('docker build -t acme/shop:$GITHUB_RUN_NUMBER .', 'docker push acme/shop:$GITHUB_RUN_NUMBER')],
    [
      'the commit by another command',
      run(
        'docker build -t acme/shop .',
        'docker tag acme/shop acme/shop:$GITHUB_SHA',
        'docker push acme/shop:$GITHUB_SHA',
        'docker push acme/shop',
      ),
    ],
    [
      'a copy',
      run('docker pull acme/shop:1', 'docker tag acme/shop:1 acme/shop:latest', 'docker push acme/shop:latest'),
    ],
    ['layers for later', action(['acme/shop:buildcache'])],
    ['to a registry of the job', run('docker build -t localhost:5000/shop .', 'docker push localhost:5000/shop')],
  ])('may be %s', (_, steps) => {
    expect(found(workflow(job(steps)))).toEqual([]);
  });

  it.each([
    ['latest alone', action(['acme/shop:latest']), 12],
    ['an environment', action(['acme/shop:prod', 'acme/shop:prod-latest']), 12],
    ['a version written out', action(['acme/shop:1.2.3']), 12],
    ['the branch', run('docker build -t acme/shop:$GITHUB_REF_NAME .', 'docker push acme/shop:$GITHUB_REF_NAME'), 10],
    ['nothing but a name', run('docker build -t acme/shop .', 'docker push acme/shop'), 10],
    ['all of that', run('docker build -t acme/shop:dev .', 'docker push --all-tags acme/shop'), 10],
    [
      'nothing but a name that is kept as a secret',
      run(
        'docker build -t gcr.io/${{ secrets.PROJECT_ID }}/${{ secrets.WEB_APP_NAME }} .',
        'docker push gcr.io/${{ secrets.PROJECT_ID }}/${{ secrets.WEB_APP_NAME }}',
      ),
      10,
    ],
  ])('must not be %s', (_, steps, line) => {
    expect(found(workflow(job(steps)))).toEqual([`a.yml:${line}`]);
  });

  it('is not found by the tag of another job that builds the image again', () => {
    const jobWith = (tag: string, id: string): readonly string[] =>
      job(
        run(
          'docker build -t shop .',
          `docker tag shop:latest r.example/shop:${tag}`,
          `docker push r.example/shop:${tag}`,
        ),
        id,
      );
    expect(found(workflow(jobWith('dev-latest', 'dev'), jobWith('${{ github.run_number }}', 'release')))).toEqual([
      'a.yml:11',
    ]);
    const copies = job(
      run(
        'docker pull r.example/shop:latest',
        'docker tag r.example/shop:latest r.example/shop:${{ github.sha }}',
        'docker push r.example/shop:${{ github.sha }}',
      ),
      'release',
    );
    expect(found(workflow(jobWith('latest', 'dev'), copies))).toEqual([]);
  });

  const byVersion = (trigger: string): string =>
    workflow(
      job([
        '- uses: docker/metadata-action@v5',
        '  id: meta',
        '  with:',
        '    images: acme/shop',
        '    tags: |',
        '      type=ref,event=branch',
        '      type=semver,pattern={{version}}',
        ...action(['${{ steps.meta.outputs.tags }}']),
      ]),
    ).replace('on:\n  push:\n    branches: [main]', `on:\n  ${trigger}`);

  it.each([
    ['a push to a branch', 'push: { branches: [main] }'],
    ['another workflow, or somebody', 'workflow_run: { workflows: [Tests], types: [completed] }\n  workflow_dispatch:'],
    ['a schedule', "schedule: [{ cron: '0 3 * * *' }]"],
  ])('is no version of a tag where %s starts the build', (_, trigger) => {
    expect(found(byVersion(trigger))).toHaveLength(1);
  });

  it.each([
    ['a push of anything', 'push:'],
    ['a push to branches and of tags', "push: { branches: [main], tags: ['v*'] }"],
    ['a release', 'release: { types: [published] }'],
    ['somebody', 'workflow_dispatch:'],
  ])('may be the version of a tag where %s starts the build', (_, trigger) => {
    expect(found(byVersion(trigger))).toEqual([]);
  });

  it('is read from the first version of the action, which pushes unless told otherwise', () => {
    const old = (...more: readonly string[]): string =>
      workflow(
        job([
          '- uses: docker/build-push-action@v1',
          '  with:',
          '    repository: acme/shop',
          ...more.map((line) => `    ${line}`),
        ]),
      );
    expect(found(old('tags: latest, tasks'))).toEqual(['a.yml:11']);
    expect(found(old('registry: ghcr.io', 'tags: latest'))).toEqual(['a.yml:12']);
    expect(found(old('tags: latest', 'tag_with_sha: true'))).toEqual([]);
    expect(found(old('tags: latest', 'tag_with_ref: true'))).toEqual([]);
    expect(found(old('tags: latest', 'push: false'))).toEqual([]);
  });

  it('may be the tag of Git in a step that only runs for tags', () => {
    const onlyFor = (ref: string): readonly string[] => [
      ...action(['acme/shop:${{ github.ref_name }}-arm64']),
      `  if: startsWith(github.ref, '${ref}')`,
    ];
    expect(found(workflow(job(onlyFor('refs/tags/'))))).toEqual([]);
    expect(found(workflow(job(onlyFor('refs/heads/'))))).toEqual(['a.yml:12']);
  });

  it('is not found by what another job joins for tags only', () => {
    const join = [
      ...run('docker buildx imagetools create -t acme/shop:${{ github.ref_name }} acme/shop:latest-arm64'),
      "  if: startsWith(github.ref, 'refs/tags/')",
    ];
    expect(found(workflow(job(action(['acme/shop:latest-arm64'])), job(join, 'join')))).toEqual(['a.yml:12']);
  });

  it('may be the version in a release', () => {
    const text = workflow(job(action(['acme/shop:1.2.3']))).replace('branches: [main]', "tags: ['v*']");
    expect(found(text)).toEqual([]);
  });
});

describe('one reference twice in a build', () => {
  const found = (steps: readonly string[]): readonly string[] =>
    linesFound({ 'a.yml': workflow(job(steps)) }, 'image/duplicate-build-tag');

  it('is found, under any spelling of the commit', () => {
    expect(found(action(['acme/shop:${{ github.sha }}', 'acme/shop:latest', 'acme/shop:${{ github.sha }}']))).toEqual([
      'a.yml:14',
    ]);
    expect(found(run('docker build -t acme/shop:${{ github.sha }} -t acme/shop:$GITHUB_SHA .'))).toEqual(['a.yml:9']);
  });

  it('is not what two builds name, nor another length of the commit', () => {
    expect(found(run('docker build -t acme/a:1 .', 'docker build -t acme/a:1 .'))).toEqual([]);
    expect(found(run('docker build -t acme/a:$GITHUB_SHA -t acme/a:${GITHUB_SHA::7} .'))).toEqual([]);
  });
});

describe('different builds under one name', () => {
  const found = (texts: Readonly<Record<string, string>>): readonly string[] =>
    linesFound(texts, 'image/tag-collision');
  const build = (context: string, tag = 'acme/shop:${{ github.sha }}'): readonly string[] =>
    action([tag], [`context: ${context}`, 'push: true']);

  it('replace each other', () => {
    expect(found({ 'a.yml': workflow(job([...build('web'), ...build('api')])) })).toEqual(['a.yml:19']);
    expect(found({ 'a.yml': workflow(job(build('web')), job(build('api'), 'other')) })).toEqual(['a.yml:22']);
  });

  it('of commands replace each other, too: each push belongs to the build before it', () => {
    const commands = (...builds: readonly string[]): readonly string[] =>
      builds.flatMap((build) => [
        `docker build -t acme/shop:$GITHUB_SHA ${build}`,
        'docker push acme/shop:$GITHUB_SHA',
      ]);
    expect(found({ 'a.yml': workflow(job(run(...commands('.', '-f Dockerfile.worker .')))) })).toEqual(['a.yml:12']);
    expect(found({ 'a.yml': workflow(job(run(...commands('.', '.')))) })).toEqual([]);
    const inFolder = (folder: string): readonly string[] => [
      ...run(...commands('.')),
      `  working-directory: ${folder}`,
    ];
    expect(found({ 'a.yml': workflow(job([...inFolder('web'), ...inFolder('api')])) })).toEqual(['a.yml:14']);
    expect(found({ 'a.yml': workflow(job([...inFolder('web'), ...inFolder('web')])) })).toEqual([]);
    const choice = ['if [ "$STAGE" = prod ]; then', ...commands('.'), 'else', ...commands('--build-arg A=1 .'), 'fi'];
    expect(found({ 'a.yml': workflow(job(run(...choice))) })).toEqual([]);
    const retagged = [
      'docker build -t web web',
      'docker tag web acme/shop:1',
      'docker push acme/shop:1',
      'docker build -t api api',
      'docker tag api acme/shop:1',
      'docker push acme/shop:1',
    ];
    expect(found({ 'a.yml': workflow(job(run(...retagged))) })).toEqual(['a.yml:14']);
  });

  it('are told apart by name, branch or place', () => {
    expect(found({ 'a.yml': workflow(job([...build('web'), ...build('api', 'acme/api:${{ github.sha }}')])) })).toEqual(
      [],
    );
    expect(found({ 'a.yml': workflow(job([...build('web'), ...build('web')])) })).toEqual([]);
    const only = (branch: string): string => `  if: github.ref_name == '${branch}'`;
    const [one = '', ...rest] = build('web');
    const [two = '', ...more] = build('api');
    expect(found({ 'a.yml': workflow(job([one, only('main'), ...rest, two, only('dev'), ...more])) })).toEqual([]);
  });

  it('of a matrix are told apart by it', () => {
    const matrix = (tag: string): string =>
      workflow(job(build('${{ matrix.app }}', tag))).replace(
        '    steps:',
        '    strategy:\n      matrix:\n        app: [web, api]\n    steps:',
      );
    expect(found({ 'a.yml': matrix('acme/shop:${{ github.sha }}') })).toEqual(['a.yml:16']);
    expect(found({ 'a.yml': matrix('acme/${{ matrix.app }}:${{ github.sha }}') })).toEqual([]);
  });

  it('are of legs that steps are selected by', () => {
    const legs = (
      tags: readonly [string, string],
      conditions: readonly [string, string],
      matrix = '[web, api]',
    ): string => {
      const stepOf = (context: string, tag: string, condition: string): readonly string[] => {
        const [uses = '', ...rest] = build(context, tag);
        return [uses, `  if: ${condition}`, ...rest];
      };
      const steps = [...stepOf('web', tags[0], conditions[0]), ...stepOf('api', tags[1], conditions[1])];
      return workflow(job(steps)).replace(
        '    steps:',
        `    strategy:\n      matrix:\n        app: ${matrix}\n    steps:`,
      );
    };
    const SAME = ['acme/shop:latest', 'acme/shop:latest'] as const;
    const EACH = ["matrix.app == 'web'", "${{ matrix.app == 'api' }}"] as const;
    expect(found({ 'a.yml': legs(SAME, EACH) })).toEqual(['a.yml:24']);
    const ON_MAIN = ["github.ref == 'x' && matrix.app == 'web'", "matrix.app == 'api' && github.ref == 'x'"] as const;
    expect(found({ 'a.yml': legs(SAME, ON_MAIN) })).toEqual(['a.yml:24']);
    expect(found({ 'a.yml': legs(['acme/web:latest', 'acme/api:latest'], EACH) })).toEqual([]);
    expect(found({ 'a.yml': legs(['acme/${{ matrix.app }}:1', 'acme/${{ matrix.app }}:1'], EACH) })).toEqual([]);
    expect(found({ 'a.yml': legs(SAME, EACH, '[web]') })).toEqual([]);
    expect(found({ 'a.yml': legs(SAME, EACH, '${{ fromJSON(needs.changes.outputs.apps) }}') })).toEqual([]);
    const OTHER_RUN = ["matrix.app == 'web' && github.ref == 'x'", "matrix.app == 'api' && github.ref == 'y'"] as const;
    expect(found({ 'a.yml': legs(SAME, OTHER_RUN) })).toEqual([]);
  });

  it('of two environments move one tag', () => {
    const of = (stage: string, tag: string): string => workflow(job(build('.', tag), `build-${stage}`));
    const both = (tag: (stage: string) => string): readonly string[] =>
      found({ '11-dev.yml': of('dev', tag('dev')), '12-prod.yml': of('prod', tag('prod')) });
    expect(both(() => 'acme/shop:latest')).toEqual(['12-prod.yml:13']);
    expect(both((stage) => `acme/shop:${stage}-latest`)).toEqual([]);
    expect(both(() => 'acme/shop:${{ github.sha }}')).toEqual([]);
  });
});

describe('what is deployed and what is pushed', () => {
  const found = (pushed: string, deployed: string): readonly string[] => {
    const steps = action([pushed]);
    const ship = run(`ssh host docker pull ${deployed}`);
    return linesFound({ 'a.yml': workflow(job(steps), job(ship, 'deploy')) }, 'image/deploy-not-built');
  };

  it.each([
    ['acme/shop:${{ github.sha }}', 'acme/shop:${GITHUB_SHA::7}'],
    ['acme/shop:prod-${{ github.sha }}', 'acme/shop:${{ github.sha }}'],
    ['acme/shop:${{ github.sha }}', 'acme/shop:v1.2'],
  ])('%s is not %s', (pushed, deployed) => {
    expect(found(pushed, deployed)).toEqual(['a.yml:17']);
  });

  it('is told of what helm is given, too', () => {
    const ship = run('helm upgrade shop . --set image.repository=acme/shop --set image.tag=${GITHUB_SHA::7}');
    const text = workflow(job(action(['acme/shop:${{ github.sha }}'])), job(ship, 'deploy'));
    expect(linesFound({ 'a.yml': text }, 'image/deploy-not-built')).toEqual(['a.yml:17']);
  });

  it.each([
    ['acme/shop:${{ github.sha }}', 'acme/shop:$GITHUB_SHA'],
    ['acme/shop:${{ github.sha }}', 'acme/shop:${{ needs.build.outputs.tag }}'],
    ['acme/shop:${{ steps.x.outputs.y }}', 'acme/shop:${{ github.sha }}'],
    ['acme/shop:${{ github.sha }}', 'acme/other:v1'],
  ])('%s may be %s', (pushed, deployed) => {
    expect(found(pushed, deployed)).toEqual([]);
  });
});

describe('the default of an input', () => {
  const text = (use: string): string =>
    [
      'on:',
      '  workflow_dispatch:',
      '    inputs:',
      '      image_tag:',
      '        default: latest',
      '      tag:',
      '        default: main',
      'jobs:',
      ...job(run(`ssh host ${use}`), 'deploy'),
    ].join('\n');

  it('that moves is told once: where it is deployed, else at the input', () => {
    const taken = text('docker pull acme/shop:${{ inputs.image_tag }}');
    expect(linesFound({ 'a.yml': taken }, 'image/mutable-tag-in-deploy')).toEqual(['a.yml:13']);
    expect(linesFound({ 'a.yml': taken }, 'image/input-default-mutable')).toEqual([]);
    expect(linesFound({ 'a.yml': text('./ship.sh') }, 'image/input-default-mutable')).toEqual(['a.yml:5']);
  });

  it.each([
    ['an image is pushed by it', ['docker push acme/shop:${{ inputs.tag }}'], ['a.yml:5']],
    [
      'an image is pushed by an output that is made of it',
      [
        'echo "::set-output name=tag::${{ github.event.inputs.tag }}"',
        'docker push acme/shop:${{ steps.x.outputs.tag }}',
      ],
      ['a.yml:5'],
    ],
    ['it is of Git', ['git checkout ${{ inputs.tag }}', 'docker push acme/shop:${{ github.sha }}'], []],
  ])('called tag is one of an image only where an image has it: %s', (_, commands, expected) => {
    const build = [
      'on:',
      '  workflow_dispatch:',
      '    inputs:',
      '      tag:',
      '        default: latest',
      'jobs:',
      '  build:',
      '    runs-on: ubuntu-24.04',
      '    steps:',
      '      - run: docker build -t acme/shop:${{ github.sha }} -t acme/shop:${{ inputs.tag }} .',
      ...commands.flatMap((command, at) => [`      - run: ${command}`, ...(at === 0 ? ['        id: x'] : [])]),
    ].join('\n');
    const text = expected.length > 0 ? build : build.replace(' -t acme/shop:${{ inputs.tag }}', '');
    expect(linesFound({ 'a.yml': text }, 'image/input-default-mutable')).toEqual(expected);
  });
});

describe('a tag that nobody knows', () => {
  it('is told of once a job', () => {
    const ship = run(
      'ssh host docker pull acme/shop:${{ inputs.tag }}',
      'ssh host docker run -d acme/shop:${{ inputs.tag }}',
    );
    expect(linesFound({ 'a.yml': workflow(job(ship, 'deploy')) }, 'image/unresolved-tag')).toEqual(['a.yml:9']);
  });
});
