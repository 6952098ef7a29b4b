import { parse } from 'smol-toml';
import { asRecord, asTexts, type Table } from '../core/shape.ts';
import { findText } from './files.ts';
import type { PythonTool } from './types.ts';

/** What pyproject.toml says, as far as it is needed here. */
export interface PythonManifest {
  /** Has dependencies of its own, rather than settings of tools only. */
  readonly hasDependencies: boolean;
  readonly mentionsDjango: boolean;
  /** The tool whose table or build backend it has: without a lock file, too, only that tool reads all of it. */
  readonly tool: PythonTool;
  /** Its dependencies are written in `[project]` or in groups, which every tool reads, not in a table of Poetry's own. */
  readonly isStandard: boolean;
  /** e.g. `>=3.11,<3.14`; poetry's `^3.11` as it is. */
  readonly requiresPython: string | null;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** True for `Django>=5`, `django-tenants`, `"django[argon2]"`: a project that needs Django names one of them. */
export const namesDjango = (requirement: string): boolean => /^\s*["']?django\b/i.test(requirement);

/** null: the text is not TOML. */
const parsePythonManifest = (text: string): PythonManifest | null => {
  let document: Table;
  try {
    document = parse(text);
  } catch {
    // The tool that reads it will say what is wrong, in better words.
    return null;
  }
  const project = asRecord(document['project']);
  const tool = asRecord(document['tool']);
  const poetry = asRecord(tool['poetry']);
  const poetryNames = Object.keys(asRecord(poetry['dependencies']));
  const groups = Object.values(asRecord(document['dependency-groups'])).flatMap(asTexts);
  const requirements = [...asTexts(project['dependencies']), ...groups];
  return {
    hasDependencies: requirements.length > 0 || poetryNames.length > 0,
    mentionsDjango: requirements.some(namesDjango) || poetryNames.some(namesDjango),
    tool: toolOf(document),
    isStandard: poetryNames.length === 0,
    requiresPython: textOrNull(project['requires-python']) ?? textOrNull(asRecord(poetry['dependencies'])['python']),
  };
};

/** A table of settings for the tool's own commands (`[tool.pdm.scripts]`) is one, too: somebody installs with it. */
const toolOf = (document: Table): PythonTool => {
  const tool = asRecord(document['tool']);
  const backend = String(asRecord(document['build-system'])['build-backend']);
  if (tool['uv'] !== undefined || backend.startsWith('uv_build')) return 'uv';
  if (tool['poetry'] !== undefined) return 'poetry';
  return tool['pdm'] === undefined ? 'pip' : 'pdm';
};

export const readPythonManifest = async (file: string): Promise<PythonManifest | null> => {
  const text = await findText(file);
  return text === undefined ? null : parsePythonManifest(text);
};
