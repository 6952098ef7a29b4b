import { expect, test } from 'vitest';

import type { AuditFinding, TextEdit } from '../../../src/audit/finding.ts';
import { planFixes } from '../../../src/audit/fix/plan-fixes.ts';

const TEXT = 'one || true\ntwo || true\n';

const finding = (
  edits: readonly Omit<TextEdit, 'file'>[],
  suppressed: AuditFinding['suppressed'] = null,
): AuditFinding => ({
  rule: 'migrate/swallowed-failure',
  severity: 'error',
  span: { file: 'a.yml', line: 1, column: 1, endLine: 1, endColumn: 4 },
  message: 'It is hidden.',
  fix: { sentence: 'Let it fail.', edits: edits.map((edit) => ({ ...edit, file: 'a.yml' })) },
  suppressed,
});
const first = { start: 3, end: 11, text: '' };
const second = { start: 15, end: 23, text: '' };

const planned = (...findings: readonly AuditFinding[]): readonly string[] =>
  planFixes(findings, (file) => (file === 'a.yml' ? TEXT : undefined)).map(({ after }) => after);

test('edits of several findings are one change of the file', () => {
  expect(planned(finding([first]), finding([second]))).toEqual(['one\ntwo\n']);
});

test('the order they are found in does not matter', () => {
  expect(planned(finding([second]), finding([first]))).toEqual(['one\ntwo\n']);
});

test('the same edit of two findings is done once', () => {
  expect(planned(finding([first]), finding([first]))).toEqual(['one\ntwo || true\n']);
});

test('of two that are in each other’s way the first is done', () => {
  expect(planned(finding([first]), finding([{ start: 0, end: 5, text: 'x' }]))).toEqual(['one\ntwo || true\n']);
});

test('a finding is mended as a whole or not at all', () => {
  expect(planned(finding([first]), finding([{ start: 0, end: 5, text: 'x' }, second]))).toEqual(['one\ntwo || true\n']);
});

test('what is silenced stays', () => {
  expect(planned(finding([first], { by: 'comment', reason: 'meant' }))).toEqual([]);
});

test.each([
  ['beyond the text', { start: 20, end: 200, text: '' }],
  ['backwards', { start: 9, end: 3, text: '' }],
  ['that changes nothing', { start: 0, end: 3, text: 'one' }],
])('an edit %s is none', (_, edit) => {
  expect(planned(finding([edit]))).toEqual([]);
});
