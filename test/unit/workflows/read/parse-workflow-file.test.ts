import { describe, expect, it } from 'vitest';

import { spanOf } from '../../../../src/core/placed-text.ts';
import { parseCompositeAction } from '../../../../src/workflows/read/parse-composite-action.ts';
import { parseWorkflowFile } from '../../../../src/workflows/read/parse-workflow-file.ts';
import type { Entries, YamlValue } from '../../../../src/workflows/workflow.ts';

const FILE = '.github/workflows/a.yml';

const WORKFLOW = `name: Ship
on:
  push:
    branches: [main, 'release/*']
    tags: v*
  workflow_run: { workflows: [CI], types: [completed] }
  workflow_dispatch:
    inputs:
      tag: { default: latest, type: choice, options: [latest, stable], required: true }
      note:
permissions: read-all
concurrency: { group: ship, cancel-in-progress: false, queue: max }
env: { A: 1, B: '' , C: }
defaults:
  run: { shell: bash, working-directory: backend }
jobs:
  build:
    name: Build it
    runs-on: ubuntu-latest
    outputs: { tag: "\${{ steps.t.outputs.tag }}" }
    strategy:
      matrix: { image: [api, web] }
    steps:
      - uses: actions/checkout@v4
        with: { ref: main, list: [a] }
      - id: t
        name: Tag
        if: always()
        shell: sh
        working-directory: x
        env: { X: y }
        continue-on-error: true
        run: |
          echo "tag=1" >> "$GITHUB_OUTPUT"
  deploy:
    needs: [build]
    if: github.ref == 'refs/heads/main'
    runs-on: [self-hosted, linux]
    environment: { name: prod, url: 'https://x' }
    concurrency: prod
    timeout-minutes: 5
    container: python:3.12
    services: { db: { image: 'postgres:16' } }
    continue-on-error: \${{ true }}
    steps: [{ run: ./deploy }]
  called:
    needs: build
    uses: ./.github/workflows/b.yml
    with: { tag: x }
    secrets: inherit
`;

const keys = (entries: Entries<unknown>): readonly string[] => [...entries.keys()];
const texts = (entries: Entries): Readonly<Record<string, string>> =>
  Object.fromEntries([...entries].map(([key, { value }]) => [key, value.value]));
const plain = (value: YamlValue | null): unknown => {
  if (value?.kind === 'scalar') return value.scalar.value;
  if (value?.kind === 'list') return value.items.map(plain);
  return value === null ? null : Object.fromEntries([...value.entries].map(([key, one]) => [key, plain(one.value)]));
};

