import { readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';

import { expect, it } from 'vitest';

import type { FileForm } from '../../../../../src/core/check.ts';
import { runCommand } from '../../../../../src/process/run-command.ts';
import { changeForm, formCommands } from '../../../../../src/project/change-form.ts';
import { openHookSite, type HookSite } from './hook-site.ts';

const SCRIPT = '.devcontainer/set up.sh';
const TEXTS: Readonly<Record<FileForm, string>> = {
  executable: '#!/bin/sh\necho ready\n',
  'unix-lines': '#!/bin/sh\r\necho ready\r\n',
  'no-mark': '\uFEFF#!/bin/sh\necho ready\n',
};

const change = (site: HookSite, make: FileForm, name = SCRIPT): Promise<string | null> =>
  changeForm(path.join(site.root, name), make, { root: site.root, runCommand, env: process.env });

const open = async (make: FileForm): Promise<HookSite> => {
  const text = TEXTS[make];
  const site = await openHookSite(
    { postCreateCommand: [SCRIPT] },
    { [SCRIPT]: make === 'executable' ? text : { program: text } },
  );
  await site.git('init', '-q');
  await site.git('add', '-A');
  return site;
};

it.each<FileForm>(['executable', 'unix-lines', 'no-mark'])(
  'a script that has to be %s starts after the fix, and after the commands that the fix stands for',
  async (make) => {
    const fixed = await open(make);
    const [problem] = await fixed.judge();
    expect(problem?.fix).toEqual({ by: 'form', file: path.join(fixed.root, SCRIPT), make });
    expect(await change(fixed, make)).toBeNull();
    const typed = await open(make);
    for (const command of formCommands(SCRIPT, make)) expect(await typed.start(command)).toBe(0);
    for (const site of [fixed, typed]) {
      expect(await site.judge()).toEqual([]);
      expect(await site.start([path.join(site.root, SCRIPT)])).toBe(0);
      expect(await readFile(path.join(site.root, SCRIPT), 'utf8')).toBe(TEXTS.executable);
      expect(await site.git('ls-files', '-s', SCRIPT)).toMatch(/^100755 /);
    }
  },
);

it('the command that is printed for a script that is not executable makes it start', async () => {
  const site = await open('executable');
  const [problem] = await site.judge();
  expect(problem?.remedy.command).toBe(
    "chmod +x '.devcontainer/set up.sh' && git update-index --chmod=+x '.devcontainer/set up.sh'",
  );
  expect(await site.start(problem?.remedy.command)).toBe(0);
  expect(await site.judge()).toEqual([]);
});

it('who may not read a script may not run it after the fix either, and its bytes stay', async () => {
  const site = await openHookSite({ postCreateCommand: './a.sh' }, { 'a.sh': '#!/bin/sh\n' });
  await site.start('chmod 640 a.sh');
  expect(await change(site, 'executable', 'a.sh')).toBeNull();
  expect((await stat(path.join(site.root, 'a.sh'))).mode & 0o777).toBe(0o750);
});

it('a file outside the checkout is not changed through a link', async () => {
  const outside = await openHookSite({}, { 'a.sh': 'echo\r\n' });
  const site = await open('unix-lines');
  await symlink(path.join(outside.root, 'a.sh'), path.join(site.root, 'link.sh'));
  for (const make of ['executable', 'unix-lines', 'no-mark'] as const)
    expect(await change(site, make, 'link.sh')).toBe('it leads outside the checkout');
  expect(await readFile(path.join(outside.root, 'a.sh'), 'utf8')).toBe('echo\r\n');
});

it('a line of shell in a list becomes a string, and a script that git writes with CRLF gets its line in .gitattributes', async () => {
  const site = await openHookSite(
    { postCreateCommand: ['cd .devcontainer && echo ready'], postStartCommand: 'bash a.sh' },
    { 'a.sh': 'echo\n', '.gitattributes': '*.sh eol=crlf' },
  );
  await site.git('init', '-q');
  await site.git('add', '-A');
  const edits = (await site.judge()).map(({ fix }) => (fix?.by === 'edit' ? fix.edit : () => ''));
  expect(
    edits.map((edit, index) =>
      edit(index === 0 ? '{"postCreateCommand": ["cd .devcontainer && echo ready"]}' : '*.sh eol=crlf'),
    ),
  ).toEqual(['{"postCreateCommand": "cd .devcontainer && echo ready"}', '*.sh eol=crlf\n/a.sh text eol=lf\n']);
});
