import { DevsetupError } from '../core/errors.ts';
import { describeEnding } from '../process/describe-ending.ts';
import type { CommandResult } from '../process/run-command.ts';
import type { InstallCommand } from './install-backend.ts';

interface KnownProblem {
  readonly code: string;
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: (command: string, directory: string) => string;
}

/** Causes that the tools' own output names; anything else is shown as it was printed. */
const KNOWN: readonly KnownProblem[] = [
  {
    code: 'LOCK_OUT_OF_STEP',
    pattern:
      /package\.json and (?:package-lock\.json|npm-shrinkwrap\.json).*(?:in sync|not in sync)|ERR_PNPM_OUTDATED_LOCKFILE|frozen-lockfile|YN0028|lockfile (?:had changes|needs to be updated)|lock file .*(?:needs to be updated|out of date)|pyproject\.toml changed significantly/is,
    message: 'The lock file does not match the manifest it was made from.',
    hint: (_, directory) =>
      `update the lock file in ${directory} (npm install, pnpm install, uv lock, poetry lock, …) and commit it`,
  },
  {
    code: 'PACKAGE_NOT_FOUND',
    pattern:
      /No matching distribution found|No solution found|Unable to find installation candidates|E404|ETARGET|ERR_PNPM_NO_MATCHING_VERSION|no versions of /i,
    message: 'A package or version that is asked for does not exist, or not for this version of Python or Node.',
    hint: () =>
      'See which one in the lines above; correct it in the file that asks for it (requirements, manifest or lock file).',
  },
  {
    // Before the next: the same tools say of it that they could not send the request.
    code: 'CERTIFICATE_REJECTED',
    pattern:
      /invalid peer certificate|CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|unable to get local issuer certificate/i,
    message: 'the certificate of the package registry, or of a proxy before it, is not trusted',
    hint: () =>
      'Name the file with the certificate in SSL_CERT_FILE (uv), PIP_CERT (pip) or NODE_EXTRA_CA_CERTS (npm, pnpm, yarn), then run devsetup again.',
  },
  {
    code: 'REGISTRY_UNREACHABLE',
    pattern:
      /Temporary failure in name resolution|Connection refused|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ReadTimeoutError|All attempts to connect to|error sending request/i,
    message: 'The package registry cannot be reached.',
    hint: () => 'Check the network and the proxy settings, then run devsetup again.',
  },
  {
    code: 'COMPILER_MISSING',
    pattern:
      /pg_config executable not found|command '?gcc'? failed|Python\.h: No such file|linker `?cc`? not found|error: Microsoft Visual C\+\+/i,
    message: 'A package has to be compiled, and what that needs is not installed.',
    hint: () =>
      'install the build tools (Debian: build-essential python3-dev libpq-dev) or use the binary package (psycopg2-binary)',
  },
  {
    code: 'VENV_MODULE_MISSING',
    pattern: /ensurepip is not available|No module named venv/i,
    message: 'This Python cannot create virtual environments.',
    hint: () => 'Install its venv module (Debian: python3-venv) or uv.',
  },
  {
    code: 'DISK_FULL',
    pattern: /No space left on device|ENOSPC/,
    message: 'The disk is full.',
    hint: () => 'Free some space (df -h shows where), then run devsetup again.',
  },
];

const TAIL_LINES = 15;

/** What an installation that did not exit with 0 means. */
export const installProblem = (command: InstallCommand, result: CommandResult): DevsetupError => {
  const line = [command.program, ...command.args].join(' ');
  const tail = result.tail.trimEnd();
  const output = tail === '' ? [] : tail.split('\n').slice(-TAIL_LINES);
  if (result.timedOut) {
    return new DevsetupError({
      code: 'COMMAND_TIMED_OUT',
      message: `${line} did not end in time`,
      hint: 'Raise timeouts.dependenciesSeconds in the configuration if it is only slow.',
      output,
    });
  }
  const known = KNOWN.find((problem) => problem.pattern.test(result.tail));
  if (known !== undefined) {
    return new DevsetupError({
      code: known.code,
      message: `${known.message} (${line})`,
      hint: known.hint(line, command.directory),
      output: linesAround(result.tail, known.pattern),
    });
  }
  return new DevsetupError({
    code: 'INSTALL_FAILED',
    message: result.missing ? `${command.program} cannot be started` : `${line} ${describeEnding(result)}`,
    hint: `Repeat it by hand in ${command.directory} to see all of it.`,
    output,
  });
};

/** npm prints a page of options behind its error: the lines that count are where the cause stands. */
const linesAround = (tail: string, cause: RegExp): readonly string[] => {
  const lines = tail.trimEnd().split('\n');
  const at = tail.slice(0, cause.exec(tail)?.index ?? tail.length).split('\n').length - 1;
  const from = Math.max(0, Math.min(at - 2, lines.length - TAIL_LINES));
  return lines.slice(from, from + TAIL_LINES);
};
