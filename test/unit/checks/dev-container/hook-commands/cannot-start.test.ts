import { chmod, symlink } from 'node:fs/promises';
import path from 'node:path';

import { expect, it } from 'vitest';

import type { Tree } from '../../../project/make-tree.ts';
import { openHookSite, type HookSite } from './hook-site.ts';

interface Fault {
  readonly name: string;
  readonly hook: unknown;
  readonly tree?: Tree;
  readonly prepare?: (site: HookSite) => Promise<unknown>;
  readonly says: RegExp;
  /** It starts on this machine: what is wrong shows elsewhere. */
  readonly startsHere?: boolean;
}

const SCRIPT = '.devcontainer/setup.sh';
const GOOD = { program: '#!/bin/sh\necho ready\n' };
const commit = async ({ git }: HookSite): Promise<void> => {
  await git('init', '-q');
  await git('add', '-A');
};

const FAULTS: readonly Fault[] = [
  { name: 'a script that does not exist', hook: `bash ${SCRIPT}`, says: /does not exist in the checkout/ },
  {
    name: 'a script in another folder',
    hook: 'bash setup.sh',
    tree: { [SCRIPT]: GOOD },
    prepare: commit,
    says: /setup\.sh does not exist; the checkout has \.devcontainer\/setup\.sh/,
  },
  {
    name: 'a script that is not executable',
    hook: `./${SCRIPT}`,
    tree: { [SCRIPT]: 'echo ready\n' },
    says: /it is not executable/,
  },
  {
    name: 'a script that is not executable, in the form of a list',
    hook: [SCRIPT],
    tree: { [SCRIPT]: '#!/bin/sh\n' },
    prepare: commit,
    says: /neither here nor in git \(mode 100644\)/,
  },
  {
    name: 'a script that is executable here and not in git',
    hook: SCRIPT,
    tree: { [SCRIPT]: '#!/bin/sh\n' },
    prepare: async (site) => (await commit(site), chmod(path.join(site.root, SCRIPT), 0o755)),
    says: /but not in git \(mode 100644\)/,
    startsHere: true,
  },
  {
    name: 'a script with CRLF',
    hook: SCRIPT,
    tree: { [SCRIPT]: { program: '#!/bin/bash\r\necho ready\r\n' } },
    says: /lines end with CRLF, and Linux takes the CR as part of the name of its interpreter/,
  },
  {
    name: 'a script with CRLF that bash reads',
    hook: `bash ${SCRIPT}`,
    tree: { [SCRIPT]: 'cd .devcontainer\r\n' },
    says: /the shell takes the CR as part of the last word/,
  },
  {
    name: 'a script that git writes with CRLF',
    hook: `bash ${SCRIPT}`,
    tree: { [SCRIPT]: GOOD, '.gitattributes': '*.sh text eol=crlf\n' },
    prepare: commit,
    says: /git writes it with CRLF line ends at the next checkout/,
    startsHere: true,
  },
  {
    name: 'a script that core.autocrlf writes with CRLF',
    hook: `bash ${SCRIPT}`,
    tree: { [SCRIPT]: GOOD },
    prepare: async (site) => (await commit(site), site.git('config', 'core.autocrlf', 'true')),
    says: /git writes it with CRLF/,
    startsHere: true,
  },
  {
    name: 'a byte order mark before #!',
    hook: [SCRIPT],
    tree: { [SCRIPT]: { program: '\uFEFF#!/bin/sh\necho ready\n' } },
    says: /starts with a byte order mark/,
    startsHere: true,
  },
  {
    name: 'no #! in the form of a list',
    hook: [SCRIPT],
    tree: { [SCRIPT]: { program: 'echo ready\n' } },
    says: /there is no shell that would read it/,
    startsHere: true,
  },
  {
    name: 'an interpreter with options after env',
    hook: SCRIPT,
    tree: { [SCRIPT]: { program: '#!/usr/bin/env bash -e\n' } },
    says: /Linux gives env "bash -e" as the name of one program/,
  },
  {
    name: 'an interpreter by a relative path',
    hook: SCRIPT,
    tree: { [SCRIPT]: { program: '#!bin/bash\n' } },
    says: /bin\/bash, which is no absolute path/,
  },
  {
    name: 'an interpreter of macOS',
    hook: SCRIPT,
    tree: { [SCRIPT]: { program: '#!/opt/homebrew/bin/bash\n' } },
    says: /which only macOS has/,
  },
  {
    name: 'a Python program without #!',
    hook: './tool.py',
    tree: { 'tool.py': { program: 'import os\nprint(os.name)\n' } },
    says: /so a shell reads it/,
  },
  {
    name: 'a link to nothing',
    hook: `sh ${SCRIPT}`,
    prepare: ({ root }) => symlink('../gone.sh', path.join(root, SCRIPT)),
    says: /a link to a file that does not exist/,
  },
  {
    name: 'the pointer of Git LFS',
    hook: `sh ${SCRIPT}`,
    tree: { [SCRIPT]: 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n' },
    says: /the pointer that Git LFS leaves/,
  },
  {
    name: 'a script that git ignores',
    hook: `sh ${SCRIPT}`,
    tree: { [SCRIPT]: GOOD, '.gitignore': '*.sh\n' },
    prepare: commit,
    says: /git ignores it, so it exists on this machine only/,
    startsHere: true,
  },
  {
    name: 'a submodule that is not checked out',
    hook: 'sh tools/setup.sh',
    tree: { tools: null, '.gitmodules': '[submodule "tools"]\n\tpath = tools\n\turl = ../tools\n' },
    prepare: commit,
    says: /in the submodule tools, which is not checked out/,
  },
  {
    name: 'a name without a folder',
    hook: 'setup.sh',
    tree: { 'setup.sh': GOOD },
    says: /searched for in the PATH only/,
  },
  {
    name: 'a folder to change into that does not exist',
    hook: 'cd backend && echo ready',
    says: /the checkout has no folder backend/,
  },
  {
    name: 'a line of shell as a list',
    hook: ['cd .devcontainer && echo ready'],
    says: /no shell splits it at its blanks/,
  },
  { name: 'operators in a list', hook: ['ls', '&&', 'echo'], says: /ls gets && and what follows as arguments/ },
  { name: '~ in a list', hook: ['~/setup.sh'], says: /no shell expands ~ in a list/ },
  { name: 'a variable in a list', hook: ['$HOME/setup.sh'], says: /no shell expands variables in a list/ },
  { name: 'a command of the shell in a list', hook: ['source', 'x.sh'], says: /it is a command of the shell/ },
  { name: 'bash -c without a command', hook: 'bash -c', says: /-c needs the command/ },
  {
    name: 'a script of package.json that does not exist',
    hook: 'npm run setup',
    tree: { 'package.json': '{"scripts":{"dev":"x"}}' },
    says: /package\.json has no script setup \(it has dev\)/,
  },
  {
    name: 'npm where there is no package.json',
    hook: 'npm run setup',
    says: /there is no package\.json in the root of the checkout/,
  },
  {
    name: 'a target of make that does not exist',
    hook: 'make setup',
    tree: { Makefile: 'install:\n\techo\n' },
    says: /Makefile has no target setup \(it has install\)/,
  },
  { name: 'make where there is no Makefile', hook: 'make setup', says: /there is no Makefile in the root/ },
  {
    name: 'a script that bash cannot read',
    hook: `bash ${SCRIPT}`,
    tree: { [SCRIPT]: 'if true; then\n  echo ready\n' },
    says: /the shell cannot read it: line \d+: syntax error/,
  },
  {
    name: 'a command that the shell cannot read',
    hook: 'if true; then echo ready',
    says: /its command: the shell cannot read it/,
  },
  {
    name: 'source in dash',
    hook: 'source ./env.sh && echo ready',
    tree: { 'env.sh': 'A=1\n' },
    says: /dash in the image python:3\.13 and has no source/,
  },
  {
    name: 'a name of a script in another folder',
    hook: 'setup.sh && echo ready',
    tree: { [SCRIPT]: GOOD },
    prepare: commit,
    says: /searched for in the PATH only/,
  },
  {
    name: 'a script for bash that sh reads',
    hook: `sh ${SCRIPT}`,
    tree: { [SCRIPT]: '#!/bin/bash\nnames=(a b)\necho "${names[0]}"\n' },
    says: /sh, which is dash in the image python:3\.13, cannot read it: line 2: Syntax error/,
  },
  {
    name: 'a hook for bash that sh reads',
    hook: 'cat <(echo ready)',
    says: /its command: sh, which is dash .* cannot read it: line 1: Syntax error/,
  },
  {
    name: 'a script below a script',
    hook: `sh ${SCRIPT}`,
    tree: { [SCRIPT]: 'set -e\nsh scripts/gone.sh\n' },
    says: /scripts\/gone\.sh does not exist/,
  },
  {
    name: 'a script below make',
    hook: 'make setup',
    tree: { Makefile: 'setup:\n\t./gone.sh\n' },
    says: /gone\.sh does not exist/,
  },
];

it.each(FAULTS)(
  '$name is reported, and really does not start',
  async ({ hook, tree = {}, prepare, says, startsHere }) => {
    const site = await openHookSite({ postCreateCommand: hook }, tree);
    await prepare?.(site);
    const problems = await site.judge();
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
    expect(problems[0]).toMatchObject({ code: 'devcontainer-hook-cannot-start', severity: 'error' });
    if (startsHere !== true) expect(await site.start(hook)).not.toBe(0);
  },
);

it.each<[string, unknown, Tree]>([
  ['a good script', SCRIPT, { [SCRIPT]: GOOD }],
  ['a script without #! that the shell starts', `./${SCRIPT}`, { [SCRIPT]: { program: 'echo ready\n' } }],
  ['a script that is made executable first', `chmod +x ${SCRIPT} && ./${SCRIPT}`, { [SCRIPT]: '#!/bin/sh\n' }],
  ['a script that is written first', 'echo "echo ready" > made.sh && sh made.sh', {}],
  ['a script that is only there on some machines', 'if [ -f local.sh ]; then sh local.sh; fi', {}],
  ['a script whose absence is allowed for', 'sh local.sh || true', {}],
  ['a command that only prints a command', 'echo "bash gone.sh"', {}],
  ['a folder of tools that git ignores', 'test 1 = 1; : > x; echo ready', { '.gitignore': 'node_modules\n' }],
  ['a list with a shell', ['bash', '-c', 'cd .devcontainer && echo ready'], {}],
  ['a list that prints an operator', ['echo', 'a', '&&', 'b'], {}],
  ['options for env', SCRIPT, { [SCRIPT]: { program: '#!/usr/bin/env -S bash -e\necho ready\n' } }],
  ['a target of make for a file', 'make x.txt', { Makefile: 'all:\n\techo\n', 'x.txt': '' }],
])('%s is no finding, and really starts', async (_, hook, tree) => {
  const site = await openHookSite({ postCreateCommand: hook }, tree);
  await commit(site);
  expect(await site.judge()).toEqual([]);
  expect(await site.start(hook)).toBe(0);
});

it.each<[string, object, Tree]>([
  ['a path that only the container has', { postCreateCommand: 'bash /opt/setup.sh && /usr/local/bin/setup' }, {}],
  [
    'a script that an earlier hook unpacks',
    { onCreateCommand: 'curl -s x | tar x', postCreateCommand: './x/install.sh' },
    {},
  ],
  [
    'an environment that a tool makes',
    { postCreateCommand: 'python -m venv .venv && .venv/bin/pip install x' },
    { '.gitignore': '.venv/\n' },
  ],
  [
    'a program that runs Python files itself',
    { postCreateCommand: 'uv run manage.py check' },
    { 'manage.py': 'import os\n' },
  ],
  [
    'a script of an optional package',
    { postCreateCommand: 'npm run build --if-present --workspaces' },
    { 'package.json': '{}' },
  ],
  ['targets by a pattern', { postCreateCommand: 'make run-web' }, { Makefile: 'run-%:\n\techo\n' }],
  ['targets of an included file', { postCreateCommand: 'make web' }, { Makefile: 'include common.mk\n' }],
  [
    'a folder that is a volume',
    {
      image: undefined,
      dockerComposeFile: 'c.yml',
      service: 'app',
      workspaceFolder: '/w',
      postCreateCommand: 'cd data && ls',
    },
    { '.devcontainer/c.yml': 'services: {app: {image: x, volumes: ["..:/w", "d:/w/data"]}}' },
  ],
  [
    'a checkout that is copied into the image',
    {
      image: undefined,
      dockerComposeFile: 'c.yml',
      service: 'app',
      workspaceFolder: '/w',
      postCreateCommand: 'bash gone.sh',
    },
    { '.devcontainer/c.yml': 'services: {app: {image: x}}' },
  ],
  ['source where /bin/sh is not known', { image: 'example/x', postCreateCommand: 'source ./env.sh' }, { 'env.sh': '' }],
  ['source in bash', { postCreateCommand: ['bash', '-c', 'source ./env.sh'] }, { 'env.sh': '' }],
  [
    'bash that a Feature brings',
    { image: 'alpine:3', features: { x: {} }, postCreateCommand: 'bash a.sh' },
    { 'a.sh': '' },
  ],
])('%s is no finding', async (_, hooks, tree) => {
  const site = await openHookSite(hooks, tree);
  await commit(site);
  expect(await site.judge()).toEqual([]);
});

it.each<[string, object, Tree, RegExp]>([
  [
    'where compose mounts it',
    {
      image: undefined,
      dockerComposeFile: 'c.yml',
      service: 'app',
      workspaceFolder: '/w/backend',
      postCreateCommand: 'bash .devcontainer/setup.sh',
    },
    { '.devcontainer/c.yml': 'services: {app: {image: x, volumes: ["..:/w"]}}', 'backend/x': '', [SCRIPT]: GOOD },
    /backend\/\.devcontainer\/setup\.sh does not exist/,
  ],
  [
    'by its path in the container',
    {
      workspaceFolder: '/w',
      workspaceMount: 'source=${localWorkspaceFolder},target=/w,type=bind',
      postCreateCommand: 'bash /w/gone.sh',
    },
    {},
    /gone\.sh does not exist/,
  ],
  ['by a variable', { postCreateCommand: 'bash ${containerWorkspaceFolder}/gone.sh' }, {}, /gone\.sh does not exist/],
  [
    'by a variable on the host',
    { initializeCommand: 'bash ${localWorkspaceFolder}/gone.sh' },
    {},
    /initializeCommand cannot run gone\.sh/,
  ],
  [
    'in an entry of an object',
    { postStartCommand: { a: 'true', b: ['sh', 'gone.sh'] } },
    {},
    /postStartCommand\.b cannot run gone\.sh/,
  ],
  [
    'by a shell that the image does not have',
    { image: 'python:3.13-alpine', postCreateCommand: 'bash a.sh' },
    { 'a.sh': '' },
    /the image python:3\.13-alpine has no bash/,
  ],
  [
    'by an interpreter that the image does not have',
    { image: 'python:3.13-alpine', postCreateCommand: './a.sh' },
    { 'a.sh': { program: '#!/bin/bash\n' } },
    /the image python:3\.13-alpine has no bash/,
  ],
])('a script is judged %s', async (_, hooks, tree, says) => {
  const site = await openHookSite(hooks, tree);
  const problems = await site.judge();
  expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
});

it('a link that git could not create is a text with the name of its target', async () => {
  const site = await openHookSite({ postCreateCommand: './setup.sh' }, { [SCRIPT]: GOOD });
  await symlink(SCRIPT, path.join(site.root, 'setup.sh'));
  await commit(site);
  await site.git('config', 'core.symlinks', 'false');
  await site.git('rm', '-q', '--cached', '-f', '.devcontainer/devcontainer.json');
  const { rm } = await import('node:fs/promises');
  await rm(path.join(site.root, 'setup.sh'));
  await site.git('checkout', '--', 'setup.sh');
  expect((await site.judge()).map(({ message }) => message)).toEqual([
    expect.stringMatching(/it is a link in git, and a text/),
  ]);
});

it('says what a failure takes with it, and reports less where the hook continues', async () => {
  const hooks = { postCreateCommand: 'sh gone.sh', postStartCommand: 'npx --no-install devsetup --if-needed' };
  const [ending] = await (await openHookSite(hooks)).judge();
  expect(ending?.evidence).toEqual([
    'if postCreateCommand fails, postStartCommand is skipped, and devsetup does not run',
  ]);
  const [first] = await (await openHookSite({ initializeCommand: 'sh gone.sh' })).judge();
  expect(first?.evidence).toEqual(['if initializeCommand fails, the dev container is not created']);
  const [unheeded] = await (await openHookSite({ postCreateCommand: 'sh gone.sh; echo done' })).judge();
  expect(unheeded).toMatchObject({
    severity: 'warning',
    evidence: [expect.stringContaining('continues after the failure')],
  });
});

it('without git and without bash, what the files say is reported all the same', async () => {
  const site = await openHookSite(
    { postCreateCommand: `./${SCRIPT} && bash b.sh` },
    { [SCRIPT]: '#!/bin/sh\n', 'b.sh': 'echo "\n' },
  );
  expect((await site.judge(true)).map(({ message }) => message)).toEqual([
    expect.stringMatching(/it is not executable/),
    expect.stringMatching(/b\.sh: the shell cannot read it/),
  ]);
});
