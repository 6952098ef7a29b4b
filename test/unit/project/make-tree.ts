import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Content by path; `null` makes a folder, `{ link }` a symbolic link, `{ program }` an executable file. */
export type Tree = Readonly<Record<string, string | null | { readonly link: string } | { readonly program: string }>>;

/** Writes files into a new folder that is removed when the test is done; gives its path without symbolic links. */
export const makeTree = async (tree: Tree): Promise<string> => {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'devsetup-tree-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(tree)) {
    const file = path.join(root, name);
    await mkdir(content === null ? file : path.dirname(file), { recursive: true });
    if (content === null) continue;
    if (typeof content === 'string') await writeFile(file, content);
    else if ('link' in content) await symlink(content.link, file);
    else await writeFile(file, content.program, { mode: 0o755 });
  }
  return root;
};

/** Paths below `root` as they were written in the tree. */
export const within = (root: string, files: readonly string[]): readonly string[] =>
  files.map((file) => path.relative(root, file) || '.');
