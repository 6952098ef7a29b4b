import { describe, expect, it } from 'vitest';

import { expandChoices, holesIn, showHoles } from '../../../../src/shell/holes.ts';
import { auditOf } from '../../../support/audit.ts';

interface Options {
  readonly on?: string;
  readonly top?: string;
  readonly job?: string;
  readonly before?: readonly string[];
  readonly jobs?: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly checkout?: Readonly<Record<string, string>>;
}

/** Everything a text may be in the step of a job, as people write it; kinds of its holes behind `#`. */
const valuesOf = (
  text: string,
  { on = 'push', top = '', job = '', before = [], jobs = '', vars = {}, checkout = {} }: Options = {},
) => {
  const workflow = `on: ${on}
${top}
jobs:
${jobs}
  here:
    runs-on: ubuntu-24.04
${job}
    steps:
${before.map((step) => `      - ${step}\n`).join('')}
      - run: show "${text}"
`;
  const audit = auditOf({ 'ci.yml': workflow }, checkout, { vars });
  const found = audit.pipelines[0]?.jobs
    .find(({ id }) => id === 'here')
    ?.steps.at(-1)
    ?.calls.at(-1)?.words[1]?.value;
  return expandChoices(found ?? '(nothing)', audit.holes).map((value) => {
    const kinds = holesIn(value, audit.holes).map(({ kind }) => kind);
    return showHoles(value, audit.holes) + kinds.map((kind) => `#${kind}`).join('');
  });
};

const dispatch = (inputs: string): string => `\n  push:\n  workflow_dispatch:\n    inputs:\n${inputs}`;

describe('what an expression may be', () => {
  const rows: readonly (readonly [string, string, readonly string[], Options?])[] = [
    ['a commit', 'app:${{ github.sha }}', ['app:${github.sha}#commit']],
    ['a branch', '${{ github.ref_name }}', ['${github.ref_name}#branch']],
    [
      'a Git tag where only tags start it',
      '${{ github.ref_name }}',
      ['${github.ref_name}#git-tag'],
      { on: '\n  push:\n    tags: ["v*"]' },
    ],
    [
      'a Git tag where a release starts it',
      '${{ github.event.release.tag_name }}',
      ['${github.event.release.tag_name}#git-tag'],
      { on: '\n  release:\n    types: [published]' },
    ],
    ['a run', 'b${{ github.run_number }}', ['b${github.run_number}#run']],
    [
      'the head of a pull request, else the commit',
      '${{ github.event.pull_request.head.sha || github.sha }}',
      ['${github.event.pull_request.head.sha}#commit', '${github.sha}#commit'],
      { on: '[push, pull_request]' },
    ],
    [
      'never of a pull request where none starts it',
      '${{ github.head_ref || github.ref_name }}',
      ['${github.ref_name}#branch'],
    ],
    ['a secret', '${{ secrets.KEY }}', ['${secrets.KEY}#secret']],
    [
      'a variable of the configuration',
      '${{ vars.REGISTRY }}',
      ['registry.example'],
      { vars: { REGISTRY: 'registry.example' } },
    ],
    [
      'an unknown variable of the repository, else a default',
      "${{ vars.TAG || 'edge' }}",
      ['${vars.TAG}#unknown', 'edge'],
    ],
    ['what nobody knows', '${{ fromJSON(steps.x.outputs.y).z }}', ['${?.z}#unknown']],
    ['not an expression at all', '${{ ??? }}', ['${?}#unknown']],
    ['one of two', "${{ github.ref == 'refs/heads/main' && 'prod' || 'dev' }}", ['prod', 'dev']],
    ['filled in', "${{ format('{0}:{1}', 'app', github.sha) }}", ['app:${github.sha}#commit']],
    ['compared, where both are known', "${{ 'a' == 'A' && 'same' || 'other' }}", ['same']],
    ['negated', "${{ !'' && 'x' || 'y' }}", ['x']],
    ['in the middle of text', 'v${{ 1 }}-${{ true }}', ['v1-true']],
  ];

  it.each(rows.map(([title, ...row]) => ({ title, row })))('$title', ({ row: [text, expected, options] }) => {
    expect(valuesOf(text, options)).toEqual(expected);
  });
});

