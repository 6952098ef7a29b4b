import type { Installer } from './installer-commands.ts';

/** What the output says, as the advice needs it. */
export interface Found {
  /** A package, a requirement or a file, as the output names it. */
  readonly what: string | undefined;
  readonly tool: Installer;
  readonly directory: string;
  readonly output: string;
}

export interface KnownProblem {
  readonly code: string;
  /** The first group, where there is one, is `what`. All of them are tried on the output without colours. */
  readonly wordings: readonly RegExp[];
  readonly message: (found: Found) => string;
  readonly hint: (found: Found) => string;
}

export const named = (what: string | undefined, otherwise: string): string =>
  what === undefined ? otherwise : `\`${what}\``;

/** `demo==1.0`, `demo@1.0.0`, `@scope/demo` → its name alone. */
export const nameAlone = (what: string | undefined): string => /^@?[^@=<>~!\s[;(]+/.exec(what ?? '')?.[0] ?? 'PACKAGE';
