import { expect, test } from 'vitest';

import { parseRequirementLines } from '../../../src/dependencies/parse-requirement-lines.ts';
import { manifestRequirements } from '../../../src/dependencies/read-requirement-lines.ts';

test('a requirements file asks for what pip would install', () => {
  const text = `
# base
-r base.txt
--requirement=../shared.txt   # both
-c constraints.txt
--index-url https://user:token@example.org/simple
-i https://example.org
Django>=4.2,<5.3  # the framework
psycopg[binary] == 3.2 ; python_version >= "3.8"
celery==5.4 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
name @ https://token@example.org/name.whl#sha256=1
-e git+https://example.org/x.git@main#egg=edited&subdirectory=y
git+ssh://git@example.org/z.git#egg=zed
https://example.org/unnamed.whl
-e .
./wheels/local.whl
wheels/other-1.0.tar.gz
../sibling
color#notacomment
`;
  expect(parseRequirementLines(text)).toEqual({
    requirements: [
      'Django>=4.2,<5.3',
      'psycopg[binary] == 3.2 ; python_version >= "3.8"',
      'celery==5.4',
      'name @ https://token@example.org/name.whl#sha256=1',
      'edited',
      'zed',
      'color#notacomment',
    ],
    includes: ['base.txt', '../shared.txt'],
  });
});

test.each([
  [
    'project',
    { project: { dependencies: ['Django>=5', 'x; python_version > "3"'] } },
    ['Django>=5', 'x; python_version > "3"'],
  ],
  [
    'overridden versions',
    { project: { dependencies: ['Django>=5', 'x; extra'] }, tool: { uv: { 'override-dependencies': ['django<5'] } } },
    ['Django'],
  ],
  [
    'poetry',
    {
      tool: {
        poetry: {
          dependencies: {
            python: '^3.11',
            django: '^5.0',
            psycopg: { version: '^3', extras: ['binary'] },
            sometimes: { version: '1', python: '<3.9' },
            maybe: { version: '1', optional: true },
            several: [{ version: '1' }],
          },
        },
      },
    },
    ['django', 'psycopg'],
  ],
  [
    'pipenv',
    { packages: { django: '*', x: { version: '==1', markers: 'os_name' }, y: { git: 'https://…' } } },
    ['django', 'y'],
  ],
  ['something else', { project: 'x', tool: [], packages: 3 }, []],
] as const)('what a manifest asks for: %s', (_title, document, requirements) => {
  expect(manifestRequirements(document)).toEqual(requirements);
});
