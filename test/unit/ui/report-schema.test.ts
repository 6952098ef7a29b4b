import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { STEP_IDS } from '../../../src/core/step.ts';
import { renderJson } from '../../../src/ui/render-json.ts';
import {
  doneReport,
  dryRunReport,
  failedReport,
  interruptedReport,
  unchangedReport,
} from './support/example-report.ts';
import { violations } from './support/json-schema.ts';

const schema = JSON.parse(await readFile(new URL('../../../schemas/run-report.schema.json', import.meta.url), 'utf8'));
const problemsOf = (document: unknown): readonly string[] => violations(schema, document);

describe('the document of --json', () => {
  const migrateReport = { ...doneReport, command: 'migrate', environment: 'prod', shard: { index: 1, count: 4 } };
  const unnamedReport = { ...doneReport, command: 'migrate', environment: null, shard: null };
  const reports = {
    migrateReport,
    unnamedReport,
    doneReport,
    failedReport,
    dryRunReport,
    interruptedReport,
    unchangedReport,
  };
  test.each(Object.entries(reports))('is one document that the published schema accepts: %s', (_, report) => {
    const text = renderJson(report);
    const document: unknown = JSON.parse(text);
    expect(document).toEqual(report);
    expect(problemsOf(document)).toEqual([]);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test.each([
    ['a field nobody knows', { ...doneReport, extra: 1 }],
    ['another version', { ...doneReport, schemaVersion: 2 }],
    ['an outcome there is not', { ...doneReport, outcome: 'fine' }],
    ['a step without a status', { ...doneReport, steps: [{ id: STEP_IDS[0] }] }],
    ['half a shard', { ...doneReport, shard: { index: 1 } }],
    ['half a millisecond', { ...doneReport, milliseconds: 0.5 }],
  ])('is refused by it with %s', (_, document) => {
    expect(problemsOf(document)).not.toEqual([]);
  });
});
