import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A file of this package, as an absolute path. The one place that knows where the code lies: src/ and dist/, whose files the build puts
 * side by side, are both one level below the package's folder.
 */
export const packageFile = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** The version of this package. */
export const readVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
};
