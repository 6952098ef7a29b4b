import { describe, expect, it } from 'vitest';

import { describeFrontend, chooseChecks } from '../../../../src/scaffold/workflows/describe-frontend.ts';
import { yamlText } from '../../../../src/scaffold/workflows/blocks/yaml-text.ts';
import { fillTemplate } from '../../../../src/scaffold/workflows/fill-template.ts';
import { readMadeWith, renderMadeWith } from '../../../../src/scaffold/workflows/made-with.ts';
import { planWorkflowFile } from '../../../../src/scaffold/workflows/plan-workflow-file.ts';
import { isUntouched, stampFile } from '../../../../src/scaffold/workflows/stamp-file.ts';
import { makeTree } from '../../project/make-tree.ts';

describe('fillTemplate', () => {
  const fill = { values: { name: 'x' }, conditions: new Set(['yes']), blocks: { lines: ['a:', '  b', ''] } };

  it('keeps what holds, drops what does not, at every depth', () => {
    const text =
      '# devsetup:if yes\n1\n# devsetup:if no\n2\n# devsetup:if yes\n3\n# devsetup:end\n# devsetup:end\n4\n# devsetup:end\n5';
    expect(fillTemplate(text, fill)).toBe('1\n4\n5');
  });

  it('indents blocks as their place, and leaves the expressions of GitHub alone', () => {
    expect(fillTemplate('  # devsetup:insert lines\nn: ${templateOption:name} ${{ github.sha }}', fill)).toBe(
      '  a:\n    b\n\nn: x ${{ github.sha }}',
    );
    expect(() => fillTemplate('# devsetup:insert other', fill)).toThrow('other');
  });
});

describe('what a file says of itself', () => {
  const written = stampFile('# devsetup:header\na\nb\nc\n');
  const plan = (before: string | null, rendered = written) => planWorkflowFile({ path: 'x.yml', before, rendered });

  it('is untouched until somebody touches it', () => {
    expect(isUntouched(written)).toBe(true);
    expect(isUntouched(written.replaceAll('\n', '\r\n'))).toBe(true);
    expect(isUntouched(written.replace('b', 'B'))).toBe(false);
  });

  it('decides what happens to it', () => {
    const newer = stampFile('# devsetup:header\na\nB\nc\n');
    expect(plan(null).action).toBe('create');
    expect(plan(written).action).toBe('keep');
    expect(plan(written.replaceAll('\n', '\r\n')).action).toBe('keep');
    expect(plan(written, newer)).toMatchObject({ action: 'update', after: newer });
    expect(plan(written.replace('b\n', 'b\nmine\n'))).toMatchObject({
      action: 'keep',
      reason: 'it has lines of your own',
    });
    expect(plan(written.replace('b\n', 'b\nmine\n'), newer).action).toBe('conflict');
    expect(plan(written.replace('b\n', '')).action).toBe('conflict');
    expect(plan('a\nb\nc\n')).toMatchObject({ action: 'conflict', reason: 'devsetup did not write it' });
  });
});

describe('the command in deployment.yml', () => {
  it.each([
    {},
    { deploy: 'script', deployScript: 'ops/deploy.sh' },
    { frontendFolder: 'none', registry: 'registry.example.com:5000/team' },
    { backendTest: 'pytest -m "not slow" --maxfail=1', pythonVersion: '3.12', prodBranch: 'release/next' },
    { frontendFolder: 'apps/my web' },
  ])('brings back what was told: %j', (told) => {
    const line = renderMadeWith(told);
    expect(readMadeWith(`# first\n${line}\nname: x\n`)).toEqual(told);
    expect(readMadeWith(`# first\r\n${line}\r\nname: x\r\n`)).toEqual(told);
  });

  it('is what a person would type', () => {
    expect(renderMadeWith({ backendTest: 'pytest -q', frontendFolder: 'none' })).toBe(
      "# Made with: npx devsetup init --workflows --no-frontend --backend-test 'pytest -q'",
    );
    expect(readMadeWith('name: CI\n')).toBeUndefined();
  });
});

it.each([
  ['python manage.py test --noinput', 'python manage.py test --noinput'],
  ['pytest # all', "'pytest # all'"],
  ["it's", "'it''s'"],
  ['true', "'true'"],
  ['.', "'.'"],
  ['3.10', "'3.10'"],
  ['a: b', "'a: b'"],
  ['${{ secrets.A }}', '${{ secrets.A }}'],
])('%s as YAML', (text, yaml) => {
  expect(yamlText(text)).toBe(yaml);
});

describe('the checks of a frontend', () => {
  it('are its scripts, without those that do nothing or that test runs anyway', () => {
    expect(chooseChecks({ build: 'b', lint: 'l', test: 't', 'test:unit': 'u', dev: 'd' })).toEqual([
      'lint',
      'test',
      'build',
    ]);
    expect(chooseChecks({ test: 'echo "Error: no test specified" && exit 1', 'test:unit': 'u' })).toEqual([
      'test:unit',
    ]);
  });

  it('need a package.json', async () => {
    const root = await makeTree({
      'web/package.json': '{ "scripts": { "build": "vite build" } }',
      'web/Dockerfile': '',
    });
    expect(await describeFrontend(root, 'web')).toMatchObject({
      checks: ['build'],
      lockFile: null,
      dockerfile: { file: 'web/Dockerfile', context: 'web', exists: true },
    });
    await expect(describeFrontend(root, 'app')).rejects.toMatchObject({ code: 'INIT_OPTION_INVALID', exitCode: 2 });
  });
});
