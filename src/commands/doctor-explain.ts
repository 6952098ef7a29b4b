import { readFile } from 'node:fs/promises';
import process from 'node:process';

import { closestName } from '../config/closest-name.ts';
import { usageError } from '../core/errors.ts';
import { packageFile } from '../version.ts';
import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

/**
 * `devsetup doctor --explain CODE`: prints the page of a finding.
 *
 * @throws usage error UNKNOWN_FINDING
 */
export const explainFinding = async (
  code: string,
  options: CommonOptions,
  terminal: Terminal,
): Promise<{ readonly exitCode: number }> => {
  const [{ allFindings }, { docsOf }, { renderPage }, { renderJson }] = await Promise.all([
    import('../doctor/examine.ts'),
    import('../core/doctor-report.ts'),
    import('../ui/render-page.ts'),
    import('../ui/render-json.ts'),
  ]);
  const findings = allFindings();
  const known = new Set(findings.keys());
  if (!known.has(code) && code !== 'project-check') throw unknownFinding(code, [...known]);
  const docs = docsOf(code, known);
  const page = await readFile(packageFile(docs), 'utf8');
  const { stdout } = process;
  const columns = stdout.isTTY ? stdout.columns : undefined;
  stdout.write(
    options.json === true
      ? renderJson({ schemaVersion: 1, exitCode: 0, code, severity: findings.get(code) ?? null, docs, page })
      : renderPage(page, { columns, color: terminal.color(stdout) }),
  );
  return { exitCode: 0 };
};

const unknownFinding = (code: string, known: readonly string[]): Error => {
  const meant = closestName(code, known);
  return usageError({
    code: 'UNKNOWN_FINDING',
    message: `--explain: there is no finding "${code}".`,
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}devsetup doctor names the code of what it finds by its page; docs/findings/README.md lists them all.`,
  });
};