describe('environment', () => {
  it('is that of the workflow, the job, the step, the later over the earlier', () => {
    const top = 'env:\n  A: workflow\n  B: workflow\n  C: ${{ github.sha }}';
    const job = '    env:\n      B: job-${{ env.A }}';
    expect(valuesOf('${{ env.A }} $B ${{ env.C }}', { top, job })).toEqual([
      'workflow job-workflow ${github.sha}#commit',
    ]);
  });

  it('has what earlier steps wrote', () => {
    const before = ['run: echo "TAG=v-${GITHUB_SHA::7}" >> "$GITHUB_ENV"'];
    expect(valuesOf('$TAG', { before })).toEqual(['v-${github.sha}#commit']);
    expect(valuesOf('${{ env.TAG }}', { before })).toEqual(['v-${github.sha}#commit']);
  });

  it('has what actions put there', () => {
    expect(valuesOf('$SHA', { before: ['uses: benjlevesque/short-sha@v3'] })).toEqual(['$SHA#commit']);
  });
});

describe('inputs', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['its options', '      tag:\n        type: choice\n        options: [a, b]', '${{ inputs.tag }}', ['a', 'b']],
    [
      'its default, or what a person types',
      '      tag:\n        default: latest',
      '${{ inputs.tag }}',
      ['latest', '${inputs.tag}#unknown'],
    ],
    [
      'the default of the expression on a push',
      '      tag:\n        type: choice\n        options: [a, b]',
      "${{ inputs.tag || 'c' }}",
      ['a', 'b', 'c'],
    ],
    [
      'by the name of the event',
      '      tag:\n        type: choice\n        options: [a]',
      '${{ github.event.inputs.tag }}',
      ['a'],
    ],
    ['both of a boolean', '      go:\n        type: boolean', "${{ inputs.go && 'yes' || 'no' }}", ['yes', 'no']],
  ])('%s', (_, inputs, text, expected) => {
    expect(valuesOf(text, { on: dispatch(inputs) })).toEqual(expected);
  });
});

describe('a matrix', () => {
  const matrix = (lines: string): Options => ({ job: `    strategy:\n      matrix:\n${lines}` });

  it.each<readonly [string, string, string, readonly string[]]>([
    ['its list', '        app: [web, worker]', '${{ matrix.app }}:x', ['web:x', 'worker:x']],
    [
      'include',
      '        include:\n          - app: web\n            file: a\n          - app: worker',
      '${{ matrix.app }}',
      ['web', 'worker'],
    ],
    ['mappings in it', '        app: [{name: web}, {name: worker}]', '${{ matrix.app.name }}', ['web', 'worker']],
    [
      'a computed one',
      '        app: ${{ fromJSON(needs.a.outputs.b) }}',
      '${{ matrix.app }}',
      ['${matrix.app}#unknown'],
    ],
  ])('%s', (_, lines, text, expected) => {
    expect(valuesOf(text, matrix(lines))).toEqual(expected);
  });
});

describe('outputs', () => {
  it.each<readonly [string, readonly string[], string, readonly string[]]>([
    [
      'of a script',
      ['id: v\n        run: echo "tag=$(git rev-parse --short HEAD)" >> $GITHUB_OUTPUT'],
      '${{ steps.v.outputs.tag }}',
      ['${github.sha}#commit'],
    ],
    [
      'by their name, where nothing else is known',
      ['id: v\n        uses: acme/thing@v1'],
      '${{ steps.v.outputs.short_sha }}',
      ['${steps.v.outputs.short_sha}#commit'],
    ],
    [
      'not of a message about a commit',
      ['id: v\n        uses: acme/thing@v1'],
      '${{ steps.v.outputs.commit_message }}',
      ['${steps.v.outputs.commit_message}#unknown'],
    ],
    [
      'a digest',
      ['id: b\n        uses: docker/build-push-action@v6'],
      'app@${{ steps.b.outputs.digest }}',
      ['app@${steps.b.outputs.digest}#digest'],
    ],
    ['of a step that comes later', [], '${{ steps.later.outputs.tag }}', ['${steps.later.outputs.tag}#unknown']],
  ])('%s', (_, before, text, expected) => {
    expect(valuesOf(text, { before })).toEqual(expected);
  });

  it('of a job', () => {
    const jobs = `  build:
    runs-on: ubuntu-24.04
    outputs:
      tag: \${{ steps.v.outputs.tag }}
    steps:
      - id: v
        run: echo "tag=app-$GITHUB_SHA" >> $GITHUB_OUTPUT`;
    expect(valuesOf('${{ needs.build.outputs.tag }}', { jobs, job: '    needs: build' })).toEqual([
      'app-${github.sha}#commit',
    ]);
  });

  it('of a called workflow', () => {
    const called = `on:
  workflow_call:
    inputs:
      name:
        type: string
    outputs:
      image:
        value: \${{ jobs.push.outputs.image }}
jobs:
  push:
    runs-on: ubuntu-24.04
    outputs:
      image: \${{ inputs.name }}:\${{ github.sha }}
    steps:
      - run: 'true'`;
    const jobs = '  build:\n    uses: ./.github/workflows/push.yml\n    with:\n      name: web';
    const options = { jobs, job: '    needs: build', checkout: { '.github/workflows/push.yml': called } };
    expect(valuesOf('${{ needs.build.outputs.image }}', options)).toEqual(['web:${github.sha}#commit']);
  });

  it('of a composite action, with its inputs', () => {
    const action = `inputs:
  base:
    default: app
outputs:
  image:
    value: \${{ steps.make.outputs.image }}
runs:
  using: composite
  steps:
    - id: make
      shell: bash
      run: echo "image=\${{ inputs.base }}:$GITHUB_RUN_ID" >> "$GITHUB_OUTPUT"`;
    const checkout = { '.github/actions/name/action.yml': action };
    const named = ['id: n\n        uses: ./.github/actions/name\n        with:\n          base: shop'];
    const text = '${{ steps.n.outputs.image }}';
    expect(valuesOf(text, { checkout, before: named })).toEqual(['shop:${github.run_id}#run']);
    expect(valuesOf(text, { checkout, before: ['id: n\n        uses: ./.github/actions/name'] })).toEqual([
      'app:${github.run_id}#run',
    ]);
  });
});

