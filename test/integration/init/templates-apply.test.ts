import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readTemplate } from '../../../src/scaffold/template/read-template.ts';
import { renderTemplate } from '../../../src/scaffold/template/substitute-options.ts';
import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { runToSuccess } from '../../e2e/support/run-program.ts';
import { serveTemplate, type TemplateRegistry } from './support/template-registry.ts';

const DIRECTORY = path.join(REPOSITORY, 'templates/django-postgres');
const CLI = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@devcontainers/cli/package.json')),
  'devcontainer.js',
);

const filesBelow = async (directory: string): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.map(async (file) => [path.relative(directory, file), await readFile(file, 'utf8')] as const),
  );
  return Object.fromEntries(texts);
};

describe('what devsetup makes of the template', () => {
  let registry: TemplateRegistry;
  let folder: string;
  beforeAll(async () => {
    registry = await serveTemplate(DIRECTORY);
  });
  afterAll(() => registry.close());

  it.each([
    ['its defaults', {}],
    [
      'options',
      { pythonVersion: '3.11', databaseService: 'my-db', backendFolder: 'services/my api', packageManager: 'pnpm' },
    ],
    ['an option that does not exist', { nothing: 'x' }],
  ])('is what the dev container program applies with %s', async (_, values) => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'devsetup-applied-'));
    try {
      const args = [
        '--template-id',
        registry.id,
        '--template-args',
        JSON.stringify(values),
        '--omit-paths',
        '["test/*"]',
      ];
      await runToSuccess(process.execPath, [CLI, 'templates', 'apply', '--workspace-folder', folder, ...args], {
        cwd: folder,
      });
      const applied = await filesBelow(folder);
      const rendered = renderTemplate(await readTemplate(DIRECTORY), values);
      expect(Object.keys(applied)).toContain('.devcontainer/devcontainer.json');
      expect(Object.fromEntries(rendered.map(({ path: name, text }) => [name, text]))).toEqual(applied);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
