import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A file of this package, as an absolute path. The one place that knows where the code lies: src/ and dist/, whose files the build puts
 * side by side, are both one level below the package's folder.
 */
export const packageFile = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** package.json of this package. */
export const readManifest = (): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as Readonly<Record<string, unknown>>;

/** The version of this package. */
export const readVersion = (): string => String(readManifest()['version']);
