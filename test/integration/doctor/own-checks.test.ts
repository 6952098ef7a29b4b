import { chmod } from 'node:fs/promises';

import { expect, test } from 'vitest';

import type { ReportedCheck } from '../../../src/core/doctor-report.ts';
import { writeProjectFile } from '../../support/sample-project.ts';
import { configure } from '../../support/variations.ts';
import { OWN_CHECKS_ROWS } from './rows/own-checks.ts';
import { openDoctorSite, type DoctorSite } from './support/healthy-site.ts';
import { testRows } from './support/row.ts';

testRows(OWN_CHECKS_ROWS);

const withSite = async (use: (site: DoctorSite) => Promise<void>): Promise<void> => {
  const site = await openDoctorSite();
  try {
    await use(site);
  } finally {
    await site.remove();
  }
};

const node = (code: string): readonly string[] => ['node', '-e', code];
const unknown = (message: RegExp): Partial<ReportedCheck> => ({
  status: 'could-not-check',
  network: false,
  message: expect.stringMatching(message),
});

/** By id: what configuration names, and what comes of it. */
const CHECKS: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, Partial<ReportedCheck>]>> = {
  silent: [{ command: node('void 0') }, { status: 'passed' }],
  empty: [{ command: node('console.log("[]")') }, { status: 'passed' }],
  'stderr-only': [{ command: node('console.error("{not json}")') }, { status: 'passed' }],
  'found-and-failed': [
    { command: node('console.log(JSON.stringify([{severity:"info",message:"M.",remedy:"R."}])); process.exit(1)') },
    { status: 'findings' },
  ],
  talking: [{ command: node('console.log("all is well")') }, unknown(/what node says is not understood: .*no JSON/)],
  fatal: [
    { command: node('console.log(JSON.stringify([{severity:"fatal",message:"M.",remedy:"R."}]))') },
    unknown(/\[0\]\.severity must be one of "error", "warning", "info"/),
  ],
  failing: [
    { command: node('console.error("one\\ntwo"); process.exit(3)') },
    unknown(/^node ended with exit code 3 and printed no finding · one · two$/),
  ],
  missing: [{ command: ['no-such-program'] }, unknown(/^no-such-program cannot be started/)],
  slow: [
    { command: ['sh', '-c', 'echo begun >&2; exec sleep 86400'], timeoutSeconds: 2 },
    unknown(/^sh took longer than 2 s · begun$/),
  ],
  secret: [{ command: node('console.error(process.env.DATABASE_URL); process.exit(1)') }, unknown(/\*\*\*/)],
  file: [{ file: 'checks/found.json' }, { status: 'findings', findings: [expect.objectContaining({ code: 'file' })] }],
  'file-missing': [{ file: 'checks/no.json' }, unknown(/^checks\/no\.json does not exist$/)],
  script: [{ file: 'checks/look.sh' }, { status: 'findings' }],
  'script-not-executable': [{ file: 'checks/text.sh' }, unknown(/^checks\/text\.sh cannot be started/)],
  database: [{ command: node('void 0') }, unknown(/another check or step has the id "database"/)],
};

test('own checks: what they say is shown, and a broken one is told and stops nothing', () =>
  withSite(async (site) => {
    const { project } = site;
    const found = JSON.stringify({ severity: 'info', message: 'M.', remedy: 'R.', file: 'a.txt', line: 2 });
    await writeProjectFile(project, 'checks/found.json', found);
    await chmod(await writeProjectFile(project, 'checks/look.sh', `#!/bin/sh\necho '${found}'\n`), 0o755);
    await writeProjectFile(project, 'checks/text.sh', 'echo\n');
    const checks = Object.entries(CHECKS).map(([id, [check]]) => ({ id, ...check }));
    await configure({ doctor: { checks } })(project);
    const run = await site.doctor(['--only', 'project']);
    const own = run.report.checks.filter(({ group }) => group === 'project');
    expect(own.map(({ id }) => id)).toEqual(Object.keys(CHECKS));
    for (const result of own) expect(result, result.id).toMatchObject(CHECKS[result.id]?.[1] ?? {});
    expect(own.flatMap(({ findings }) => findings.map(({ docs }) => docs))).toEqual(
      Array(3).fill('docs/findings/project-check.md'),
    );
    expect(run.stdout).not.toContain(site.database.url);
    expect(run.exitCode).toBe(1);
  }));

test('what configuration leaves out, with its reason: a check, a group, a finding, one of an own check', () =>
  withSite(async (site) => {
    const checks = [
      {
        id: 'queue',
        command: node('console.log(JSON.stringify([{code:"full",severity:"error",message:"M.",remedy:"R."}]))'),
      },
    ];
    await configure({
      doctor: {
        checks,
        skip: { 'queue-full': 'known', database: 'not now', 'last-run': 'no matter', 'workflow-invalid': 'x' },
      },
    })(site.project);
    const run = await site.doctor();
    expect(run.codes).toEqual([]);
    expect(run.exitCode).toBe(0);
    const skipped = run.report.checks.filter(({ status }) => status === 'skipped');
    expect(skipped).toContainEqual(expect.objectContaining({ id: 'queue', message: 'known' }));
    expect(skipped).toContainEqual(expect.objectContaining({ id: 'last-run', message: 'no matter' }));

    await configure({ doctor: { skip: { databse: 'x' } } })(site.project);
    const mistyped = await site.show(['doctor', '--json']);
    expect(mistyped.exitCode).toBe(2);
    expect(JSON.parse(mistyped.stdout)).toMatchObject({ error: { code: 'UNKNOWN_CHECK' } });
  }));

test('a mistake in this part of the configuration is a finding that names its place', () =>
  withSite(async (site) => {
    const twice = { id: 'queue', command: ['true'] };
    await configure({
      doctor: {
        skip: { database: ' ' },
        checks: [twice, twice, { id: 'Both', command: ['x'], file: 'y' }, { id: 'none' }],
      },
    })(site.project);
    const run = await site.doctor(['--only', 'checkout']);
    const [finding] = run.report.checks.flatMap(({ findings }) => findings);
    expect(finding?.code).toBe('config-invalid');
    const text = finding?.evidence.join('\n') ?? '';
    for (const part of [
      /doctor\.skip\.database must say why/,
      /there is another check with the id "queue"/,
      /doctor\.checks\[2\]\.id must be in kebab-case/,
      /doctor\.checks\[3\] needs exactly one of "command" and "file"/,
    ])
      expect(text).toMatch(part);
  }));
