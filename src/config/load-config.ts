import path from 'node:path';
import { readBytes } from '../checkout/read-bytes.ts';
import { usageError } from '../core/errors.ts';
import type { Config } from './config.ts';
import { CONFIG_FILES, DEFAULTS } from './defaults.ts';

export interface LoadConfigOptions {
  /** The project root: where configuration is looked for, and what its paths are relative to. */
  readonly root: string;
  /** `--config FILE`, absolute or relative to the root. A `package.json` is read at its key `devsetup`. */
  readonly file?: string;
}

interface ConfigText {
  readonly file: string;
  readonly text: string;
}

const PACKAGE_JSON = 'package.json';

/** undefined: there is no such file. */
const readText = (file: string): string | undefined => {
  const found = readBytes(file);
  if (found.kind === 'bytes') return found.bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (found.kind === 'absent') return undefined;
  throw usageError({
    code: 'CONFIG_UNREADABLE',
    message: `${file} cannot be read: ${found.reason}.`,
    hint: 'Make it a file of this checkout that this user may read.',
  });
};

/** True where package.json configures devsetup, also if it is not valid JSON: then its mistakes must not go unseen. */
const holdsConfig = (text: string): boolean => {
  if (!text.includes('"devsetup"')) return false;
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null && 'devsetup' in manifest;
  } catch {
    // The parser that knows lines and columns will say what is wrong.
    return /"devsetup"\s*:\s*\{/.test(text);
  }
};

const findConfigTexts = (root: string): readonly ConfigText[] => {
  const candidates = CONFIG_FILES.map((name) => ({
    file: path.join(root, name),
    text: readText(path.join(root, name)),
  }));
  return candidates.flatMap(({ file, text }) =>
    text === undefined || (path.basename(file) === PACKAGE_JSON && !holdsConfig(text)) ? [] : [{ file, text }],
  );
};

const readNamed = (file: string): ConfigText => {
  const text = readText(file);
  if (text === undefined) {
    throw usageError({
      code: 'CONFIG_MISSING',
      message: `--config names ${file}, which does not exist.`,
      hint: 'Correct the path, or leave --config out: devsetup needs no configuration.',
    });
  }
  return { file, text };
};

const findOne = (root: string): ConfigText | undefined => {
  const found = findConfigTexts(root);
  if (found.length > 1) {
    const names = found.map(({ file }) => path.basename(file));
    throw usageError({
      code: 'CONFIG_AMBIGUOUS',
      message: `${root} holds several configurations: ${names.join(', ')}.`,
      hint: `Keep one, or choose one with --config ${names[0] ?? ''}.`,
    });
  }
  return found[0];
};

/** The names of the files that configure devsetup in this folder, e.g. to recognise a project root; [] if one cannot be read. */
export const findConfigFiles = async (directory: string): Promise<readonly string[]> => {
  try {
    return findConfigTexts(directory).map(({ file }) => file);
  } catch {
    // The search for a root goes on; loading the configuration says what is wrong if this is it.
    return [];
  }
};

/**
 * Reads the configuration of a project. Throws `CONFIG_INVALID` with every mistake at its line and column,
 * `CONFIG_AMBIGUOUS`, `CONFIG_MISSING` or `CONFIG_UNREADABLE`, all with exit code 2.
 */
export const loadConfig = async ({ root, file }: LoadConfigOptions): Promise<Config> => {
  const found = file === undefined ? findOne(root) : readNamed(path.resolve(root, file));
  if (found === undefined) return DEFAULTS;
  // Validator and parser take longer to load than a run with nothing to do may last: only where there is a configuration.
  const [{ parseConfig }, { resolveConfig }] = await Promise.all([
    import('./parse-config.ts'),
    import('./resolve-config.ts'),
  ]);
  const at = path.basename(found.file) === PACKAGE_JSON ? ['devsetup'] : [];
  const parsed = parseConfig(found.text, { at, strictJson: at.length > 0 });
  if (parsed.raw !== undefined) return resolveConfig(parsed.raw, { root, file: found.file });
  const shown = path.relative(root, found.file) || found.file;
  const lines = parsed.mistakes.map(({ line, column, text }) => `  ${shown}:${line}:${column}  ${text}`);
  const count = lines.length === 1 ? 'a mistake' : `${lines.length} mistakes`;
  throw usageError({
    code: 'CONFIG_INVALID',
    message: `The configuration has ${count}:\n${lines.join('\n')}`,
    hint: `Correct ${shown}; the README lists every key.`,
  });
};
