import { describe, expect, it, test } from 'vitest';

import { EFFORT_OF_AN_AUDIT } from '../../../src/audit/model/budget.ts';
import { runAudit } from '../../../src/audit/run-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';

const FILE = '.github/workflows/deploy.yml';

const audit = (texts: Readonly<Record<string, string>>, effort = { left: EFFORT_OF_AN_AUDIT }): readonly string[] =>
  runAudit({
    files: Object.entries(texts)
      .filter(([path]) => path.startsWith('.github/workflows/'))
      .map(([path, text]) => ({ path, text })),
    readFile: (path) => texts[path],
    project: { isDjango: true, isAtRoot: true, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
    effort,
  }).findings.map(({ rule, span, message }) => `${rule} ${span.file}:${span.line} ${message}`);

const jobs = (count: number, job: (index: number) => string): string =>
  `on: push\njobs:\n${Array.from({ length: count }, (_, index) => `  j${index}: ${job(index)}\n`).join('')}`;
const step = (script: string): string => `      - run: ${script}\n`;
const inJob = (steps: string): string => `on: push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n${steps}`;
const needing = (index: number): string =>
  index === 0 ? '{runs-on: x, steps: [{run: a}]}' : `{runs-on: x, needs: [j${index - 1}], steps: [{run: a}]}`;

describe('a pipeline that is too large', () => {
  test('1,500 jobs one after the other are one finding, and nothing is claimed of them', () => {
    expect(audit({ [FILE]: jobs(1500, needing) })).toEqual([
      `workflow/too-complex ${FILE}:3 There are too many jobs or steps to follow: devsetup checks none of them.`,
    ]);
  });

  it.each([
    ['in the steps that set it', (index: number) => step(`echo A${index}=a >> $GITHUB_ENV`)],
    ['in an action, which may be used again and again', () => '      - uses: ./.github/actions/set\n'],
  ])('an environment that grows is paid for %s', (_name, one) => {
    const effort = { left: 5000 };
    const lines = Array.from({ length: 40 }, (_, index) => `echo B${index}=b >> $GITHUB_ENV`).join('; ');
    const found = audit(
      {
        [FILE]: inJob(Array.from({ length: 1000 }, (_, index) => one(index)).join('')),
        '.github/actions/set/action.yml': `runs:\n  using: composite\n  steps:\n    - run: ${lines}\n      shell: bash\n`,
      },
      effort,
    );
    // In the action and where it is used, or where the steps are.
    expect(found.length).toBeLessThanOrEqual(2);
    expect(found.at(-1)).toMatch(
      /^workflow\/too-complex \.github\/workflows\/deploy\.yml:\d+ The script is too complex/,
    );
    expect(effort.left).toBeGreaterThan(-5000);
  });

  test('what is not followed may migrate: its absence is not reported', () => {
    const deploy = 'kubectl rollout restart deployment/web';
    const seen = inJob(step(deploy) + step('a'));
    expect(audit({ [FILE]: seen })).toEqual(expect.arrayContaining([expect.stringMatching(/^migrate\/missing-job/)]));
    for (const [name, text, left] of [
      ['a script', inJob(step(deploy) + step(`|\n${'          a\n'.repeat(2500)}`)), EFFORT_OF_AN_AUDIT],
      ['a step', inJob(step(deploy) + step('a').repeat(50)), 20],
    ] as const) {
      const rules = audit({ [FILE]: text }, { left }).map((finding) => finding.split(' ')[0]);
      expect([name, rules]).toEqual([name, expect.arrayContaining(['workflow/too-complex'])]);
      expect([name, rules]).toEqual([name, expect.not.arrayContaining(['migrate/missing-job'])]);
    }
  });

  test('actions in actions and workflows in workflows are followed to a depth, which is said', () => {
    const action = (next: string): string => `runs:\n  using: composite\n  steps:\n    - uses: ${next}\n`;
    const deep = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [
        `.github/actions/a${at}/action.yml`,
        action(`./.github/actions/a${at + 1}`),
      ]),
    );
    expect(audit({ [FILE]: inJob('      - uses: ./.github/actions/a0\n'), ...deep })).toEqual([
      expect.stringMatching(/^workflow\/too-complex .*a4\/action\.yml:4 Commands are nested too deeply/),
    ]);
  });

  test('all workflows of a checkout share one limit', () => {
    const left = 300;
    const effort = { left };
    const text = inJob(step('a').repeat(100));
    const names = Array.from({ length: 5 }, (_, index) => `.github/workflows/w${index}.yml`);
    const found = audit(Object.fromEntries(names.map((name) => [name, text])), effort);
    expect(found.length).toBeGreaterThan(1);
    expect(found.at(-1)).toMatch(/^workflow\/too-complex \.github\/workflows\/w4\.yml:6 /);
    expect(left - effort.left).toBeLessThan(2 * left);
  });
});
