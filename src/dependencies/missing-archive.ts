import { byHand, isPython, LOCK_FILES, LOCK_OTHER, manifest, type ByHand } from './installer-commands.ts';
import type { KnownProblem } from './known-problem.ts';

/** What answered 404 is the file of one version: the package itself is there. */
const ARCHIVES: readonly RegExp[] = [
  /404 Not Found - GET (\S+\.tgz)/,
  /ERR_PNPM_FETCH_404\s+GET (\S+\.tgz):/,
  /(https?:\S+\.tgz): Request failed "404/,
  /Response Code: 404[^]*?Request URL: (\S+\.tgz)/,
  /GET (\S+\.tgz) - 404/,
];

/** Of `@scope/name/-/name-1.0.0.tgz`, and of other addresses as far as they tell. */
const packageOf = (address: string): { readonly name: string; readonly version: string } | undefined => {
  const path = address.replaceAll(/%40/gi, '@').replaceAll(/%2f/gi, '/');
  const { name, version } =
    (
      /\/(?<name>(?:@[^/]+\/)?(?<last>[^/]+))\/-\/(?:@[^/]+\/)?\k<last>-(?<version>[^/]+)\.tgz$/.exec(path) ??
      /\/(?<name>[^/]+?)-(?<version>\d[^/]*)\.tgz$/.exec(path)
    )?.groups ?? {};
  return name === undefined || version === undefined ? undefined : { name, version };
};

/** These install what the lock file says, and nothing else. */
const isLocked = (args: readonly string[]): boolean =>
  ['ci', '--frozen-lockfile', '--immutable'].some((word) => args.includes(word));

const otherVersion = (name: string, found: ByHand): string => {
  if (isPython(found.tool)) return '';
  const words = byHand(LOCK_OTHER[found.tool as keyof typeof LOCK_OTHER](name), found);
  return found.tool === 'yarn' ? `${words})` : words;
};

export const MISSING_ARCHIVE: KnownProblem = {
  code: 'PACKAGE_NOT_FOUND',
  wordings: ARCHIVES,
  message: ({ what = '', tool, args }) => {
    const { name, version } = packageOf(what) ?? { name: what, version: '' };
    const shown = `\`${name}\`${version === '' ? '' : ` ${version}`}`;
    const reason = 'it was withdrawn, or this registry is a mirror that lacks it.';
    return isLocked(args)
      ? `${LOCK_FILES[tool]} locks ${shown}, and the registry has no file of that version: ${reason}`
      : `The registry has no file of ${shown}: ${reason}`;
  },
  hint: (found) => {
    const { what = '', tool, args, directory, typed } = found;
    const name = packageOf(what)?.name;
    const other =
      isLocked(args) && name !== undefined
        ? `Lock another version: ${otherVersion(name, found)}, and commit ${LOCK_FILES[tool]}.`
        : `Ask for another version in ${manifest(tool)} in ${directory}.`;
    const shows =
      tool === 'npm' || tool === 'pnpm' ? ` (\`${typed ?? tool} config get registry\` shows which one is used)` : '';
    return `${other} Or install from a registry that has the file${shows}.`;
  },
};
