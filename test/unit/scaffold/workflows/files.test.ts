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
  const plan = (before: string | null, rendered = written, last: string | null = null) =>
    planWorkflowFile({ path: 'x.yml', before, rendered, written: last });

  it('is untouched until somebody touches it', () => {
    expect(isUntouched(written)).toBe(true);
    expect(isUntouched(written.replaceAll('\n', '\r\n'))).toBe(true);
    expect(isUntouched(written.replace('b', 'B'))).toBe(false);
  });

  it('decides what happens to it', () => {
    const newer = stampFile('# devsetup:header\na\nB\nc\n');
    const mine = written.replace('b\n', 'b\nmine\n');
    expect(plan(null).file.action).toBe('create');
    expect(plan(written).file.action).toBe('keep');
    expect(plan(written.replaceAll('\n', '\r\n')).file.action).toBe('keep');
    expect(plan(written, newer).file).toMatchObject({ action: 'update', after: newer });
    for (const changed of [mine, written.replace('b\n', '')])
      expect(plan(changed).file).toMatchObject({ action: 'keep', reason: 'it has lines of your own' });
    expect(plan(mine, newer).file).toMatchObject({
      action: 'conflict',
      reason: 'its lines were changed, and what devsetup wrote there last is not known any more',
    });
    expect(plan('a\nb\nc\n').file).toMatchObject({ action: 'conflict', reason: 'devsetup did not write it' });
  });

  const template = (third: string): string => stampFile(`# devsetup:header\na\n1\n${third}\n2\nlast\n`);
  const stampLine = (text: string): string => text.split('\n')[0] ?? '';

  it('is merged line by line where its owner and the template have changed it', () => {
    const [last, next] = [template('b'), template('B')];
    const mine = last.replace('last\n', 'last\nmine\n').replace('\na\n', '\nmy a\n');
    for (const before of [mine, mine.replaceAll('\n', '\r\n')]) {
      const { file, left } = plan(before, next, last);
      expect(left).toEqual([]);
      expect(file).toMatchObject({
        action: 'update',
        after: `${stampLine(next)}\nmy a\n1\nB\n2\nlast\nmine\n`,
        reason: 'other options, or a newer devsetup; your own lines stay',
      });
      // And then there is nothing left to merge.
      expect(plan(file.after, next).file.action).toBe('keep');
    }
  });

  it('keeps the lines of its owner where both have changed the same ones, and says which', () => {
    const [last, next] = [template('b'), template('B')];
    const { file, left } = plan(last.replace('\nb\n', '\nmine\n'), next, last);
    expect(file).toMatchObject({ action: 'update', after: `${stampLine(next)}\na\n1\nmine\n2\nlast\n` });
    expect(left).toEqual([{ line: 4, yours: ['mine'], wanted: ['B'] }]);
    expect(plan(file.after, next).file.action).toBe('keep');
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
