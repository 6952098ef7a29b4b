import path from 'node:path';

import { findText, isDirectory, listNames, shown } from './files.ts';
import type { Project } from './types.ts';

interface SettingsFile {
  readonly file: string;
  readonly text: string;
  /** It is the settings module, or one of its folder that it names in an import. */
  readonly isImported: boolean;
}

/** `file:line` where the settings name this database host themselves; undefined: they do not, or by other means. */
export const findLiteralHost = async (
  project: Project,
  host: string,
  settingsModule: string | null,
): Promise<string | undefined> => {
  if (host === '') return undefined;
  const literal = escapeRegExp(host);
  const setting = new RegExp(
    `(?:["']HOST["']\\]?\\s*[:=]|\\bHOST\\s*=)\\s*["']${literal}["']|://[^"'\\s]*@${literal}[:/]`,
  );
  return findLine(project, await readSettings(project, settingsModule), setting);
};

/**
 * `file:line` where the settings set this sslmode, or that of `ssl_require=True`. Unlike a host it is a common word, so files that are not
 * imported, such as those of production, are left out.
 */
export const findTlsSetting = async (
  project: Project,
  mode: string,
  settingsModule: string | null,
): Promise<string | undefined> => {
  const required = mode === 'require' ? String.raw`|\bssl_require["']?\]?\s*[:=]\s*(?!False)` : '';
  const setting = new RegExp(`sslmode["']?\\]?\\s*[:=,].*?\\b${mode}\\b(?!-)${required}`, 'i');
  const files = await readSettings(project, settingsModule);
  return findLine(
    project,
    files.filter(({ isImported }) => isImported),
    setting,
  );
};

/** `file:line` where the settings hold this database password themselves, also as the default of a variable; undefined: they do not. */
export const findPasswordSetting = async (
  project: Project,
  password: string,
  settingsModule: string | null,
): Promise<string | undefined> => {
  if (password === '') return undefined;
  const literal = escapeRegExp(password);
  const setting = new RegExp(`PASS.*["']${literal}["']|://[^"'\\s]*:${literal}@`, 'i');
  return findLine(project, await readSettings(project, settingsModule), setting);
};

export interface PostgresqlMention {
  /** `file:line` */
  readonly place: string;
  /** The variable that the condition before it reads; undefined: none is known. */
  readonly variable: string | undefined;
}

const POSTGRESQL = /postgres|psycopg/i;

/** The first mention of PostgreSQL in what the settings load. */
export const findPostgresqlMention = async (
  project: Project,
  settingsModule: string | null,
): Promise<PostgresqlMention | undefined> => {
  const files = (await readSettings(project, settingsModule)).filter(({ isImported }) => isImported);
  const place = findLine(project, files, POSTGRESQL);
  if (place === undefined) return undefined;
  const line = Number(place.slice(place.lastIndexOf(':') + 1));
  const found = files.find(({ file }) => place === `${shown(project.root, file)}:${line}`);
  return { place, variable: found && variableOfBranch(found.text.split('\n'), line - 1) };
};

/** A call or an index of the environment, by whichever reader. */
const READS = /(?:environ(?:\.get)?|getenv|\benv(?:\.\w+)?|\bconfig)\s*[[(]\s*["'](\w+)["']/;

/** Of the nearest condition around the line that reads a variable, itself or by a name that is assigned before. */
const variableOfBranch = (lines: readonly string[], at: number): string | undefined => {
  const indentOf = (line: string): number => line.length - line.trimStart().length;
  let indent = indentOf(lines[at] ?? '') + 1;
  for (let index = at; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '' || indentOf(line) >= indent) continue;
    // What stands before `else:` with the same indentation belongs to its condition.
    indent = /^\s*(?:else|elif)\b/.test(line) ? indentOf(line) + 1 : indentOf(line);
    const condition = /^\s*(?:if|elif)\s+(.*):/.exec(line)?.[1];
    if (condition === undefined) continue;
    const name = /\b[A-Za-z_]\w*\b/.exec(condition.replace(/^not\s+/, ''))?.[0] ?? '';
    const assigned = lines.slice(0, index).findLast((one) => new RegExp(`^\\s*${name}\\s*(?::[^=]+)?=`).test(one));
    const variable = READS.exec(condition)?.[1] ?? READS.exec(assigned ?? '')?.[1];
    if (variable !== undefined) return variable;
  }
  return undefined;
};

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const findLine = ({ root }: Project, files: readonly SettingsFile[], pattern: RegExp): string | undefined => {
  for (const { file, text } of files) {
    const at = text.split('\n').findIndex((line) => pattern.test(line) && !line.trimStart().startsWith('#'));
    if (at >= 0) return `${shown(root, file)}:${at + 1}`;
  }
  return undefined;
};

/** The settings module and its folder, what it imports first. */
const readSettings = async ({ backend }: Project, settingsModule: string | null): Promise<readonly SettingsFile[]> => {
  if (settingsModule === null) return [];
  const module = path.join(backend.directory, ...settingsModule.split('.'));
  const folder = (await isDirectory(module)) ? module : path.dirname(module);
  const names = (await listNames(folder)).filter((name) => name.endsWith('.py'));
  const own = [`${module}.py`, path.join(module, '__init__.py')];
  const texts = new Map<string, string>();
  for (const file of [...own, ...names.map((name) => path.join(folder, name))]) {
    const text = await findText(file);
    if (text !== undefined) texts.set(file, text);
  }
  const imported = new Set(own.filter((file) => texts.has(file)));
  // A set that grows while it is followed yields what was added, too.
  for (const file of imported)
    for (const other of texts.keys())
      if (isNamedIn(texts.get(file) ?? '', path.basename(other, '.py'))) imported.add(other);
  return [...new Set([...imported, ...texts.keys()])].map((file) => ({
    file,
    text: texts.get(file) ?? '',
    isImported: imported.has(file),
  }));
};

const isNamedIn = (text: string, name: string): boolean =>
  new RegExp(`^\\s*(?:from|import)\\s.*\\b${name}\\b`, 'm').test(text);
