import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { findCreateHook } from '../../../../src/checks/last-run/create-hook.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'devsetup-hook-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const now = new Date('2026-01-02T12:00:00.000Z');
const mark = (folder: string, hook: string, hoursAgo = 24): void => {
  const file = path.join(root, folder, `.${hook}Marker`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'when the container was created\n');
  const time = now.getTime() / 1000 - hoursAgo * 3600;
  utimesSync(file, time, time);
};
const find = (properties: Readonly<Record<string, unknown>>) =>
  findCreateHook({ root, home: root, now, devContainer: { file: path.join(root, 'devcontainer.json'), properties } });

const HOOK = { name: 'postCreateCommand', isOver: true };

describe('the hook that is not run again', () => {
  test.each(['.devcontainer', '.vscode-server/data/Machine', '.vscode-remote/data/Machine'])(
    'has left its marker in ~/%s',
    async (folder) => {
      mark(folder, 'postCreateCommand');
      expect(await find({ postCreateCommand: 'npx --no-install devsetup' })).toEqual(HOOK);
    },
  );

  test.each([
    ['a text', 'npm ci && npx devsetup --yes'],
    ['a list', ['npx', 'devsetup']],
    ['several by name', { a: 'npm ci', b: ['npx', '--no-install', 'devsetup'] }],
    ['a script', 'bash .devcontainer/setup.sh'],
    ['a path', './node_modules/.bin/devsetup'],
  ])('calls devsetup by %s', async (_, postCreateCommand) => {
    mkdirSync(path.join(root, '.devcontainer'), { recursive: true });
    writeFileSync(path.join(root, '.devcontainer/setup.sh'), '#!/bin/sh\nnpx devsetup\n');
    mark('.devcontainer', 'postCreateCommand');
    expect(await find({ postCreateCommand })).toEqual(HOOK);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['calls something else', { postCreateCommand: 'make devsetup-docs setup' }],
    ['only speaks of it in a comment', { postCreateCommand: 'sh comment.sh' }],
    ['is another one than the one that has run', { onCreateCommand: 'npx devsetup' }],
    ['is not there', {}],
    ['runs a Makefile that does in one of its targets', { postCreateCommand: 'make install' }],
    [
      'may be made good by what only the image has',
      { postCreateCommand: 'npx devsetup', postStartCommand: '/usr/local/bin/start.sh' },
    ],
    [
      'is made good by the next start',
      { postCreateCommand: 'npx devsetup', postStartCommand: 'npx --no-install devsetup --if-needed' },
    ],
  ])('is none where it %s', async (_, properties) => {
    writeFileSync(path.join(root, 'Makefile'), 'install:\n\tnpm ci\nsetup:\n\tnpx devsetup\n');
    writeFileSync(path.join(root, 'comment.sh'), '# npx devsetup\necho\n');
    mark('.devcontainer', 'postCreateCommand');
    expect(await find(properties)).toBeNull();
  });

  test('is none outside of a dev container', async () => {
    expect(await find({ postCreateCommand: 'npx devsetup' })).toBeNull();
  });

  test('may still be on its way', async () => {
    mark('.devcontainer', 'postCreateCommand', 0.5);
    expect(await find({ postCreateCommand: 'npx devsetup' })).toEqual({ ...HOOK, isOver: false });
  });
});
