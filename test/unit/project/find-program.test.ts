import path from 'node:path';

import { expect, it } from 'vitest';

import { findPrograms } from '../../../src/project/find-program.ts';
import { makeTree } from './make-tree.ts';

const program = { program: '#!/bin/sh\n' };

it.each<[string, Record<string, string>, readonly string[]]>([
  ['docker', { PATHEXT: '.EXE;.CMD' }, ['one/docker.EXE', 'two/docker.CMD']],
  ['docker.EXE', { PATHEXT: '.EXE;.CMD' }, ['one/docker.EXE']],
  ['docker', {}, ['one/docker.EXE', 'two/docker.CMD']],
])('on Windows %s is found by the endings of PATHEXT (%j)', async (name, variables, expected) => {
  const root = await makeTree({ 'one/docker.EXE': program, 'two/docker.CMD': program, 'two/docker': program });
  const env: Record<string, string> = {
    ...variables,
    Path: ['one', 'two'].map((folder) => path.join(root, folder)).join(path.delimiter),
  };
  const found = await findPrograms(name, { get: (variable) => env[variable] }, 'win32');
  expect(found.map((file) => path.relative(root, file))).toEqual(expected);
});
