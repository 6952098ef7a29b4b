import { describe, expect, it } from 'vitest';

import { showHoles } from '../../../../src/shell/holes.ts';
import type { AuditedJob } from '../../../../src/audit/pipeline.ts';
import { auditOf } from '../../../support/audit.ts';

type Checkout = Readonly<Record<string, string>>;

/** What a job runs: `layers> words [fate]`. */
const callsOf = (text: string, checkout: Checkout = {}, id = 'here'): readonly string[] => {
  const audit = auditOf({ 'ci.yml': text }, checkout);
  const job: AuditedJob | undefined = audit.pipelines[0]?.jobs.find((one) => one.id === id);
  return (job?.steps ?? []).flatMap(({ calls }) =>
    calls.map(({ layers, words, fate, span }) => {
      const within = layers.map(({ kind }) => `${kind}> `).join('');
      const text = words.map(({ value }) => showHoles(value, audit.holes)).join(' ');
      return `${span.line}: ${within}${text}${fate.kind === 'fails' ? '' : ` [${fate.kind}]`}`;
    }),
  );
};

const job = (steps: string, head = ''): string =>
  `on: push\njobs:\n  here:\n${head}    runs-on: ubuntu-24.04\n    steps:\n${steps}`;

describe('scripts of actions', () => {
  it('of a server: its own shell goes on after a failure', () => {
    const steps = `      - uses: appleboy/ssh-action@v1
        with:
          host: app.example
          script: |
            python manage.py migrate
            systemctl restart shop
`;
    expect(callsOf(job(steps))).toEqual([
      '10: remote> python manage.py migrate [unheeded]',
      '11: remote> systemctl restart shop',
    ]);
    expect(callsOf(job(steps.replace('ssh-action@v1', 'unknown-ssh@v1')))[0]).toBe(
      '10: remote> python manage.py migrate',
    );
  });

  it.each([
    ['v0.1.10', 'stops'],
    ['v1.0.3', 'stops'],
    ['v1.2.0', 'stops'],
    ['v1.2.1', 'continues'],
    ['v1.2.5', 'continues'],
    ['v1', 'continues'],
    ['v2', 'continues'],
    ['master', 'continues'],
    ['0ff4204d59e8e51228ff73bce53f80d53301dee2', 'stops'],
  ])('script_stop of appleboy/ssh-action@%s: the shell %s', (ref, expected) => {
    const steps = `      - uses: appleboy/ssh-action@${ref}
        with:
          host: app.example
          script_stop: true
          script: |
            python manage.py migrate
            systemctl restart shop
`;
    expect(callsOf(job(steps))[0]).toBe(
      `11: remote> python manage.py migrate${expected === 'continues' ? ' [unheeded]' : ''}`,
    );
  });

  it.each([
    ['cross-the-world/ssh-pipeline', ''],
    ['D3rHase/ssh-command-action', ' [unheeded]'],
    ['fifsky/ssh-action', ' [unheeded]'],
    ['garygrossgarten/github-action-ssh', ' [unheeded]'],
    ['acme/ssh-exec', ''],
  ])('knows whether %s continues after a failure', (action, expected) => {
    const steps = `      - uses: ${action}@v1\n        with:\n          host: h\n          command: a; b\n`;
    expect(callsOf(job(steps))[0]).toBe(`9: remote> a${expected}`);
  });

  it('of a server: only variables that are handed on are known there', () => {
    const steps = (envs: string): string => `      - uses: acme/ssh-exec@v2
        env:
          TAG: v1
          KEY: a
        with:
          host: app.example
${envs}          command: pull $TAG $KEY
`;
    expect(callsOf(job(steps('          envs: TAG\n')))).toEqual(['13: remote> pull v1 $KEY']);
    expect(callsOf(job(steps('')))).toEqual(['12: remote> pull $TAG $KEY']);
  });

  it('that are tried again, run in a container, or are for a platform', () => {
    expect(callsOf(job('      - uses: nick-fields/retry@v3\n        with:\n          command: make wait\n'))).toEqual([
      '8: make wait',
    ]);
    expect(
      callsOf(
        job(
          '      - uses: addnab/docker-run-action@v3\n        with:\n          image: app:1\n          run: pytest\n',
        ),
      ),
    ).toEqual(['9: container> pytest']);
    expect(callsOf(job('      - uses: azure/CLI@v2\n        with:\n          inlineScript: az webapp up\n'))).toEqual([
      '8: az webapp up',
    ]);
  });

  it('but not where they are JavaScript', () => {
    const steps = '      - uses: actions/github-script@v7\n        with:\n          script: return context.sha\n';
    expect(callsOf(job(steps))).toEqual([]);
  });
});

describe('shells', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['without one: a pipe hides', '', ['7: a [swallowed]', '7: tee log']],
    ['bash: a pipe does not', '        shell: bash\n', ['8: a', '8: tee log']],
    ['one of the workflow', '        shell: bash {0}\n', ['8: a [swallowed]', '8: tee log']],
  ])('%s', (_, shell, calls) => {
    expect(callsOf(job(`      - name: x\n${shell}        run: a | tee log\n`))).toEqual(calls);
  });

  it('of the job and the workflow', () => {
    const steps = '      - run: a | tee log\n';
    expect(callsOf(job(steps, '    defaults:\n      run:\n        shell: bash\n'))[0]).toBe('9: a');
    expect(callsOf(`defaults:\n  run:\n    shell: bash\n${job(steps)}`)[0]).toBe('9: a');
  });

  it('finds scripts from the folder a step runs in', () => {
    const checkout = { 'ops/go.sh': 'echo hello\n' };
    const calls = ['1: script> echo hello'];
    expect(callsOf(job('      - run: ./go.sh\n        working-directory: ops\n'), checkout)).toEqual(
      expect.arrayContaining(calls),
    );
    expect(callsOf(job('      - run: bash ${{ github.workspace }}/ops/go.sh\n'), checkout)).toEqual(
      expect.arrayContaining(calls),
    );
  });
});