describe('docker/metadata-action', () => {
  const meta = (tags: string, extra = ''): Options => ({
    before: [
      `id: meta\n        uses: docker/metadata-action@v5\n        with:\n          images: r.example/app\n${tags === '' ? '' : `          tags: |\n${tags}`}${extra}`,
    ],
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['the short commit', '            type=sha', ['r.example/app:sha-${github.sha}#commit']],
    [
      'the whole commit without a prefix',
      '            type=sha,format=long,prefix=',
      ['r.example/app:${github.sha}#commit'],
    ],
    ['a fixed word, in quotes too', '            type=raw,"value=edge"', ['r.example/app:edge']],
    [
      'several, the most telling first',
      '            type=sha\n            type=ref,event=branch',
      ['r.example/app:${github.ref_name}\nr.example/app:sha-${github.sha}#branch#commit'],
    ],
    [
      'not what is switched off',
      '            type=raw,value=x,enable=false\n            type=sha',
      ['r.example/app:sha-${github.sha}#commit'],
    ],
    [
      'a template',
      '            type=raw,value={{branch}}-{{sha}}',
      ['r.example/app:${github.ref_name}-${github.sha}#branch#commit'],
    ],
    ['the default set', '', ['r.example/app:${github.ref_name}#branch']],
  ])('%s', (_, tags, expected) => {
    expect(valuesOf('${{ steps.meta.outputs.tags }}', meta(tags))).toEqual(expected);
  });

  it('adds latest where it is asked to', () => {
    const options = meta('            type=sha', '\n          flavor: latest=true');
    expect(valuesOf('${{ steps.meta.outputs.tags }}', options)).toEqual([
      'r.example/app:sha-${github.sha}\nr.example/app:latest#commit',
    ]);
  });

  it.each([
    ['a version', 'type=semver,pattern={{version}}', ['${github.ref_name}', 'latest']],
    ['the tag of Git', 'type=ref,event=tag', ['${github.ref_name}', 'latest']],
    ['a word of its own', 'type=raw,value=nightly', ['nightly']],
    ['the commit', 'type=sha', ['sha-${github.sha}']],
  ])('adds latest by itself on a release only where the tags begin with a version: %s', (_, rule, tags) => {
    const options = { ...meta(`            ${rule}`), on: '{ release: { types: [published] } }' };
    const [value = ''] = valuesOf('${{ steps.meta.outputs.tags }}', options);
    expect(value.replace(/#.*$/, '').split('\n')).toEqual(tags.map((tag) => `r.example/app:${tag}`));
  });

  it('gives the first as the version', () => {
    const options = meta('            type=sha\n            type=raw,value=x');
    expect(valuesOf('${{ steps.meta.outputs.version }}', options)).toEqual(['x']);
  });
});
