import path from 'node:path';

import { findText, isDirectory, listNames, shown } from './files.ts';
import type { Project } from './types.ts';

/** `file:line` where the settings name this database host themselves; undefined: they do not, or by other means. */
export const findLiteralHost = async (
  { root, backend }: Project,
  host: string,
  settingsModule: string | null,
): Promise<string | undefined> => {
  if (settingsModule === null || host === '') return undefined;
  const module = path.join(backend.directory, ...settingsModule.split('.'));
  const folder = (await isDirectory(module)) ? module : path.dirname(module);
  const names = (await listNames(folder)).filter((name) => name.endsWith('.py'));
  const files = [`${module}.py`, ...names.map((name) => path.join(folder, name))];
  const literal = host.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const setting = new RegExp(
    `(?:["']HOST["']\\]?\\s*[:=]|\\bHOST\\s*=)\\s*["']${literal}["']|://[^"'\\s]*@${literal}[:/]`,
  );
  for (const file of new Set(files)) {
    const lines = ((await findText(file)) ?? '').split('\n');
    const at = lines.findIndex((line) => setting.test(line) && !line.trimStart().startsWith('#'));
    if (at >= 0) return `${shown(root, file)}:${at + 1}`;
  }
  return undefined;
};
