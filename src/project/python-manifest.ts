import { parse } from 'smol-toml';
import { asRecord, asTexts, type Table } from '../core/shape.ts';
import { findText } from './files.ts';

/** What pyproject.toml says, as far as it is needed here. */
export interface PythonManifest {
  /** Has dependencies of its own, rather than settings of tools only. */
  readonly hasDependencies: boolean;
  readonly mentionsDjango: boolean;
  /** Its dependencies are written in a table that only poetry reads. */
  readonly needsPoetry: boolean;
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
    needsPoetry: poetryNames.length > 0,
    requiresPython: textOrNull(project['requires-python']) ?? textOrNull(asRecord(poetry['dependencies'])['python']),
  };
};

export const readPythonManifest = async (file: string): Promise<PythonManifest | null> => {
  const text = await findText(file);
  return text === undefined ? null : parsePythonManifest(text);
};
