import path from 'node:path';

import { readBytes } from '../../../checkout/read-bytes.ts';
import { isRecord } from '../../../core/shape.ts';
import { listNames } from '../../../project/files.ts';
import { listFolders } from '../../../project/list-folders.ts';

/** Code of the checkout that says whether a command ends. Paths are relative to the root. */
export interface CheckoutCode {
  /** The management commands of this name, one for each app that has it. */
  readonly manage: (name: string) => readonly PythonCode[];
  /** null: there is no such file. */
  readonly file: (name: string) => string | null;
  /** A script of package.json in this folder. */
  readonly script: (directory: string, name: string) => string | null;
  /** A Python module by its dotted name, with leading dots as the code in `folder` writes it. */
  readonly module: (name: string, folder: string) => PythonCode | null;
}

export interface PythonCode {
  readonly text: string;
  readonly folder: string;
}

const DEEPEST = 6;
const MOST_BYTES = 400_000;

export const readCheckoutCode = async (root: string): Promise<CheckoutCode> => {
  const commands = new Map<string, string[]>();
  const bases = new Set<string>(['.']);
  const visit = async (directory: string, depth: number): Promise<void> => {
    const names = await listNames(directory);
    const here = path.relative(root, directory).split(path.sep).join('/') || '.';
    if (names.includes('manage.py')) bases.add(here);
    if (/(?:^|\/)management\/commands$/.test(here)) {
      for (const name of names) {
        if (!name.endsWith('.py') || name.startsWith('_')) continue;
        const command = name.slice(0, -'.py'.length);
        commands.set(command, [...(commands.get(command) ?? []), `${here}/${name}`]);
      }
    }
    if (depth < DEEPEST) for (const folder of await listFolders(directory)) await visit(folder, depth + 1);
  };
  await visit(root, 0);
  const file = (name: string): string | null => {
    const found = readBytes(path.resolve(root, name), { within: root, mostBytes: MOST_BYTES });
    return found.kind === 'bytes' ? found.bytes.toString('utf8') : null;
  };
  const python = (name: string): PythonCode | null => {
    const text = file(name);
    return text === null ? null : { text, folder: path.posix.dirname(name) };
  };
  return {
    file,
    manage: (name) => (commands.get(name) ?? []).flatMap((found) => python(found) ?? []),
    script: (directory, name) => scriptOf(file(path.posix.join(directory, 'package.json')), name),
    module: (name, folder) => {
      const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(name) ?? [];
      const from = dots === '' ? [...bases] : [path.posix.join(folder, ...Array<string>(dots.length - 1).fill('..'))];
      const at = rest.replaceAll('.', '/');
      const files = from.flatMap((base) => [`${base}/${at}.py`, `${base}/${at}/__init__.py`]);
      return files.map(python).find((found) => found !== null) ?? null;
    },
  };
};

const scriptOf = (text: string | null, name: string): string | null => {
  if (text === null) return null;
  try {
    const manifest: unknown = JSON.parse(text);
    const scripts = isRecord(manifest) ? manifest['scripts'] : undefined;
    const script = isRecord(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
    return typeof script === 'string' ? script : null;
  } catch {
    // Whoever needs the manifest itself reports it: of its scripts nothing is known.
    return null;
  }
};
