import { expect, test } from 'vitest';

import { installProblem } from '../../../src/dependencies/install-problem.ts';

const problem = (tail: string, result = {}) =>
  installProblem(
    { program: 'uv', args: ['sync'], directory: '/site', env: {} },
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
