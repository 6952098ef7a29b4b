import { describe, expect, test } from 'vitest';

import { matchesGlob } from '../../../../src/audit/suppress/matches-glob.ts';
import { parseBaseline, renderBaseline } from '../../../../src/audit/suppress/baseline.ts';
import type { AuditInput } from '../../../../src/audit/judge-audit.ts';
import { DEFAULT_AUDIT_CONFIG, type AuditConfig } from '../../../../src/config/audit-config.ts';
import { RULE_IDS, type RuleId } from '../../../../src/core/rule-ids.ts';
import { judgeText } from '../support/judge-text.ts';

const told = (text: string, more: Partial<AuditInput> = {}): readonly string[] =>
  judgeText(text, more).findings.map(
    ({ rule, span, suppressed }) => `${span.line} ${rule}${suppressed === null ? '' : ` (${suppressed.by})`}`,
  );

const config = (ignore: AuditConfig['ignore']): Partial<AuditInput> => ({
  config: { ...DEFAULT_AUDIT_CONFIG, ignore },
});

describe('a comment', () => {
  test('silences its own rule on its own line', () => {
    expect(told('bad # devsetup: ignore[migrate/order] known\nbad\n')).toEqual([
      '1 migrate/order (comment)',
      '2 migrate/order',
    ]);
  });

  test('silences what goes over several lines from behind the last of them', () => {
    expect(told('bad\\\nbad # devsetup: ignore[migrate/order] known')).toEqual([
      '1 migrate/order',
      '2 migrate/order (comment)',
    ]);
    expect(told('long\n..\nend # devsetup: ignore[migrate/sequence] known')).toEqual(['1 migrate/sequence (comment)']);
  });

  test('of another rule silences nothing and is told', () => {
    expect(told('bad # devsetup: ignore[migrate/sequence] known')).toEqual(['1 migrate/order', '1 suppression/unused']);
  });

  test('is told for each rule of it that silences nothing', () => {
    const { findings } = judgeText('bad # devsetup: ignore[migrate/order, image/*] known');
    expect(findings.map(({ message }) => message)[1]).toBe(
      'Nothing of image/* is found where this comment silences it, on line 1.',
    );
  });

  test('without a reason silences and is told', () => {
    expect(told('bad # devsetup: ignore[migrate/order]')).toEqual([
      '1 migrate/order (comment)',
      '1 suppression/no-reason',
    ]);
  });

  test('that names no rule is told with what was meant', () => {
    const { findings } = judgeText('fine # devsetup: ignore[migrate/ordre] x');
    expect(findings.map(({ message, fix }) => [message, fix.sentence])).toEqual([
      ['There is no rule "migrate/ordre": this comment silences nothing by it.', 'Write migrate/order.'],
    ]);
  });

  test('for a rule that was not asked is not told', () => {
    const rules = new Set<RuleId>(RULE_IDS.filter((rule) => rule !== 'migrate/order'));
    expect(told('bad # devsetup: ignore[migrate/order] known', { rules })).toEqual([]);
    expect(told('bad # devsetup: ignore[migrate/*] known', { rules })).toEqual([]);
  });
});

describe('the configuration', () => {
  test('silences by path', () => {
    const ignore = [{ files: ['.github/workflows/old-*'], rules: ['migrate/order'] as const, reason: 'goes away' }];
    expect(told('bad', config(ignore))).toEqual(['1 migrate/order']);
    expect(told('bad', config([{ ...ignore[0], files: ['**/a.yml'], rules: ['migrate/order'], reason: 'x' }]))).toEqual(
      ['1 migrate/order (configuration)'],
    );
  });

  test('silences what comments are told for', () => {
    const ignore = [{ files: [], rules: ['suppression/no-reason'] as const, reason: 'by habit' }];
    expect(told('bad # devsetup: ignore[migrate/order]', config(ignore))).toEqual([
      '1 migrate/order (comment)',
      '1 suppression/no-reason (configuration)',
    ]);
  });

  test.each([
    ['a.yml', '.github/workflows/a.yml', true],
    ['*.yaml', '.github/workflows/a.yml', false],
    ['.github/*.yml', '.github/workflows/a.yml', false],
    ['.github/**', '.github/workflows/a.yml', true],
    ['.github/', '.github/workflows/a.yml', true],
    ['./.github/**/a.y?l', '.github/a.yml', true],
    ['a+b.yml', 'a+b.yml', true],
    ['a.yml', 'aXyml', false],
  ])('the pattern %s and %s: %s', (pattern, file, expected) => {
    expect(matchesGlob(pattern, file)).toBe(expected);
  });
});

describe('a baseline', () => {
  const baselineOf = (text: string): Partial<AuditInput> => ({
    baseline: parseBaseline('known.json', renderBaseline(judgeText(text).findings)),
  });

  test('knows findings again where lines have moved', () => {
    expect(told('\n\n  bad\n', baselineOf('bad'))).toEqual(['3 migrate/order (baseline)']);
  });

  test('does not know one more of the same', () => {
    expect(told('bad\nbad\nbad\n', baselineOf('bad\nbad'))).toEqual([
      '1 migrate/order (baseline)',
      '2 migrate/order (baseline)',
      '3 migrate/order',
    ]);
  });

  test('does not know a line that has changed', () => {
    expect(told('bad indeed', baselineOf('bad'))).toEqual(['1 migrate/order']);
  });

  test('does not take over what a comment silences', () => {
    expect(renderBaseline(judgeText('bad # devsetup: ignore[migrate/order] x').findings)).not.toContain(
      'migrate/order',
    );
  });

  test('holds no text of the file', () => {
    expect(renderBaseline(judgeText('bad hunter2').findings)).not.toContain('hunter2');
  });

  test.each(['', '[]', '{"schemaVersion": 2, "findings": []}', '{"schemaVersion": 1, "findings": [{}]}'])(
    'is not read from %j',
    (text) => {
      expect(() => parseBaseline('known.json', text)).toThrow(/known\.json is no baseline/);
    },
  );
});

test('a rule that fails is told, and does not hide what others have found', () => {
  const { findings, crashes } = judgeText('bad crash');
  expect(findings.map(({ rule }) => rule)).toEqual(['migrate/order']);
  expect(crashes.map(({ rule }) => rule)).toEqual(['migrate/missing-job']);
});

test('a file that is no text is a finding', () => {
  const found = judgeText('fine', { unreadable: [{ path: 'b.yml', reason: 'it is not UTF-8 text' }] }).findings;
  expect(found.map(({ rule, span }) => `${span.file} ${rule}`)).toEqual(['b.yml workflow/invalid']);
});
