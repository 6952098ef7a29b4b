import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const found = (files: Readonly<Record<string, string>>): readonly string[] =>
  linesFound(files, 'concurrency/drops-queued-deploys');

const DEPLOY = 'ssh app@host "cd /srv/app && docker compose up -d"';

const workflow = (head: string, inJob = '', run = DEPLOY, on = 'on: push'): string =>
  [on, head, 'jobs:', '  deploy:', '    runs-on: ubuntu-24.04', inJob, '    steps:', `      - run: ${run}`]
    .filter((line) => line !== '')
    .join('\n');

describe('a group that drops deployments', () => {
  it.each([
    ['by its name alone', workflow('concurrency: prod'), 2],
    ['although it cancels nothing', workflow('concurrency:\n  group: prod\n  cancel-in-progress: false'), 2],
    ['by cancelling', workflow('concurrency: { group: prod, cancel-in-progress: true }'), 2],
    ['of one branch', workflow('concurrency: ${{ github.workflow }}-${{ github.ref }}'), 2],
    ['with a queue of one', workflow('concurrency: { group: prod, queue: single }'), 2],
    ['of a job', workflow('', '    concurrency: prod'), 5],
    ['of a job that migrates', workflow('', '    concurrency: prod', 'python manage.py migrate --noinput'), 5],
    [
      'of all pull requests',
      workflow('concurrency: { group: x, cancel-in-progress: true }', '', DEPLOY, 'on: pull_request'),
      2,
    ],
    [
      'whose name is one of a list',
      workflow(`concurrency: deploy-\${{ fromJSON('["uat", "prod"]')[github.ref == 'refs/heads/main'] }}`),
      2,
    ],
    [
      'under a condition',
      workflow('concurrency: { group: prod, cancel-in-progress: "${{ github.ref != \'x\' }}" }'),
      2,
    ],
  ])('%s', (_, text, line) => {
    expect(found({ 'a.yml': text })).toEqual([`a.yml:${line}`]);
  });

  it.each([
    [
      'that only makes a release',
      workflow('concurrency: prod').replace(`run: ${DEPLOY}`, 'uses: softprops/action-gh-release@v2'),
    ],
    ['with a queue', workflow('concurrency: { group: prod, queue: max }')],
    ['with a queue that is an expression', workflow('concurrency: { group: prod, queue: "${{ vars.QUEUE }}" }')],
    ['of one commit', workflow('concurrency: prod-${{ github.sha }}')],
    [
      'of one run',
      workflow('concurrency: { group: "${{ github.head_ref || github.run_id }}", cancel-in-progress: true }'),
    ],
    ['of one tag', workflow('concurrency: ${{ github.ref }}', '', DEPLOY, 'on: { push: { tags: [v*] } }')],
    ['of tests', workflow('concurrency: { group: "${{ github.ref }}", cancel-in-progress: true }', '', 'pytest')],
    [
      'of a pull request',
      workflow(
        'concurrency: { group: "x-${{ github.ref }}", cancel-in-progress: true }',
        '',
        DEPLOY,
        'on: pull_request',
      ),
    ],
    ['where there is none', workflow('')],
  ])('is none %s', (_, text) => {
    expect(found({ 'a.yml': text })).toEqual([]);
  });

  it('is found around and inside of a workflow that is called', () => {
    const caller = 'on: push\njobs:\n  ship:\n    concurrency: prod\n    uses: ./.github/workflows/b.yml\n';
    const called = workflow('concurrency: b', '    concurrency: c', DEPLOY, 'on: workflow_call');
    expect(found({ 'a.yml': caller, 'b.yml': called })).toEqual(['b.yml:2', 'a.yml:4', 'b.yml:6']);
  });
});

describe('a group of its own for each run that is no pull request', () => {
  const both = 'on: { push: { branches: [main] }, pull_request: }';
  const group = (name: string): string => `concurrency: { group: "${name}", cancel-in-progress: true }`;
  const perRun = group('${{ github.head_ref || github.run_id }}');

  it.each([
    ['that is named by the branch', workflow(perRun, '', DEPLOY, both)],
    [
      'that is named by its number',
      workflow(group('${{ github.event.pull_request.number || github.sha }}'), '', DEPLOY, both),
    ],
  ])('is shared by runs of a pull request, where that deploys, too: %s', (_, text) => {
    expect(found({ 'a.yml': text })).toEqual(['a.yml:2']);
  });

  it.each([
    ['no pull request starts it', workflow(perRun)],
    ['only pull requests start it, for a preview', workflow(perRun, '', DEPLOY, 'on: pull_request')],
    ['the job asks for a branch', workflow(perRun, "    if: github.ref == 'refs/heads/main'", DEPLOY, both)],
    [
      'the step asks for the event',
      workflow(perRun, '', DEPLOY, both).replace('- run', "- if: github.event_name == 'push'\n        run"),
    ],
    [
      'what it waits for asks for a branch',
      `${workflow(perRun, '    needs: build', DEPLOY, both)}\n  build:\n    if: github.ref_name == 'main'\n    runs-on: ubuntu-24.04\n    steps: [{ run: make }]\n`,
    ],
    ['all that wait are kept', workflow(perRun.replace('cancel-in-progress: true', 'queue: max'), '', DEPLOY, both)],
    ['the name has the run itself', workflow(group('${{ github.head_ref }}-${{ github.run_id }}'), '', DEPLOY, both)],
  ])('drops none where %s', (_, text) => {
    expect(found({ 'a.yml': text })).toEqual([]);
  });
});
