import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { runToSuccess } from '../../e2e/support/run-program.ts';

/** bin/ and lib/ of this machine's Node with its npm, as an official archive has them. */
export const nodeTree = async (target: string): Promise<void> => {
  const program = await realpath(process.execPath);
  await mkdir(path.join(target, 'bin'), { recursive: true });
  await cp(program, path.join(target, 'bin/node'));
  const npm = path.join(path.dirname(path.dirname(program)), 'lib/node_modules/npm');
  await cp(npm, path.join(target, 'lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  for (const name of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, path.join(target, 'bin', name));
  }
};

export interface MirroredNode {
  /** As v22.1.0. */
  readonly version: string;
  /** The name of its long term support. */
  readonly lts?: string;
  /** What its archive holds; without, it is only listed. */
  readonly tree?: string;
}

/** The parts of nodejs.org/dist that are asked for; the newest version comes first. */
export const createNodeMirror = async (mirror: string, versions: readonly MirroredNode[]): Promise<void> => {
  const header = 'version date files npm v8 uv zlib openssl modules lts security'.split(' ');
  const rows = versions.map(({ version, lts = '-' }) => [version, ...header.slice(1, 9).map(() => '-'), lts, 'false']);
  await mkdir(mirror, { recursive: true });
  await writeFile(path.join(mirror, 'index.tab'), [header, ...rows].map((row) => `${row.join('\t')}\n`).join(''));
  for (const { version, tree } of versions) {
    if (tree === undefined) continue;
    const name = `node-${version}-linux-${process.arch === 'arm' ? 'armv7l' : process.arch}`;
    const folder = path.join(mirror, version);
    const archive = path.join(folder, `${name}.tar.gz`);
    await mkdir(folder);
    const args = ['-czf', archive, `--transform=s,^\\.,${name},S`, '-C', tree, '.'];
    await runToSuccess('tar', args, { cwd: mirror });
    const sum = createHash('sha256')
      .update(await readFile(archive))
      .digest('hex');
    await writeFile(path.join(folder, 'SHASUMS256.txt'), `${sum}  ${name}.tar.gz\n${'0'.repeat(64)}  other.tar.gz\n`);
  }
};
