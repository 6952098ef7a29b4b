import { describe, expect, it } from 'vitest';

import {
  compareLabels,
  describeLabels,
  type LabelledRepository,
  renderScore,
  sumUp,
} from '../../corpus/compare-labels.mjs';

const DEPLOY = '.github/workflows/deploy.yml';

type Label = LabelledRepository['files'][number]['labels'][number];

const label = (overrides: Partial<Label>): Label => ({
  rule: 'migrate/inline-in-deploy',
  line: 10,
  certain: true,
  why: 'the deployment migrates',
  ...overrides,
});

const repository = (...labels: readonly Label[]): LabelledRepository => ({
  repository: 'acme/shop',
  commit: '0'.repeat(40),
  files: [{ path: DEPLOY, kind: 'django ssh', labels }],
});

const finding = (line: number, { rule = 'migrate/inline-in-deploy', file = DEPLOY } = {}) => ({
  rule,
  file,
  line,
  message: 'it migrates',
});

const numbers = (comparison: ReturnType<typeof compareLabels>) => {
  const total = sumUp([comparison]).at(-1)!;
  return { labels: total.labels, right: total.right, wrong: total.wrong, missed: total.missed };
};

describe('labels and findings', () => {
  it.each([
    ['on its line', 10, 1],
    ['one line above', 9, 1],
    ['one line below the end', 13, 1],
    ['two lines below the end', 14, 0],
  ])('a finding %s of a label with a range is right or not', (_, line, right) => {
    const compared = compareLabels(repository(label({ line: 10, endLine: 12 })), [finding(line)]);
    expect(numbers(compared)).toEqual({ labels: 1, right, wrong: 1 - right, missed: 1 - right });
  });

  it('a finding of another rule is wrong, and the label is missed', () => {
    const compared = compareLabels(repository(label({})), [finding(10, { rule: 'migrate/order' })]);
    expect(numbers(compared)).toEqual({ labels: 1, right: 0, wrong: 1, missed: 1 });
    expect(compared.missed).toEqual([
      { rule: 'migrate/inline-in-deploy', file: DEPLOY, line: 10, message: 'the deployment migrates' },
    ]);
  });

  it('several findings of one label count once as right', () => {
    const compared = compareLabels(repository(label({ endLine: 12 })), [finding(10), finding(12)]);
    expect(numbers(compared)).toEqual({ labels: 1, right: 1, wrong: 0, missed: 0 });
  });

  it('two labels on neighbouring lines get a finding each', () => {
    const compared = compareLabels(repository(label({ line: 10 }), label({ line: 11 })), [finding(11), finding(10)]);
    expect(numbers(compared)).toEqual({ labels: 2, right: 2, wrong: 0, missed: 0 });
  });

  it('a label with a file is matched in that file only', () => {
    const inScript = repository(label({ file: 'ops/release.sh', line: 3 }));
    expect(numbers(compareLabels(inScript, [finding(3)]))).toEqual({ labels: 1, right: 0, wrong: 1, missed: 1 });
    expect(numbers(compareLabels(inScript, [finding(3, { file: 'ops/release.sh' })]))).toEqual({
      labels: 1,
      right: 1,
      wrong: 0,
      missed: 0,
    });
  });

  it('another place of a label is as right as the first', () => {
    const called = repository(label({ line: 10, or: [{ file: 'ops/release.sh', line: 3 }, { line: 20 }] }));
    for (const found of [finding(10), finding(20), finding(3, { file: 'ops/release.sh' })])
      expect(numbers(compareLabels(called, [found]))).toEqual({ labels: 1, right: 1, wrong: 0, missed: 0 });
  });

  it('an arguable label makes its findings neither right nor wrong, and is not missed', () => {
    const arguable = repository(label({ certain: false }));
    expect(numbers(compareLabels(arguable, []))).toEqual({ labels: 0, right: 0, wrong: 0, missed: 0 });
    expect(numbers(compareLabels(arguable, [finding(10)]))).toEqual({ labels: 0, right: 0, wrong: 0, missed: 0 });
  });

  it('each rule has a row, and all of them together one', () => {
    const rows = sumUp([
      compareLabels(repository(label({}), label({ line: 30 })), [finding(10), finding(50)]),
      compareLabels(repository(), [finding(4, { rule: 'migrate/order' })]),
    ]);
    expect(renderScore(rows)).toBe(
      [
        '| rule | labels | found | right | wrong | missed | precision | recall |',
        '| --- | --- | --- | --- | --- | --- | --- | --- |',
        '| migrate/inline-in-deploy | 2 | 2 | 1 | 1 | 1 | 0.50 | 0.50 |',
        '| migrate/order | 0 | 1 | 0 | 1 | 0 | 0.00 | – |',
        '| all | 2 | 3 | 1 | 2 | 1 | 0.33 | 0.50 |',
      ].join('\n'),
    );
  });
});

describe('labels', () => {
  it('are counted, with those that are arguable and those that were corrected', () => {
    const corrected = label({ certain: false, why: 'It migrates. Corrected after the first scoring: overlooked.' });
    expect(describeLabels([repository(label({}), corrected), repository()])).toBe(
      '2 labels in 2 files of 2 repositories: 1 arguable, 1 corrected after the first scoring',
    );
  });
});
