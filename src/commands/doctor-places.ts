import path from 'node:path';

import { packageFile } from '../version.ts';

export interface DoctorPlaces {
  /** A page of the package, from where the user is. */
  readonly docsPath: (docs: string) => string;
  /** A file of the checkout, given relative to its root, from where the user is. */
  readonly filePath: (file: string) => string;
}

/** Paths as a terminal makes them clickable: from where the user is, as short as they go. */
export const doctorPlaces = (cwd: string, root: string): DoctorPlaces => ({
  docsPath: (docs) => shorter(cwd, packageFile(docs)),
  filePath: (file) => shorter(cwd, path.resolve(root, file)),
});

const shorter = (from: string, to: string): string => {
  const relative = path.relative(from, to);
  return relative.length < to.length ? relative || '.' : to;
};
