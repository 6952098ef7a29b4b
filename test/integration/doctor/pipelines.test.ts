import { expect, test } from 'vitest';

import type { ReportedCheck } from '../../../src/core/doctor-report.ts';
import { PIPELINES_ROWS } from './rows/pipelines.ts';
import { githubCli, HEALTHY_GITHUB, type GithubAnswers } from './support/github-cli.ts';
import { openDoctorSite, type Diagnosed } from './support/healthy-site.ts';
import { testRows } from './support/row.ts';

testRows(PIPELINES_ROWS, { without: 'database,django,setup' });

const secretsOf = ({ report }: Diagnosed): ReportedCheck | undefined =>
  report.checks.find(({ id }) => id === 'workflow-secrets');

const denied = { code: 1, stderr: 'HTTP 403: Resource not accessible by integration\n' };
const CASES: readonly (readonly [string, GithubAnswers, Partial<ReportedCheck>])[] = [
  ['all is set', HEALTHY_GITHUB, { status: 'passed' }],
  [
    'not logged in',
    { 'auth status': { code: 1, stderr: 'You are not logged into any GitHub hosts. To log in, run: gh auth login\n' } },
    { status: 'not-applicable', message: 'gh is not logged in' },
  ],
  [
    'no network',
    { 'auth status': { code: 1, stderr: 'github.com\n  X Timeout trying to log in to github.com account someone\n' } },
    { status: 'could-not-check', network: true },
  ],
  [
    'the network goes away',
    { ...HEALTHY_GITHUB, 'secret list --json name': { code: 1, stderr: 'error connecting to api.github.com\n' } },
    { status: 'could-not-check', network: true },
  ],
  [
    'no repository on GitHub',
    { ...HEALTHY_GITHUB, 'repo view --json isFork,isInOrganization': { code: 1, stderr: 'no git remotes found\n' } },
    { status: 'not-applicable' },
  ],
  [
    'a fork',
    { ...HEALTHY_GITHUB, 'repo view --json isFork,isInOrganization': { stdout: '{"isFork":true}' } },
    { status: 'not-applicable' },
  ],
  ['no right to list', { ...HEALTHY_GITHUB, 'secret list --json name': denied }, { status: 'not-applicable' }],
  [
    'no right to list the environment',
    { ...HEALTHY_GITHUB, 'secret list --env production --json name': denied },
    { status: 'passed' },
  ],
];

test('GitHub is asked where it can be, and a network that is missing is a warning', async () => {
  const site = await openDoctorSite();
  try {
    for (const [name, answers, expected] of CASES) {
      const run = await site.doctor(['--only', 'pipelines'], await githubCli(answers));
      expect(secretsOf(run), name).toMatchObject(expected);
      expect(run.exitCode, name).toBe(0);
      expect(run.report.counts.warnings, name).toBe(expected.network === true ? 1 : 0);
    }
  } finally {
    await site.remove();
  }
});
