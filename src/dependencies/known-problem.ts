import { isPython, manifest, type ByHand } from './installer-commands.ts';
import { findRequirement, type SourceFile } from './source-files.ts';

/** What an installation that fails depends on, beside its output. */
export interface Circumstances {
  /** The files that ask for packages and name registries. */
  readonly files: readonly SourceFile[];
  /** The version of the Python that gets the packages, if it is known. */
  readonly python?: string | null;
  readonly typed?: ByHand['typed'];
  /** What to do about a package that this run has warned of: it does not work on this Python. */
  readonly pythonAdvice?: (name: string) => string | undefined;
}

/** What the output says, as the advice needs it. */
export interface Found extends Circumstances, ByHand {
  /** A package, a requirement or a file, as the output names it. */
  readonly what: string | undefined;
  /** The package that asks for `what`. */
  readonly of: string | undefined;
  readonly args: readonly string[];
  readonly output: string;
  /** Where the words stand in the output. */
  readonly at: number;
}

export interface Hit {
  readonly what?: string | undefined;
  readonly of?: string | undefined;
  readonly at: number;
}

/**
 * The group `what`, else the first; the group `of`. All of them are tried on the output without colours. A function decides where the words alone do not.
 */
export type Wording = RegExp | ((text: string) => Hit | undefined);

export interface KnownProblem {
  readonly code: string;
  readonly wordings: readonly Wording[];
  /** A package is compiled: a Python that does not fit it may be the reason. */
  readonly compiles?: true;
  readonly message: (found: Found) => string;
  readonly hint: (found: Found) => string;
}

export const findHit = (wordings: readonly Wording[], text: string): Hit | undefined => {
  for (const wording of wordings) {
    if (typeof wording === 'function') {
      const hit = wording(text);
      if (hit !== undefined) return hit;
      continue;
    }
    const match = wording.exec(text);
    if (match === null) continue;
    return { what: match.groups?.['what'] ?? match[1], of: match.groups?.['of'], at: match.index + match[0].length };
  }
  return undefined;
};

export const named = (what: string | undefined, otherwise: string): string =>
  what === undefined ? otherwise : `\`${what}\``;

/** `demo==1.0`, `demo@1.0.0`, `@scope/demo` → its name alone. */
export const nameAlone = (what: string | undefined): string => /^@?[^@=<>~!\s[;(]+/.exec(what ?? '')?.[0] ?? 'PACKAGE';

/** `` `demo==1.0` (requirements.txt:3) ``; a package that another one asks for has no place of its own. */
export const placed = (what: string | undefined, otherwise: string, { files }: Pick<Found, 'files'>): string => {
  const place = findRequirement(files, nameAlone(what));
  return `${named(what?.trim(), otherwise)}${what === undefined || place === undefined ? '' : ` (${place})`}`;
};

/** Where the request is to be corrected: `requirements.txt:3`, else the file that holds all of them. */
export const placeOf = (what: string | undefined, { files, tool, directory }: Found): string =>
  findRequirement(files, nameAlone(what)) ?? `${manifest(tool)} in ${directory}`;

/** How installers name the package that they are building, the surest words first. */
const BUILT: readonly RegExp[] = [
  /Failed building wheel for (\S+)/,
  /npm error path \S*node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\s/,
  /YN0009[^\n]*?│ (\S+) couldn't be built/,
  /error \S*node_modules\/((?:@[\w.-]+\/)?[\w.-]+): Command failed/,
  /install script from "([^"]+)" exited/,
  /Failed to build [`']?(?!installable)([\w.-]+)/,
  /one of the following issues with ([\w.-]+) \(/,
  /\badd ([\w.-]+) failed:/,
];

/** pip builds what it has collected last; Poetry what it is installing. */
const LAST_STARTED = /(?:Collecting|- Installing) ([\w.-]+)/g;

export const builtPackage = ({ output, at, tool }: Pick<Found, 'output' | 'at' | 'tool'>): string | undefined => {
  const sure = BUILT.flatMap((pattern) => pattern.exec(output)?.[1] ?? [])[0];
  if (sure !== undefined || !isPython(tool)) return sure;
  return [...output.slice(0, at).matchAll(LAST_STARTED)].at(-1)?.[1];
};
