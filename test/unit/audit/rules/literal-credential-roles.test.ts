import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const job = (id: string, step: string): string =>
  `on: push\njobs:\n  ${id}:\n    runs-on: ubuntu-24.04\n    env:\n      DB_PASSWORD: tiger-4711\n    steps:\n      - ${step}\n`;
const found = (text: string): readonly string[] => linesFound({ 'a.yml': text }, 'secret/literal-credential');

describe('a password in a job', () => {
  it.each([
    ['that builds an image for its tests', 'test-e2e', 'run: docker build -t shop/web:1 .', []],
    ['that builds', 'image', 'run: docker build -t shop/web:1 .', ['a.yml:6']],
    ['that deploys, whatever its name', 'smoke', 'run: kubectl apply -f web.yml', ['a.yml:6']],
  ])('is judged by what it is for: %s', (_, id, step, lines) => {
    expect(found(job(id, step))).toEqual(lines);
  });
});

it.each([
  ['says that it is for a validation, in order behind it', 'KEY=sk-validation-1234567890abcdefA1', []],
  ['says so, and is generated', 'KEY=sk-validation-83f0c1d97be24a6f', ['a.yml:8']],
  ['only is in order', 'PASSWORD=abcdef12345Z', ['a.yml:8']],
])('a value that %s is judged by what is thought of', (_, setting, lines) => {
  const text = job('ship', `run: API_${setting} kubectl apply -f web.yml`).replace('tiger-4711', '${{ secrets.DB }}');
  expect(found(text)).toEqual(lines);
});
