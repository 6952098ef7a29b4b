import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { installProblem } from '../../../src/dependencies/install-problem.ts';

interface InstallerRecord {
  readonly tool: string;
  readonly version: string;
  readonly kind: string;
  readonly exitCode: number | null;
  readonly command: string;
  readonly output: readonly string[];
}

/** scripts/record-installers.mjs wrote them: what each tool of the named version says. */
const RECORDS = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'installer-records.json'), 'utf8'),
) as readonly InstallerRecord[];

const FAILURES = RECORDS.filter(({ exitCode }) => exitCode !== 0);

const problemOf = ({ tool, output, command }: Pick<InstallerRecord, 'tool' | 'output' | 'command'>) => {
  const name = tool.replace(/-\d$/, '').replace('uv-pip', 'pip');
  return installProblem(
    {
      program: `/usr/bin/${name}`,
      tool: name as 'pip',
      args: command.split(' ').slice(1),
      directory: '/site',
      env: {},
    },
    { exitCode: 1, missing: false, timedOut: false, aborted: false, tail: output.join('\n'), stdout: '' },
  );
};

/** What has to come out: the code, and what the advice has to name. `demo`, `demmo` … are the packages of the records. */
const EXPECTED: Readonly<Record<string, readonly [code: string, advice: RegExp]>> = {
  'lock behind the manifest': [
    'LOCK_OUT_OF_STEP',
    /Run `cd \/site && (?:uv lock|poetry lock|npm install|pnpm install|yarn install|bun install)\b[^`]*`/,
  ],
  'broken lock file': [
    'LOCK_BROKEN',
    /`cd \/site && (?:uv lock|poetry lock|pipenv lock|pdm lock|npm install|yarn install|bun install)\b[^`]*`/,
  ],
  'broken manifest': ['MANIFEST_BROKEN', /Correct .*(?:requirements\.txt|pyproject\.toml|Pipfile|package\.json)/],
  'hash mismatch': ['HASH_MISMATCH', /only if that is meant, run `[^`]+`/],
  'no such package': [
    'PACKAGE_NOT_FOUND',
    /name of demmo right in (?:the requirement file|pyproject\.toml|Pipfile|package\.json) in \/site/,
  ],
  'no such version': [
    'PACKAGE_NOT_FOUND',
    /of demo .*in (?:the requirement file|pyproject\.toml|Pipfile|package\.json) in \/site/,
  ],
  'locked file missing': [
    'PACKAGE_NOT_FOUND',
    /^Lock another version: `cd \/site && (?:npm update demo|pnpm update --depth Infinity demo|yarn up --recursive demo|bun update)`.*, and commit (?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock)\. Or install from a registry that has the file/,
  ],
  'no file for this system': ['NO_WHEEL', /alien/],
  'conflicting requirements': [
    'REQUIREMENTS_CONFLICT',
    /Loosen one of them in (?:the requirement file|pyproject\.toml|Pipfile|package\.json)/,
  ],
  'host name unknown': ['REGISTRY_UNREACHABLE', /network and the proxy/],
  'connection refused': ['REGISTRY_UNREACHABLE', /network and the proxy/],
  'proxy that is away': ['REGISTRY_UNREACHABLE', /HTTPS_PROXY/],
  'certificate not trusted': ['CERTIFICATE_REJECTED', /SSL_CERT_FILE|NODE_EXTRA_CA_CERTS/],
  'password missing': ['REGISTRY_DENIED', /a login for it: /],
  'access denied': ['REGISTRY_DENIED', /a login for it: /],
  'wrong Python': ['PYTHON_UNSUITABLE', /`backend\.python`/],
  'package for a later Python': ['PYTHON_UNSUITABLE', /`backend\.python`/],
  'wrong Node': ['NODE_UNSUITABLE', /Install a Node that fits/],
  'package for a later Node': ['NODE_UNSUITABLE', /Install a Node that fits/],
  'disk full': ['DISK_FULL', /`df -h \/site`/],
  'no rights': ['NOT_WRITABLE', /chown -R .* \/site`/],
  'build script fails': ['COMPILER_MISSING', /build-essential/],
  'missing pg_config': ['SYSTEM_LIBRARY_MISSING', /apt-get install libpq-dev`.*psycopg2-binary/],
  'missing compiler': ['COMPILER_MISSING', /apt-get install build-essential python3-dev`/],
  'missing Rust': ['COMPILER_MISSING', /apt-get install cargo`/],
  'missing header lber.h': ['SYSTEM_LIBRARY_MISSING', /apt-get install libldap-dev libsasl2-dev`/],
  'missing MySQL': ['SYSTEM_LIBRARY_MISSING', /apt-get install default-libmysqlclient-dev pkg-config`/],
  'missing cairo': ['SYSTEM_LIBRARY_MISSING', /apt-get install libcairo2-dev pkg-config`/],
  'missing GDAL': ['SYSTEM_LIBRARY_MISSING', /apt-get install libgdal-dev`/],
  'missing Kerberos': ['SYSTEM_LIBRARY_MISSING', /apt-get install libkrb5-dev`/],
  'missing ODBC': ['SYSTEM_LIBRARY_MISSING', /apt-get install unixodbc-dev`/],
  'missing curl': ['SYSTEM_LIBRARY_MISSING', /apt-get install libcurl4-openssl-dev libssl-dev`/],
  'missing memcached': ['SYSTEM_LIBRARY_MISSING', /apt-get install libmemcached-dev zlib1g-dev`/],
};

/** Where a tool does not say what happened: the advice then names what else it may be. */
const SAYS_LESS: Readonly<Record<string, readonly [code: string, advice: RegExp]>> = {
  'pip: password missing': ['PACKAGE_NOT_FOUND', /the login for it is missing .*PIP_INDEX_URL/],
  'pip: access denied': ['PACKAGE_NOT_FOUND', /the login for it is missing .*PIP_INDEX_URL/],
  'pip: no file for this system': ['PACKAGE_NOT_FOUND', /alien .*no file for this Python/],
  'pipenv: access denied': ['PACKAGE_NOT_FOUND', /the login for it is missing/],
  'pipenv: password missing': ['PACKAGE_NOT_FOUND', /the login for it is missing/],
  'pipenv: certificate not trusted': ['PACKAGE_NOT_FOUND', /a certificate that is not trusted/],
  'pipenv: connection refused': ['PACKAGE_NOT_FOUND', /a registry that cannot be reached/],
  'pipenv: host name unknown': ['PACKAGE_NOT_FOUND', /a registry that cannot be reached/],
  'pipenv: proxy that is away': ['PACKAGE_NOT_FOUND', /a registry that cannot be reached/],
  'pipenv: package for a later Python': ['PACKAGE_NOT_FOUND', /no file for this Python/],
  'pipenv: no file for this system': ['PACKAGE_NOT_FOUND', /no file for this Python/],
  // It hides what the build says.
  'pipenv: missing pg_config': ['BUILD_FAILED', /`cd \/site && pipenv lock --verbose`/],
  'pdm: access denied': ['PACKAGE_NOT_FOUND', /a registry that cannot be reached, or that refuses/],
  'pdm: password missing': ['PACKAGE_NOT_FOUND', /a registry that cannot be reached, or that refuses/],
  'pdm: no file for this system': ['PACKAGE_NOT_FOUND', /alien/],
  'poetry: certificate not trusted': ['REGISTRY_UNREACHABLE', /REQUESTS_CA_BUNDLE/],
  // It joins the two sides of a merge by itself, then does not want to write the file.
  'yarn-1: broken lock file': ['LOCK_OUT_OF_STEP', /`cd \/site && yarn install`/],
  'yarn-1: password missing': ['PACKAGE_NOT_FOUND', /the login for it is missing/],
};

describe('what an installer says', () => {
  test.each(FAILURES)('$tool: $kind', (record) => {
    const [code, advice] = SAYS_LESS[`${record.tool}: ${record.kind}`] ??
      EXPECTED[record.kind] ?? ['no expectation', /x/];
    const { code: found, hint } = problemOf(record);
    expect({ code: found, hint }).toEqual({ code, hint: expect.stringMatching(advice) as unknown });
  });
});
