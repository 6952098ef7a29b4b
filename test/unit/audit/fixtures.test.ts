import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { runAudit } from '../../../src/audit/run-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';
import { isRuleId, RULE_IDS } from '../../../src/core/rule-ids.ts';

/**
 * `test/fixtures/audit/<rule>/`: workflows that are good (silent under all rules) and bad. A line that is found ends in `# expect <rule>`;
 * where a comment would be part of a value, the first lines say `# expect <rule> at <line>`. A folder is audited as one checkout; files
 * that are no workflows are in its `checkout/`.
 */
const FOLDER = path.join(import.meta.dirname, '../../fixtures/audit');

/** Scripts that the workflows call. */
const CHECKOUT: Readonly<Record<string, string>> = {
  'ops/release.sh': '#!/bin/sh\nset -e\ncd /srv/shop\npython manage.py migrate --noinput\nsystemctl restart shop\n',
  'ops/restart.sh': '#!/bin/sh\nsystemctl restart shop\n',
};

interface Sample {
  readonly name: string;
  readonly rule: string;
  readonly files: Readonly<Record<string, string>>;
}

/** With `/`, relative to the folder. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));

const WORKFLOWS = '.github/workflows/';

const pathOf = (name: string): string =>
  name.startsWith('checkout/') ? name.slice('checkout/'.length) : `${WORKFLOWS}${name}`;

const samples: readonly Sample[] = readdirSync(FOLDER).flatMap((folder) =>
  readdirSync(path.join(FOLDER, folder), { withFileTypes: true }).map((entry) => {
    const at = path.join(FOLDER, folder, entry.name);
    const names = entry.isDirectory() ? filesIn(at) : [entry.name];
    const read = (name: string): string => readFileSync(entry.isDirectory() ? path.join(at, name) : at, 'utf8');
    return {
      name: `${folder}/${entry.name}`,
      rule: folder.replace('-', '/'),
      files: Object.fromEntries(names.map((name) => [pathOf(name), read(name)])),
    };
  }),
);

const expectedIn = ({ files }: Sample): readonly string[] =>
  Object.entries(files).flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(/# expect (\S+)(?: at (\d+))?/g)].map(([, rule, at]) => `${file}:${at ?? index + 1} ${rule}`),
      ),
  );

const foundIn = ({ files }: Sample): readonly string[] => {
  const { findings, crashes } = runAudit({
    files: Object.entries(files)
      .filter(([file]) => file.startsWith(WORKFLOWS))
      .map(([file, text]) => ({ path: file, text })),
    readFile: (file) => files[file] ?? CHECKOUT[file],
    project: { isDjango: null, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
  });
  expect(crashes).toEqual([]);
  return findings
    .filter(({ suppressed }) => suppressed === null)
    .map(({ span, rule }) => `${span.file}:${span.line} ${rule}`);
};

describe('every rule has good and bad samples', () => {
  it.each(RULE_IDS)('%s', (rule) => {
    const own = samples.filter((sample) => sample.rule === rule);
    expect(own.some((sample) => expectedIn(sample).some((one) => one.endsWith(` ${rule}`)))).toBe(true);
    expect(own.some((sample) => expectedIn(sample).length === 0)).toBe(true);
  });

  it('and nothing else', () => {
    expect(samples.map(({ rule }) => rule).filter((rule) => !isRuleId(rule))).toEqual([]);
  });
});

describe('exactly what is expected is found', () => {
  it.each(samples)('$name', (sample) => {
    expect([...foundIn(sample)].sort()).toEqual([...expectedIn(sample)].sort());
  });
});