describe('composite actions', () => {
  const action = `inputs:
  command:
    default: check
runs:
  using: composite
  steps:
    - run: python manage.py \${{ inputs.command }}
      shell: bash
`;
  const checkout = { 'tools/manage/action.yml': action };

  it('stand in the place of the step, with its inputs', () => {
    const steps =
      '      - uses: ./tools/manage\n        with:\n          command: migrate\n      - uses: ./tools/manage\n';
    expect(callsOf(job(steps), checkout)).toEqual(['7: python manage.py migrate', '7: python manage.py check']);
  });

  it('pass on that a failure does not count', () => {
    const steps = '      - uses: ./tools/manage\n        continue-on-error: true\n';
    const [first] = auditOf({ 'ci.yml': job(steps) }, checkout).pipelines[0]?.jobs[0]?.steps.slice(1) ?? [];
    expect(first?.continuesOnError).toMatchObject({ file: '.github/workflows/ci.yml', line: 7 });
  });

  it('that call themselves come to an end', () => {
    const loop = 'runs:\n  using: composite\n  steps:\n    - uses: ./tools/loop\n    - run: make\n      shell: bash\n';
    const calls = callsOf(job('      - uses: ./tools/loop\n'), { 'tools/loop/action.yaml': loop });
    expect(new Set(calls)).toEqual(new Set(['5: make']));
  });
});

describe('called workflows', () => {
  const called = `on:
  workflow_call:
    inputs:
      tag:
        type: string
        default: latest
jobs:
  first:
    runs-on: ubuntu-24.04
    steps:
      - run: show \${{ inputs.tag }}
  second:
    needs: first
    runs-on: ubuntu-24.04
    environment: \${{ inputs.tag }}
    steps:
      - run: make
`;
  const caller = `on: push
jobs:
  start:
    runs-on: ubuntu-24.04
    steps:
      - run: make
  all:
    needs: start
    uses: ./.github/workflows/called.yml
    with:
      tag: \${{ github.sha }}
  end:
    needs: all
    runs-on: ubuntu-24.04
    steps:
      - run: make
`;
  const graph = (texts: Checkout): readonly (readonly [string, readonly string[]])[] =>
    auditOf(texts)
      .pipelines.filter(({ workflow }) => workflow.source.file.endsWith('caller.yml'))
      .flatMap(({ jobs }) => jobs.map(({ key, allNeeds }) => [key, [...allNeeds].sort()] as const));

  it('put their jobs in the place of the call, between what it needs and what needs it', () => {
    expect(graph({ 'called.yml': called, 'caller.yml': caller })).toEqual([
      ['start', []],
      ['all / first', ['start']],
      ['all / second', ['all / first', 'start']],
      ['end', ['all / first', 'all / second', 'start']],
    ]);
  });

  it('get the values of the call, else their defaults', () => {
    const checkout = { '.github/workflows/called.yml': called };
    expect(callsOf(caller, checkout, 'first')).toEqual(['11: show ${github.sha}']);
    expect(callsOf(caller.replace(/ {4}with:\n.*\n/, ''), checkout, 'first')).toEqual(['11: show latest']);
  });

  it('of elsewhere, and those that are not here, are one job of which nothing is known', () => {
    const other = caller.replace('./.github/workflows/called.yml', 'acme/flows/.github/workflows/called.yml@v1');
    for (const text of [other, caller]) {
      const jobs = auditOf({ 'caller.yml': text }).pipelines[0]?.jobs ?? [];
      expect(jobs.map(({ key, isOpaque }) => [key, isOpaque])).toEqual([
        ['start', false],
        ['all', true],
        ['end', false],
      ]);
    }
  });

  it('that call each other come to an end', () => {
    const loop = (name: string): string =>
      `on: [push, workflow_call]\njobs:\n  go:\n    uses: ./.github/workflows/${name}.yml\n`;
    const { pipelines } = auditOf({ 'a.yml': loop('b'), 'b.yml': loop('a') });
    expect(pipelines.map(({ jobs }) => jobs.map(({ isOpaque }) => isOpaque))).toEqual([[true], [true]]);
  });
});

describe('stages', () => {
  it.each([
    ['deploy-prod.yml', '', null, 'prod'],
    ['13-uat-deployment.yml', '', null, 'uat'],
    ['ship.yml', '    environment: production\n', 'prod', 'prod'],
    ['ship.yml', '    environment: {name: Staging, url: x}\n', 'staging', 'staging'],
    ['ship.yml', '    environment: blue\n', 'blue', 'blue'],
    ['ship.yml', '', null, null],
  ])('%s %s', (file, head, ofJob, ofPipeline) => {
    const [pipeline] = auditOf({ [file]: job('      - run: make\n', head) }).pipelines;
    expect([pipeline?.jobs[0]?.stage, pipeline?.stage]).toEqual([ofJob, ofPipeline]);
  });
});
