import type { Tested } from '../../scripts/readme-blocks.mjs';
import { VERSIONS } from '../containers/support/base-images.ts';
import { NODE_MAJORS } from '../e2e/support/node-release.ts';
import { PAIRS } from './venv.ts';

const versionsOf = (name: string): readonly string[] =>
  PAIRS.flatMap(({ requirements }) =>
    requirements.flatMap((one) => (one.startsWith(`${name}==`) ? [one.slice(name.length + 2)] : [])),
  );

/** What the README calls tested: read from what the tests run with, so that it cannot say more than they do. `embedded` is the server npm brings. */
export const testedVersions = (embedded: string): Tested => ({
  Python: [VERSIONS.python, ...PAIRS.map(({ python }) => python)],
  Django: versionsOf('Django'),
  PostgreSQL: [VERSIONS.postgres, embedded],
  Node: NODE_MAJORS.map(String),
  System: ['Linux'],
});
