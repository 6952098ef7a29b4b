import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Template, TemplateFile, TemplateOption } from './template.ts';

const MANIFEST = 'devcontainer-template.json';
/** What the Dev Container CLI leaves out when it applies a template: at its top only. */
const ABOUT_THE_TEMPLATE: ReadonlySet<string> = new Set([MANIFEST, 'README.md', 'NOTES.md']);

interface Manifest {
  readonly id: string;
  readonly version: string;
  readonly options?: Readonly<Record<string, ManifestOption>>;
  /** Files that may be left out, as a path or as `folder/*`; devsetup leaves them out. */
  readonly optionalPaths?: readonly string[];
}

type ManifestOption =
  | { readonly type: 'boolean'; readonly description?: string; readonly default?: boolean }
  | {
      readonly type: 'string';
      readonly description?: string;
      readonly default?: string;
      readonly enum?: readonly string[];
      readonly proposals?: readonly string[];
    };

/** Reads a template that comes with this package: it is known to be well formed. */
export const readTemplate = async (directory: string): Promise<Template> => {
  const manifest = JSON.parse(await readFile(path.join(directory, MANIFEST), 'utf8')) as Manifest;
  const isLeftOut = leavesOut(manifest.optionalPaths ?? []);
  const names = (await listFiles(directory)).filter((name) => !ABOUT_THE_TEMPLATE.has(name) && !isLeftOut(name));
  const files = await Promise.all(
    names.map(async (name): Promise<TemplateFile> => ({
      path: name,
      text: await readFile(path.join(directory, name), 'utf8'),
    })),
  );
  const options = Object.entries(manifest.options ?? {}).map(([name, option]) => [name, describe(option)] as const);
  return { id: manifest.id, version: manifest.version, options: Object.fromEntries(options), files };
};

const describe = (option: ManifestOption): TemplateOption => ({
  description: option.description ?? '',
  default: String(option.default ?? ''),
  values: option.type === 'boolean' ? ['true', 'false'] : (option.enum ?? null),
  ...(option.type === 'string' && option.proposals !== undefined ? { proposals: option.proposals } : {}),
});

const listFiles = async (directory: string): Promise<readonly string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .toSorted();
};

const leavesOut =
  (patterns: readonly string[]) =>
  (name: string): boolean =>
    patterns.some((pattern) => (pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
