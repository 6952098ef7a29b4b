import { IS_FOLDER, readBytes } from '../checkout/read-bytes.ts';

export interface EnvLayer {
  readonly file: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface EnvFiles {
  /** The strongest first; files that do not exist are left out. */
  readonly layers: readonly EnvLayer[];
  readonly warnings: readonly string[];
}

/** A value without quotes up to the end of the line or to a comment, which begins after white space. */
const UNQUOTED = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*([^\s'"`#](?:(?![ \t]#)[^\r\n])*)/gm;

/**
 * dotenv ends an unquoted value at any `#`; the shell, docker compose and python-dotenv only at one after white space. A
 * password `a#b` that works for the project must not become `a` here.
 */
const keepHashes = (text: string, parsed: Readonly<Record<string, string>>): Record<string, string> => {
  const values = { ...parsed };
  for (const [, name = '', value = ''] of text.matchAll(UNQUOTED)) {
    const whole = value.trimEnd();
    if (whole.includes('#') && parsed[name] === whole.slice(0, whole.indexOf('#')).trim()) values[name] = whole;
  }
  return values;
};

const readLayer = async (file: string): Promise<EnvLayer | { readonly warning: string } | undefined> => {
  // People keep `.env` elsewhere and link to it. What it holds reaches the project's own programs and is masked everywhere else.
  const found = readBytes(file, { anywhere: true });
  if (found.kind === 'absent') return undefined;
  if (found.kind === 'unreadable') {
    // A folder called `.env` is somebody's virtual environment.
    if (found.reason === IS_FOLDER) return undefined;
    return { warning: `${file}: ${found.reason}; its variables are not set.` };
  }
  const text = found.bytes.toString('utf8').replace(/^\uFEFF/, '');
  const { parse } = await import('dotenv');
  return { file, values: keepHashes(text, parse(text)) };
};

/** Reads env files, given the strongest first. A file that cannot be read is a warning. */
export const readEnvFiles = async (files: readonly string[]): Promise<EnvFiles> => {
  const read = await Promise.all([...new Set(files)].map(readLayer));
  return {
    layers: read.filter((layer) => layer !== undefined && 'values' in layer),
    warnings: read.flatMap((layer) => (layer !== undefined && 'warning' in layer ? [layer.warning] : [])),
  };
};
