import { expect, test } from 'vitest';

import { installProblem } from '../../../src/dependencies/install-problem.ts';

const problem = (tail: string, result = {}, program = 'uv') =>
  installProblem(
    { program, args: ['sync'], directory: '/site', env: {} },
    { exitCode: 1, missing: false, timedOut: false, aborted: false, tail, stdout: '', ...result },
  );

test.each([
  ['uv', 'error sending request for url (https://pypi.example/simple/): invalid peer certificate: UnknownIssuer'],
  ['pip', 'SSLError(SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"))'],
  ['npm', 'npm error code SELF_SIGNED_CERT_IN_CHAIN'],
])('a certificate that %s does not trust is not taken for a registry that is away', (_tool, tail) => {
  expect(problem(tail)).toMatchObject({
    code: 'CERTIFICATE_REJECTED',
    hint: expect.stringContaining('SSL_CERT_FILE') as unknown,
  });
});

test.each([
  ['pip', 'ERROR: No matching distribution found for Django==99'],
  ['uv', '  × No solution found when resolving dependencies:'],
  ['npm', 'npm error code E404'],
  ['pnpm', 'ERR_PNPM_NO_MATCHING_VERSION  No matching version found for left-pad@99'],
])('a package that does not exist is called that, as %s says it', (_tool, tail) => {
  expect(problem(tail).code).toBe('PACKAGE_NOT_FOUND');
});

test('a registry that is away is called that', () => {
  expect(problem('npm error code ENOTFOUND').code).toBe('REGISTRY_UNREACHABLE');
});

test.each([
  ['https://me:hunter2@pypi.example/simple/', 'No matching distribution found for secret-package'],
  ['https://token-abc@npm.example/', 'npm error code E404'],
])('the login in the address of a registry is in no part of the failure: %s', (address, tail) => {
  const { message, hint, output } = problem(`Looking in indexes: ${address}\n${tail}`);
  expect([message, hint, ...output].join('\n')).not.toMatch(/hunter2|token-abc/);
});

test('words that are not known are shown as the tool printed them, without colours and blank lines', () => {
  const { code, output } = problem('\u001B[31mfirst\u001B[0m\n\n\nsomething nobody has seen\n');
  expect([code, output]).toEqual(['INSTALL_FAILED', ['first', 'something nobody has seen']]);
});

test('an installer that was killed has no exit code', () => {
  expect(problem('', { exitCode: null }).message).toBe('uv sync was killed by a signal (has memory run out?)');
});

const UV_GIT =
  "process didn't exit successfully: `/usr/bin/git fetch --force --update-head-ok 'https://git.invalid/demo.git'` (exit status: 128)\n--- stderr\n";

/** As pip 23, uv 0.13, npm 11 and git 2.39 print them. */
test.each([
  [
    'pip',
    "ERROR: Cannot find command 'git' - do you have 'git' installed and in your PATH?",
    'GIT_MISSING',
    /apt-get install git/,
  ],
  [
    'uv',
    '  cause: Git operation failed\n  cause: Git executable not found. Ensure that Git is installed and available.',
    'GIT_MISSING',
    /apt-get install git/,
  ],
  [
    'npm',
    'npm error code ENOENT\nnpm error syscall spawn git\nnpm error path git',
    'GIT_MISSING',
    /apt-get install git/,
  ],
  [
    'uv',
    `${UV_GIT}fatal: unable to access 'https://git.invalid/demo.git/': Could not resolve host: git.invalid`,
    'GIT_UNREACHABLE',
    /Check the network/,
  ],
  [
    'uv',
    `${UV_GIT}ssh: connect to host 127.0.0.1 port 1: Connection refused\nfatal: Could not read from remote repository.`,
    'GIT_UNREACHABLE',
    /Check the network/,
  ],
  [
    'pip',
    "  fatal: could not read Username for 'http://git.example': No such device or address\n  error: subprocess-exited-with-error",
    'GIT_DENIED',
    /in the requirement file in \/site\? .*gh auth setup-git/,
  ],
  [
    'npm',
    "npm error fatal: Authentication failed for 'http://git.example/private.git/'",
    'GIT_DENIED',
    /in package\.json/,
  ],
  ['uv', `${UV_GIT}fatal: repository 'http://git.example/gone.git/' not found`, 'GIT_DENIED', /in pyproject\.toml/],
  [
    'uv',
    `${UV_GIT}fatal: unable to access 'http://git.example/x.git/': The requested URL returned error: 403`,
    'GIT_DENIED',
    /in pyproject\.toml/,
  ],
])('a package from a git repository that %s cannot get: %s', (tool, tail, code, hint) => {
  expect(problem(tail, {}, tool)).toMatchObject({ code, hint: expect.stringMatching(hint) as unknown });
});

/** As npm 11, Corepack 0.34 and PDM 2.29 print them. */
test.each([
  [
    'npm',
    'npm error code EBADDEVENGINES\nnpm error EBADDEVENGINES Invalid devEngines.runtime\nnpm error EBADDEVENGINES Invalid semver version "^24.0.0" does not match "v20.20.2" for "runtime"',
    'NODE_UNSUITABLE',
    /another Node \(\^24\.0\.0\)/,
  ],
  [
    'npm',
    "npm error EBADDEVENGINES Invalid devEngines.packageManager\nnpm error EBADDEVENGINES {\nnpm error EBADDEVENGINES   required: { name: 'yarn', onFail: 'error' }",
    'PACKAGE_MANAGER_UNSUITABLE',
    /another package manager \({ name: 'yarn'/,
  ],
  [
    'pnpm',
    'This project is configured to use yarn because /site/package.json has a "packageManager" field',
    'PACKAGE_MANAGER_UNSUITABLE',
    /\(yarn\)/,
  ],
  [
    'yarn',
    '  [cause]: Error: No compatible signature found in package metadata',
    'COREPACK_OUTDATED',
    /Corepack cannot verify/,
  ],
  [
    'pdm',
    "[AttributeError]: module 'hishel' has no attribute 'SyncSqliteStorage'",
    'INSTALLER_BROKEN',
    /pdm itself fails \(AttributeError: module 'hishel'/,
  ],
])('what is wrong with the tools themselves: %s: %s', (tool, tail, code, message) => {
  expect(problem(tail, {}, tool)).toMatchObject({ code, message: expect.stringMatching(message) as unknown });
});
