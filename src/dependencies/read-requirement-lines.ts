import path from 'node:path';

import { asRecord, asTexts, type Table } from '../core/shape.ts';
import { findText, findTextOf } from '../project/files.ts';
import type { Requirements } from '../project/types.ts';
import { parseRequirementLines } from './parse-requirement-lines.ts';

/**
 * What a backend asks for, as PEP 508 requirements: of requirement files everything, of a pyproject.toml or Pipfile the
 * dependencies of the project itself (groups and extras are not installed everywhere). Only names where a tool writes versions its
 * own way, or may have put others in their place. Never throws: a file that cannot be read asks for nothing.
 */
export const readRequirementLines = async ({ tool, directory, files }: Requirements): Promise<readonly string[]> => {
  const listed = files.filter((file) => file.endsWith('.txt'));
  const fromLists = await readLists(listed);
  if (tool === 'pip' && files.every((file) => listed.includes(file))) return fromLists;
  const manifest = tool === 'pipenv' ? 'Pipfile' : 'pyproject.toml';
  const { parse } = await import('smol-toml');
  const text = await findText(path.join(directory, manifest));
  try {
    return [...fromLists, ...manifestRequirements(parse(text ?? ''))];
  } catch {
    // The tool that reads it says what is wrong, in better words.
    return fromLists;
  }
};

const readLists = async (files: readonly string[]): Promise<readonly string[]> => {
  const seen = new Set<string>();
  const read = async (file: string, from?: string): Promise<readonly string[]> => {
    if (seen.has(file)) return [];
    seen.add(file);
    const { requirements, includes } = parseRequirementLines((await findTextOf(file, { from })) ?? '');
    const folder = path.dirname(file);
    const included: string[] = [];
    for (const name of includes) included.push(...(await read(path.resolve(folder, name), folder)));
    return [...included, ...requirements];
  };
  const lists: string[] = [];
  for (const file of files) lists.push(...(await read(file)));
  return lists;
};

/** Of a parsed pyproject.toml or Pipfile. */
export const manifestRequirements = (document: Table): readonly string[] => {
  const tool = asRecord(document['tool']);
  const declared = asTexts(asRecord(document['project'])['dependencies']);
  const overrides =
    asTexts(asRecord(tool['uv'])['override-dependencies']).length > 0 ||
    Object.keys(asRecord(asRecord(asRecord(tool['pdm'])['resolution'])['overrides'])).length > 0;
  return [
    ...(overrides ? declared.flatMap(nameAlone) : declared),
    ...namesOf(asRecord(tool['poetry'])['dependencies']),
    ...namesOf(document['packages']),
  ];
};

/** A requirement that applies under conditions only is left out. */
const nameAlone = (requirement: string): readonly string[] => {
  const name = /^[\w.-]+/.exec(requirement.trim())?.[0];
  return name === undefined || requirement.includes(';') ? [] : [name];
};

/** What these keys hold beside versions and places says when they apply. */
const PLAIN_KEYS: ReadonlySet<string> = new Set(
  'version extras source index git ref branch tag rev subdirectory editable develop allow-prereleases'.split(' '),
);

/** Names of a table of poetry or pipenv; those that are optional or apply under conditions are left out. */
const namesOf = (value: unknown): readonly string[] =>
  Object.entries(asRecord(value)).flatMap(([name, wanted]) => {
    const isPlain = typeof wanted === 'string' || Object.keys(asRecord(wanted)).some((key) => PLAIN_KEYS.has(key));
    const isConditional = Array.isArray(wanted) || Object.keys(asRecord(wanted)).some((key) => !PLAIN_KEYS.has(key));
    return name.toLowerCase() === 'python' || !isPlain || isConditional ? [] : [name];
  });
