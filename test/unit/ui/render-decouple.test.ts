import { describe, expect, it } from 'vitest';

import type { DecoupleReport, MovedPart } from '../../../src/core/decouple-report.ts';
import { renderDecoupleReport } from '../../../src/ui/render-decouple.ts';

const headline = (outcome: DecoupleReport['outcome'], moved: readonly MovedPart[]): string | undefined =>
  renderDecoupleReport(
    {
      schemaVersion: 1,
      command: 'decouple',
      version: '0.1.0',
      project: '/srv/shop',
      outcome,
      exitCode: 0,
      files: [],
      moved,
      left: [],
      settings: [],
      notes: [],
      next: [],
    },
    { columns: undefined, color: false, redact: (line) => line },
  ).split('\n')[0];

const image: MovedPart = { what: 'image of deploy', from: 'deploy.yml:9, shop:latest', to: 'deploy.yml, the commit' };
const migration: MovedPart = { what: 'migrate', from: 'deploy.yml:8, deploy', to: 'deploy.yml, migrate' };

describe('the last screen of decouple', () => {
  it.each<readonly [DecoupleReport['outcome'], readonly MovedPart[], string]>([
    ['done', [migration, image], 'Migrations have a job of their own now.'],
    ['done', [image, image], 'Deployments take images by the commit now.'],
    ['would-change', [image], 'Dry run: nothing was written.'],
    ['unchanged', [], 'Nothing to change.'],
  ])('begins with what was done: %s', (outcome, moved, expected) => {
    expect(headline(outcome, moved)).toBe(expected);
  });
});
