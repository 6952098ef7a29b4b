import { access, constants, lstat } from 'node:fs/promises';
import path from 'node:path';

import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import { isInside, listNames, shown } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { judgeOwnership, OWNERSHIP_FINDINGS, type OwnedPath } from './judge-ownership.ts';
import { frontendsOf } from './frontends-of.ts';

/** A user who is not root may write to the checkout and to what is installed in it. Looks at a few folders, never at everything. */
export const fileOwnership = defineCheck<CheckContext, keyof typeof OWNERSHIP_FINDINGS>({
  id: 'file-ownership',
  group: 'toolchain',
  title: 'File ownership',
  findings: OWNERSHIP_FINDINGS,
  run: async (context) => {
    const { machine, root, backend, project } = context;
    const { uid } = machine;
    if (uid === undefined) return notApplicable('users have no numbers here');
    if (uid === 0) return notApplicable('root may write everywhere');
    const frontends = (await frontendsOf(context)).map(({ directory }) => directory);
    const venv = project?.backend.python.venv ?? null;
    const own = [root, ...(backend === null ? [] : [backend.directory]), ...frontends];
    const candidates: readonly Sample[] = [
      ...[...new Set(own)].map((file) => ({ file, of: file })),
      ...(await Promise.all(frontends.map(sampleModules))).flat(),
      // One outside belongs to an image, and may be meant to be left alone.
      ...(venv !== null && isInside(root, venv) ? await sampleVenv(venv) : []),
    ];
    const found = await Promise.all(candidates.map((sample) => readOwned(root, sample)));
    const paths = found.filter((one) => one !== null);
    return problemsOr(
      judgeOwnership(paths, uid),
      `${new Set(paths.map((one) => one.path)).size} folders can be written to`,
    );
  },
});

interface Sample {
  readonly file: string;
  /** The folder that is in disorder if this is. */
  readonly of: string;
}

const SAMPLED = 8;

/** Packages are folders of their own: one may have been installed by root into what is otherwise the user's. */
const sampleModules = async (directory: string): Promise<readonly Sample[]> => {
  const modules = path.join(directory, 'node_modules');
  const names = (await listNames(modules)).filter((name) => !name.startsWith('@'));
  const files = [modules, ...names.slice(0, SAMPLED).map((name) => path.join(modules, name))];
  return files.map((file) => ({ file, of: modules }));
};

const sampleVenv = async (venv: string): Promise<readonly Sample[]> => {
  const library = path.join(venv, 'lib');
  const packages = (await listNames(library)).map((name) => path.join(library, name, 'site-packages'));
  const installed = await Promise.all(
    packages.map(async (folder) => (await listNames(folder)).slice(0, SAMPLED).map((name) => path.join(folder, name))),
  );
  return [venv, path.join(venv, 'bin'), ...packages, ...installed.flat()].map((file) => ({ file, of: venv }));
};

/** null: not there, a link, or on a file system that is mounted to be read only, which is meant. */
const readOwned = async (root: string, { file, of }: Sample): Promise<OwnedPath | null> => {
  try {
    const found = await lstat(file);
    if (found.isSymbolicLink()) return null;
    const error = await access(file, constants.W_OK).then(
      () => null,
      (cause: NodeJS.ErrnoException) => cause.code,
    );
    if (error === 'EROFS') return null;
    return { path: shown(root, of), owner: found.uid, isWritable: error === null };
  } catch {
    // Nothing of that name: nothing to own.
    return null;
  }
};