describe('a workflow', () => {
  const workflow = parseWorkflowFile(FILE, WORKFLOW);
  const [build, deploy, called] = workflow.jobs;

  it('has its own keys', () => {
    expect(workflow.faults).toEqual([]);
    expect(workflow.name?.value).toBe('Ship');
    expect(texts(workflow.env)).toEqual({ A: '1', B: '', C: '' });
    expect(workflow.defaults.shell?.value).toBe('bash');
    expect(workflow.defaults.workingDirectory?.value).toBe('backend');
    expect(plain(workflow.permissions)).toBe('read-all');
    expect(workflow.concurrency?.group?.value).toBe('ship');
    expect(workflow.concurrency?.cancelInProgress?.value).toBe('false');
    expect(texts(workflow.concurrency?.others ?? new Map())).toEqual({ queue: 'max' });
  });

  it('has its triggers', () => {
    const [push, run, dispatch] = workflow.triggers;
    expect(workflow.triggers.map(({ event }) => event)).toEqual(['push', 'workflow_run', 'workflow_dispatch']);
    expect(push?.branches.map(({ value }) => value)).toEqual(['main', 'release/*']);
    expect(push?.tags.map(({ value }) => value)).toEqual(['v*']);
    expect(run?.workflows.map(({ value }) => value)).toEqual(['CI']);
    const tag = dispatch?.inputs.get('tag')?.value;
    expect([tag?.default?.value, tag?.type?.value, tag?.required?.value]).toEqual(['latest', 'choice', 'true']);
    expect(tag?.options.map(({ value }) => value)).toEqual(['latest', 'stable']);
    expect(dispatch?.inputs.get('note')?.value).toEqual({ default: null, options: [], type: null, required: null });
    for (const on of ['push', '[push]']) {
      expect(parseWorkflowFile(FILE, `on: ${on}\njobs: {}\n`).triggers.map(({ event }) => event)).toEqual(['push']);
    }
  });

  it('has its jobs', () => {
    expect(workflow.jobs.map(({ id }) => id)).toEqual(['build', 'deploy', 'called']);
    expect(build?.name?.value).toBe('Build it');
    expect(texts(build?.outputs ?? new Map())).toEqual({ tag: '${{ steps.t.outputs.tag }}' });
    expect(plain(build?.matrix ?? null)).toEqual({ image: ['api', 'web'] });
    expect(build?.needsSpan).toBeNull();
    expect(deploy?.needs.map(({ value }) => value)).toEqual(['build']);
    expect(deploy?.needsSpan).toMatchObject({ line: 36, column: 5, endLine: 36, endColumn: 19 });
    expect(deploy?.condition?.value).toBe("github.ref == 'refs/heads/main'");
    expect(deploy?.environment?.value).toBe('prod');
    expect(deploy?.concurrency?.group?.value).toBe('prod');
    expect(deploy?.timeoutMinutes?.value).toBe('5');
    expect(deploy?.continueOnError?.value).toBe('${{ true }}');
    expect(plain(deploy?.container ?? null)).toBe('python:3.12');
    expect(keys(deploy?.services ?? new Map())).toEqual(['db']);
    expect(plain(deploy?.runsOn ?? null)).toEqual(['self-hosted', 'linux']);
    expect(called?.uses?.value).toBe('./.github/workflows/b.yml');
    expect(texts(called?.with ?? new Map())).toEqual({ tag: 'x' });
    expect(plain(called?.secrets ?? null)).toBe('inherit');
    expect(called?.needs.map(({ value }) => value)).toEqual(['build']);
    expect([deploy?.span.line, deploy?.span.endLine]).toEqual([35, 45]);
  });

  it('has its steps', () => {
    const [checkout, tag] = build?.steps ?? [];
    expect(checkout?.uses?.value).toBe('actions/checkout@v4');
    expect(texts(checkout?.with ?? new Map())).toEqual({ ref: 'main' });
    expect([tag?.index, tag?.id, tag?.name?.value, tag?.shell?.value, tag?.condition?.value]).toEqual([
      1,
      't',
      'Tag',
      'sh',
      'always()',
    ]);
    expect(tag?.workingDirectory?.value).toBe('x');
    expect(tag?.continueOnError?.value).toBe('true');
    expect(texts(tag?.env ?? new Map())).toEqual({ X: 'y' });
    expect(tag?.run?.value).toBe('echo "tag=1" >> "$GITHUB_OUTPUT"\n');
    expect(tag?.run?.span).toMatchObject({ line: 34, column: 11, endLine: 34 });
  });

  it('has what its aliases stand for, at the place of the anchor', () => {
    const text =
      'on: push\njobs:\n  a: &a\n    runs-on: x\n    env: &e { K: v }\n    steps: [{ run: x }]\n  b: *a\n  c:\n    runs-on: x\n    env: *e\n    steps: [{ run: x }]\n';
    const { jobs, faults } = parseWorkflowFile(FILE, text);
    expect(faults).toEqual([]);
    expect(jobs.map(({ id, env }) => [id, texts(env)])).toEqual([
      ['a', { K: 'v' }],
      ['b', { K: 'v' }],
      ['c', { K: 'v' }],
    ]);
    expect(jobs[2]?.env.get('K')?.value.span.line).toBe(5);
    expect(jobs[1]?.idSpan.line).toBe(7);
  });

  it('is read in spite of its merge keys, which GitHub refuses', () => {
    const text = 'on: push\nenv:\n  <<: &e { A: 1, B: 2 }\n  B: 3\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n';
    const { env, faults } = parseWorkflowFile(FILE, text);
    expect(texts(env)).toEqual({ B: '3', A: '1' });
    expect(faults.map(({ span, isFatal }) => [span.line, isFatal])).toEqual([[3, false]]);
  });
});

const JOB = 'runs-on: x, steps: [{ run: x }]';

