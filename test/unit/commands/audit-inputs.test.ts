import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readAuditInputs, type InputOptions } from '../../../src/commands/audit-inputs.ts';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'devsetup-inputs-')));
  mkdirSync(path.join(root, '.github/workflows'), { recursive: true });
  mkdirSync(path.join(root, 'empty'));
  writeFileSync(path.join(root, '.github/workflows/a.yml'), 'on: push\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const refusal = (options: Omit<InputOptions, 'cwd'>): unknown => {
  try {
    return readAuditInputs({ ...options, cwd: root });
  } catch (error) {
    return error;
  }
};

describe.each(['audit', 'decouple'] as const)('devsetup %s', (command) => {
  it('names itself where a file does not exist', () => {
    expect(refusal({ command, paths: ['nope.yml'] })).toMatchObject({
      code: 'PATH_MISSING',
      exitCode: 2,
      message: `devsetup ${command}: there is no ${path.join(root, 'nope.yml')}.`,
    });
  });

  it('names itself in the command to type where a folder holds no workflow', () => {
    expect(refusal({ command, paths: ['empty'] })).toMatchObject({
      code: 'NO_WORKFLOWS',
      exitCode: 3,
      hint: `Name the files or the folder: \`npx devsetup ${command} .github/workflows\`.`,
    });
  });

  it('says of a --project that does not exist what every command says', () => {
    expect(refusal({ command, paths: [], project: 'nope' })).toMatchObject({
      code: 'PROJECT_MISSING',
      message: `--project names ${path.join(root, 'nope')}, which is not a folder.`,
      hint: 'Correct the path, or start devsetup inside the checkout without --project.',
    });
  });
});
