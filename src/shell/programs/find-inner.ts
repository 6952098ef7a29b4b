import { innerOfContainers } from './containers.ts';
import type { Given, Inner } from './inner.ts';
import { innerOfJust } from './just.ts';
import { innerOfMake } from './make.ts';
import { innerOfManifests } from './manifests.ts';
import { innerOfPackageScripts } from './package-scripts.ts';
import { innerOfPlatforms } from './platforms.ts';
import { innerOfProcessManagers } from './process-managers.ts';
import { innerOfPython } from './python.ts';
import { innerOfRemote } from './remote.ts';
import { innerOfRequests } from './requests.ts';
import { innerOfShells } from './shells.ts';
import { innerOfTerminals } from './terminals.ts';

const FINDERS = [
  innerOfShells,
  innerOfRemote,
  innerOfContainers,
  innerOfManifests,
  innerOfPlatforms,
  innerOfPython,
  innerOfMake,
  innerOfJust,
  innerOfPackageScripts,
  innerOfRequests,
  innerOfProcessManagers,
  innerOfTerminals,
];

/** What a program runs of what it is given, as far as it can be seen. */
export const findInner = (given: Given): readonly Inner[] => {
  for (const find of FINDERS) {
    const found = find(given);
    if (found.length > 0) return found;
  }
  return [];
};
