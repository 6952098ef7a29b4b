/** What the tests of one run share. */
export interface Suite {
  /** Part of the name of every folder, and so of every compose project and image, of this run: lower case letters and digits. */
  readonly id: string;
  /** Holds the checkouts; the containers see it as `/workspaces`. */
  readonly root: string;
  /** The packed package, in `root`. */
  readonly tarball: string;
  /** `dist/cli.js` of the package as installed from the tarball. */
  readonly cli: string;
  /** Whether images are built by BuildKit. */
  readonly hasBuildKit: boolean;
  /** For the dev container program. */
  readonly env: Readonly<Record<string, string>>;
}

export type ProvidedSuite =
  { readonly ok: true; readonly suite: Suite } | { readonly ok: false; readonly reason: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly containers: ProvidedSuite;
  }
}
