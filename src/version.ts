import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of this package: one level up from src/ and from dist/ alike. */
export const packageDirectory = (): string => fileURLToPath(new URL('..', import.meta.url));

/** The version of this package: package.json lies one level up from src/ and from dist/ alike. */
export const readVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
};
