import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { CALL, explained, HEALING, withoutExplanation } from '../../../src/devcontainer/devsetup-call.ts';
import { makeTree } from '../project/make-tree.ts';

/** The hook in the shell that hooks run in, without network: npx finds what is installed, or nothing. */
const runHook = async (
  hook: unknown,
  root: string,
): Promise<{ readonly exitCode: number; readonly output: string }> => {
  const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  const run = promisify(execFile)('sh', ['-c', String(hook)], { cwd: root, env });
  return run.then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      exitCode: code,
      output: stdout + stderr,
    }),
  );
};

it('a hook that finds no devsetup says in its own shell what to do, and a devsetup that fails speaks for itself', async () => {
  const root = await makeTree({ 'package.json': '{ "private": true }' });
  const explanation = 'devsetup is not in node_modules. Run: npm install\n';
  const missing = await runHook(explained(`true && ${CALL}`, 'npm'), root);
  expect(missing.exitCode).not.toBe(0);
  expect(missing.output.endsWith(explanation), missing.output).toBe(true);
  const bin = path.join(root, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, 'devsetup'), '#!/bin/sh\necho "it is $1"; [ "$1" = "--if-needed" ]\n', {
    mode: 0o755,
  });
  const failing = await runHook(explained(CALL, 'npm'), root);
  expect(failing.exitCode).not.toBe(0);
  expect(failing.output).toBe('it is \n');
  expect(await runHook(explained(HEALING, 'npm'), root)).toEqual({ exitCode: 0, output: 'it is --if-needed\n' });
});

it('only a hook that ends with a call is explained, and the explanation can be taken away again', () => {
  expect(explained(`${CALL} && bash start.sh`, 'npm')).toBe(`${CALL} && bash start.sh`);
  expect(explained(['npx', 'devsetup'], 'npm')).toEqual(['npx', 'devsetup']);
  const entries = explained({ docs: 'mkdocs build', devsetup: HEALING }, 'pnpm') as Record<string, string>;
  expect(entries['docs']).toBe('mkdocs build');
  expect(entries['devsetup']).toContain('Run: pnpm install');
  expect(withoutExplanation(entries['devsetup'] ?? '')).toBe(HEALING);
});
