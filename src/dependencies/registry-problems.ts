import { shellWord } from '../core/shell-word.ts';
import { byHand, isPython, LOCK_FILES, LOGIN, manifest, REHASH, relock, type Installer } from './installer-commands.ts';
import { nameAlone, named, type Found, type KnownProblem } from './known-problem.ts';
import { findAddress, findRegistry } from './source-files.ts';

const SILENT_ABOUT_TRUST: Readonly<Partial<Record<Installer, string>>> = {
  poetry: ' Poetry says the same of a certificate that it does not trust: REQUESTS_CA_BUNDLE names the file with it.',
};

/** Of the machine, the files of the project and the registry. */
export const REGISTRY_PROBLEMS: readonly KnownProblem[] = [
  {
    code: 'PYTHON_UNSUITABLE',
    wordings: [/Failed to download `\S*python-build-standalone\S*\/cpython-(3\.\d+)/],
    message: () => 'No Python of this machine fits the project, and uv cannot download one.',
    hint: ({ what }) =>
      `Check the network and the proxy settings (HTTPS_PROXY, NO_PROXY), or install one that fits (\`pyenv install ${what}\`, or the image of the dev container), then run devsetup again.`,
  },
  {
    code: 'DISK_FULL',
    wordings: [/No space left on device|ENOSPC|NoSpaceLeft/],
    message: () => 'The disk is full.',
    hint: ({ directory }) =>
      `Free some space, then run devsetup again (\`df -h ${shellWord(directory)}\` shows how much there is).`,
  },
  {
    code: 'LOCK_BROKEN',
    wordings: [
      /Failed to parse `([^`]*\.lock)`/,
      /Installing dependencies from lock file\s+[^\n]*\(at line \d+, column/,
      /Failed to load lockfile at (\S+)/,
      /can only install with an existing (package-lock\.json)/,
      /failed to parse lockfile: '([^']+)'/,
      /\[TOMLDecodeError\]: /,
      /ERR_PNPM_BROKEN_LOCKFILE|YN0010|YN0047|error parsing lockfile|The lock ?file .{0,40}(?:invalid|not compatible|unreadable)/i,
    ],
    message: ({ tool }) => `${LOCK_FILES[tool]} cannot be read; a merge that left its marks in it is the usual cause.`,
    hint: (found) =>
      isPython(found.tool)
        ? `Keep one side of the merge in it (the lines between the marks) and delete the marks, run ${relock(found)}, and commit it.`
        : `Run ${relock(found)}: it joins both sides of a merge. Then commit ${LOCK_FILES[found.tool]}.`,
  },
  {
    code: 'MANIFEST_BROKEN',
    wordings: [
      /Invalid requirement: (?:'[^']*' )?\(?(?:[^\n]*?\(?from (line \d+ of [^)\n]+))\)?/,
      /Couldn't parse requirement in `([^`]+)`/,
      /Failed to parse: `?([^`\n]+?)`?\n/,
      /Invalid TOML file (\S+?):/,
      /tomllib\.TOMLDecodeError|tomlkit\.exceptions/,
      /Invalid (package\.json)/,
      /in JSON at position \d+[^\n]* in (\S*package\.json)/,
      /SyntaxError: (\S*package\.json): /,
      /\(when parsing (\S*package\.json)\)/,
      /failed to parse '(\S*package\.json)'/,
      /EJSONPARSE/,
    ],
    message: ({ what, tool }) => `${what ?? manifest(tool)} cannot be read: it is not valid.`,
    hint: ({ what, tool, directory }) =>
      `Correct ${what ?? `${manifest(tool)} in ${directory}`} where the lines above point at, then run devsetup again.`,
  },
  {
    code: 'LOCK_OUT_OF_STEP',
    wordings: [
      /package\.json and (?:package-lock\.json|npm-shrinkwrap\.json)[^\n]*in sync/,
      /ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH/,
      /lock ?file (?:at `[^`]*` )?needs to be updated/i,
      /lockfile had changes, but lockfile is frozen/,
      /YN0028/,
      /pyproject\.toml changed significantly/,
      /(?:Pipfile\.lock|lock ?file) [^\n]{0,60}(?:out of date|out-of-date)/i,
      /Lock file hash doesn't match/i,
    ],
    message: ({ tool }) => `${LOCK_FILES[tool]} does not match ${manifest(tool)}, which it was made from.`,
    hint: (found) => `Run ${relock(found)}, commit ${LOCK_FILES[found.tool]}, then run devsetup again.`,
  },
  {
    code: 'HASH_MISMATCH',
    wordings: [
      /DO NOT\s+MATCH THE HASHES[^]*?\n\s+(\S+) from /,
      /Hash mismatch for `([^`]+)`/i,
      /Hash for (\S+) \([^)]*\) from archive/,
      /Downloaded distributions for (\S+) \([^)]*\) did not match any known checksums/,
      /Retrieved digest for link (\S+?)\(/,
      /EINTEGRITY/,
      /ERR_PNPM_TARBALL_INTEGRITY/,
      /Integrity check failed for (?:tarball: )?"?([@\w./-]+)/,
      /YN0018[^\n]*?│ (\S+?)@[^\n]*The remote archive/,
      /YN0018/,
      /No candidate is found for `(\S+)` that matches\s+the environment or hashes/,
      /HashMismatch|hash mismatch/i,
    ],
    message: ({ what, tool }) =>
      `The file that the registry delivers for ${named(what, 'a package')} is not the one that ${LOCK_FILES[tool]} names by its hash.`,
    hint: (found) =>
      `A cache or a proxy may have damaged it: run devsetup again. If it is the same again, ask why the file was replaced; only if that is meant, run ${byHand(REHASH[found.tool](nameAlone(found.what)), found)}.`,
  },
  {
    // Before the next: the same tools say of it that they could not send the request.
    code: 'CERTIFICATE_REJECTED',
    wordings: [
      /invalid peer certificate|CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|self-signed certificate|unable to get local issuer certificate|UNABLE_TO_VERIFY_LEAF_SIGNATURE/i,
    ],
    message: () => 'The certificate of the package registry, or of a proxy before it, is not trusted.',
    hint: ({ tool }) =>
      `Name the file with the certificate in ${isPython(tool) ? 'SSL_CERT_FILE (uv), PIP_CERT (pip, Pipenv) or REQUESTS_CA_BUNDLE (Poetry, PDM)' : 'NODE_EXTRA_CA_CERTS (npm, pnpm, yarn, bun)'}, then run devsetup again.`,
  },
  {
    code: 'REGISTRY_DENIED',
    wordings: [
      /\b(?:E401|E403)\b/,
      /ERR_PNPM_FETCH_40[13]/,
      /Response Code: 40[13]|YN0041/,
      /\b40[13] (?:Client )?Error/i,
      /HTTP (?:status client )?error \(?40[13]/i,
      /\b(?:401 Unauthorized|403 Forbidden)\b/,
      /GET \S+ - 40[13]/,
      /Request failed "40[13]/,
      /Authorization error accessing (\S+)/,
      /Error 40[13]\b|returned a 40[13]/,
      /Credentials not correct/,
    ],
    message: () => 'The package registry asks for a login, or refuses the one it was given (401 or 403).',
    hint: ({ tool }) =>
      `Give ${tool} a login for it: ${LOGIN[tool]}; as a secret of the Codespace or in your shell, not in the repository.`,
  },
  {
    code: 'REGISTRY_UNREACHABLE',
    wordings: [
      /Temporary failure in name resolution|Name or service not known|failed to lookup address|DNSResolveFailed|getaddrinfo/i,
      /Connection refused|ConnectionRefused|NewConnectionError|ProxyError|Cannot connect to proxy|Max retries exceeded/i,
      /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|ReadTimeoutError|ConnectTimeout/,
      /All attempts to connect to|error sending request|ERR_PNPM_META_FETCH_FAIL/i,
      // Yarn may say so and then fail for another cause.
      /trouble with your network connection(?![^]*\nerror (?!An unexpected))/,
      /network connectivity/i,
    ],
    message: (found) => {
      const hosts = registriesIn(found);
      const shown = hosts.map(({ host, place }) => `${host}${place === undefined ? '' : ` (${place})`}`).join(' or ');
      return `The package registry ${shown}${shown === '' ? '' : ' '}cannot be reached.`;
    },
    hint: (found) => {
      const [first] = registriesIn(found);
      const network =
        'the network and the proxy settings (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), then run devsetup again.';
      return `${addressAdvice(first, found)}${network}${SILENT_ABOUT_TRUST[found.tool] ?? ''}`;
    },
  },
];

interface RegistryPlace {
  readonly host: string;
  /** Where the checkout names it; undefined: nowhere. */
  readonly place: string | undefined;
}

/** How the tools name the host that they do not reach, the surest words first. */
const HOSTS: readonly RegExp[] = [
  /HTTPS?ConnectionPool\(host='([^']+)'/,
  /Failed to fetch: `?https?:\/\/([^/\s`]+)/,
  /All attempts to connect to (\S+) failed/,
  /(?:request to|GET) https?:\/\/([^/\s]+)/,
  /getaddrinfo \w+ ([\w.-]+)/,
];

/** pip names all its indexes, unless it is the usual one alone. Others name none: then it is what the checkout says first. */
const registriesIn = ({ output, files, tool }: Pick<Found, 'output' | 'files' | 'tool'>): readonly RegistryPlace[] => {
  const sure = HOSTS.flatMap((pattern) => pattern.exec(output)?.[1] ?? [])[0];
  const searched = /Looking in indexes: ([^\n]+)/.exec(output)?.[1]?.split(', ') ?? [];
  const isSilentPip = tool === 'pip' && /connection broken by/.test(output);
  const all =
    sure !== undefined ? [sure] : searched.length > 0 ? searched.map(hostOf) : isSilentPip ? ['pypi.org'] : [];
  const own = all.length === 0 ? findRegistry(files) : undefined;
  return own === undefined ? [...new Set(all)].map((host) => ({ host, place: findAddress(files, host) })) : [own];
};

const hostOf = (address: string): string => address.replace(/^[a-z]+:\/\/(?:[^/@]*@)?/i, '').replace(/\/.*$/, '');

/** How the configuration outside of the checkout is shown. */
const CONFIGURED: Readonly<Partial<Record<Found['tool'], string>>> = {
  pip: '`pip config list`',
  npm: '`npm config get registry`',
  pnpm: '`pnpm config get registry`',
};

const addressAdvice = (registry: RegistryPlace | undefined, { tool }: Pick<Found, 'tool'>): string => {
  if (registry === undefined) return 'Check ';
  if (registry.place !== undefined)
    return `Is the address in ${registry.place} right? Without it, ${tool} uses the registry that this machine is configured with. If it is right, check `;
  const shown = CONFIGURED[tool];
  return shown === undefined || PUBLIC.has(registry.host)
    ? 'Check '
    : `No file of the checkout names it; ${shown} shows where this machine does. Check `;
};

const PUBLIC: ReadonlySet<string> = new Set(['pypi.org', 'registry.npmjs.org', 'registry.yarnpkg.com']);