describe('what GitHub refuses', () => {
  it.each([
    ['a key twice', `on: push\njobs:\n  a: { ${JOB} }\n  a: { ${JOB} }\n`, ['4:3']],
    ['no trigger', `jobs:\n  a: { ${JOB} }\n`, ['1:1']],
    ['an empty trigger', `on:\njobs:\n  a: { ${JOB} }\n`, ['1:1']],
    ['no jobs', 'on: push\n', ['1:1']],
    ['no job', 'on: push\njobs: {}\n', ['2:1']],
    ['a list', '- a\n', ['1:1']],
    ['a job that is a number', 'on: push\njobs:\n  a: 3\n', ['3:6']],
    ['a job without steps', 'on: push\njobs:\n  a: { runs-on: x }\n', ['3:3']],
    ['a job without runs-on', 'on: push\njobs:\n  a: { steps: [{ run: x }] }\n', ['3:3']],
    ['steps beside uses', 'on: push\njobs:\n  a: { uses: ./x.yml, steps: [{ run: x }] }\n', ['3:23']],
    ['an id with a blank', `on: push\njobs:\n  a b: { ${JOB} }\n`, ['3:3']],
    ['a step that is a text', 'on: push\njobs:\n  a: { runs-on: x, steps: [x] }\n', ['3:28']],
    [
      'a step with run and uses',
      'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v1\n        run: x\n',
      ['7:9'],
    ],
    ['a step with neither', 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - name: x\n', ['6:9']],
    [
      'an id of two steps',
      'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - { id: a, run: x }\n      - { id: a, run: x }\n',
      ['7:15'],
    ],
    ['a need of no job', `on: push\njobs:\n  a: { needs: [b], ${JOB} }\n`, ['3:16']],
    ['a need of itself', `on: push\njobs:\n  a: { needs: a, ${JOB} }\n`, ['3:15']],
    [
      'a cycle',
      `on: push\njobs:\n  a: { needs: c, ${JOB} }\n  b: { needs: a, ${JOB} }\n  c: { needs: b, ${JOB} }\n`,
      ['4:15'],
    ],
    [
      'cancelling a queue',
      `on: push\nconcurrency: { group: x, queue: max, cancel-in-progress: true }\njobs:\n  a: { ${JOB} }\n`,
      ['2:58'],
    ],
    ['an alias of nothing', `on: push\nname: *x\njobs:\n  a: { ${JOB} }\n`, ['2:7']],
    ['a mapping for a key', `on: push\nname: {{ x }}\njobs:\n  a: { ${JOB} }\n`, ['2:8']],
    [
      'an expression without an end',
      `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo \${{ github.sha }} \${{ github.ref\n`,
      ['6:37'],
    ],
    [
      'an expression whose end is in quotes',
      `on: push\njobs:\n  a:\n    name: \${{ 'x }}\n    runs-on: x\n    steps: [{ run: x }]\n`,
      ['4:11'],
    ],
    [
      'double quotes in an expression',
      `on: push\njobs:\n  a:\n    if: github.ref == "x"\n    runs-on: x\n    steps:\n      - run: echo \${{ format("x") }}\n`,
      ['4:23', '7:30'],
    ],
    [
      'an if of a job that asks for what it has not got yet',
      `on: push\njobs:\n  a:\n    if: secrets.KEY != ''\n    runs-on: x\n    steps: [{ run: x }]\n  b:\n    if: \${{ !cancelled() && env.STAGE == 'prod' }}\n    runs-on: x\n    steps: [{ run: x }]\n`,
      ['4:9', '8:29'],
    ],
    [
      'an if of a step that asks for a secret',
      `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: x\n        if: success() && secrets['KEY']\n`,
      ['7:26'],
    ],
    ['broken YAML', 'on: push\njobs:\n  a:\n   b: c: d\n', ['4:7!']],
    ['steps too far left, after an empty line', 'on: push\njobs:\n  a:\n    x: 1\n\n   steps: []\n', ['6:4!']],
    ['a tab', 'on: push\njobs:\n\ta: b\n', ['3:1!']],
  ])('%s', (_, text, expected) => {
    const { faults } = parseWorkflowFile(FILE, text);
    expect(faults.map(({ span, isFatal }) => `${span.line}:${span.column}${isFatal ? '!' : ''}`)).toEqual(expected);
    for (const { message, remedy } of faults) expect([message, remedy].join(' ')).toMatch(/^[^\n]+\. [^\n]+\.$/);
  });

  it.each([
    ['an empty file', ''],
    ['comments alone', '# nothing yet\n'],
    ['needs in other capitals', `on: push\njobs:\n  Build: { ${JOB} }\n  b: { needs: build, ${JOB} }\n`],
    ['needs that are an expression', `on: push\njobs:\n  a: { needs: ["\${{ x }}"], ${JOB} }\n`],
    ['no steps in the list yet', 'on: push\njobs:\n  a: { runs-on: x, steps: [] }\n'],
    [
      'a diamond',
      `on: push\njobs:\n  a: { ${JOB} }\n  b: { needs: a, ${JOB} }\n  c: { needs: a, ${JOB} }\n  d: { needs: [b, c], ${JOB} }\n`,
    ],
    ['a bracket too far left', `on:\n  push:\n    branches: [\n    main,\n  ]\njobs:\n  a: { ${JOB} }\n`],
    [
      'double quotes in a text of an expression',
      `on: push\njobs:\n  a:\n    if: contains('"a"', '}}')\n    runs-on: x\n    steps:\n      - run: echo "\${{ format('"x"') }}" "\${X}"\n`,
    ],
    [
      'an if that only names a secret in a text, or asks for env in a step',
      `on: push\njobs:\n  a:\n    if: contains(github.event.head_commit.message, 'secrets.KEY') && vars.secrets && github.event.secrets.x\n    runs-on: x\n    steps:\n      - if: env.KEY != '' && steps.a.outcome == 'success' && matrix.os == 'x'\n        run: x\n`,
    ],
    ['a second document', `on: push\njobs:\n  a: { ${JOB} }\n---\nx: 1\n`],
  ])('not %s', (_, text) => {
    expect(parseWorkflowFile(FILE, text).faults).toEqual([]);
  });

  it('is not said of a file that may be of another tool', () => {
    for (const text of ['version: 2\nupdates: []\n', 'version: 2.1\njobs:\n  a: { docker: [] }\n', '- a\n']) {
      expect(
        parseWorkflowFile('config.yml', text).faults.filter(({ message }) => !message.startsWith('A workflow is')),
      ).toEqual([]);
    }
  });
});

describe('lines that stand too far left for YAML, and not for GitHub', () => {
  const JOBS = 'jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          one\n          two\n';

  it.each([
    ['a bracket', 'on:\n  push:\n    branches: [\n    main, # the "one\n    dev\n  ]\n', 12],
    ['a bracket in the first column', 'on:\n  push:\n    branches: [main,\ndev\n]\n', 11],
    ['quotes', "on: { push: { branches: [main, dev] } }\nname: 'Ship\nit'\n", 9],
    ['a closing quote', 'on: { push: { branches: [main, dev] } }\nenv:\n  A: "b\n"\n', 10],
    ['two of them', 'on:\n  push:\n    branches: [\n  main, dev\n  ]\nname: "Ship\nit"\n', 13],
  ])('%s', (_, head, line) => {
    const { triggers, jobs, faults, name, env } = parseWorkflowFile(FILE, head + JOBS);
    expect(faults).toEqual([]);
    expect(triggers[0]?.branches.map(({ value }) => value)).toEqual(['main', 'dev']);
    expect([name?.value ?? 'Ship it', env.get('A')?.value.value ?? 'b ']).toEqual(['Ship it', 'b ']);
    const run = jobs[0]?.steps[0]?.run;
    expect(run?.value).toBe('one\ntwo\n');
    expect(run && spanOf(run.placed, 4, 7)).toMatchObject({ line: line + 1, column: 11 });
  });

  it('are broken where they have no end', () => {
    const { jobs, faults } = parseWorkflowFile(FILE, `on: push\nname: [a,\nb\n${JOBS}`);
    expect([jobs, faults.map(({ span, isFatal }) => [span.line, isFatal])]).toEqual([[], [[3, true]]]);
  });
});

describe('an action', () => {
  it('that is composite has inputs and steps', () => {
    const text =
      'inputs:\n  tag: { default: latest }\noutputs:\n  x: { value: "${{ steps.a.outputs.x }}" }\nruns:\n  using: composite\n  steps:\n    - run: docker push "$TAG"\n      shell: bash\n';
    const action = parseCompositeAction('act/action.yml', text);
    expect(action?.inputs.get('tag')?.value.default?.value).toBe('latest');
    expect(keys(action?.outputs ?? new Map())).toEqual(['x']);
    const run = action?.steps[0]?.run;
    expect(run?.value).toBe('docker push "$TAG"');
    expect(run && spanOf(run.placed).line).toBe(8);
  });

  it.each(['runs: { using: node20, main: x.js }\n', 'a: b: c\n', '', '- x\n'])('%j is none', (text) => {
    expect(parseCompositeAction('action.yml', text)).toBeNull();
  });
});
