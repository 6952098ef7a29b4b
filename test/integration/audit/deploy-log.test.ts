import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { violations } from '../../unit/ui/support/json-schema.ts';
import { makeCheckout, told, type AuditCheckout } from './support/checkout.ts';
import { sarifViolations } from './support/sarif.ts';

const SCHEMA = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../schemas/audit-report.schema.json'), 'utf8'),
) as Parameters<typeof violations>[0];

const COMMIT = '4f1c2ab90d3e5f6a7b8c9d0e1f2a3b4c5d6e7f80';
const log = (tag: string): string =>
  [
    '2026-11-20T10:00:00.0000000Z \u001B[36mdeploying\u001B[0m',
    `2026-11-20T10:00:01.0000000Z + docker pull ghcr.io/acme/shop:${tag}`,
    `2026-11-20T10:00:04.0000000Z Status: Downloaded newer image for ghcr.io/acme/shop:${tag}`,
    '2026-11-20T10:00:05.0000000Z + docker pull postgres:18',
    '',
  ].join('\n');

let checkout: AuditCheckout;
beforeAll(() => {
  checkout = makeCheckout({
    'good.log': log(`prod-${COMMIT}`),
    'bad.log': log('prod-latest'),
    'empty.log': '\n',
    'huge.log': '',
  });
  truncateSync(path.join(checkout.root, 'huge.log'), 2 ** 30);
  execFileSync('mkfifo', [path.join(checkout.root, 'pipe.log')]);
});
afterAll(() => checkout.remove());

test('a log of the commit passes, and every image in it is listed', async () => {
  const { stdout, exitCode } = await checkout.audit(['--deploy-log', 'good.log', '--sha', COMMIT.slice(0, 8)]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`ghcr.io/acme/shop:prod-${COMMIT}  pulled  line 2`);
  expect(stdout).toMatch(/^ {2}postgres:18 +pulled {2}line 4$/m);
  expect(stdout).toContain('No findings in the log');
});

test('a tag that moves fails, at its place, in every format', async () => {
  const report = await checkout.report(['--deploy-log', 'bad.log']);
  expect(told(report)).toEqual(['bad.log:2 image/mutable-tag-in-deploy']);
  expect(violations(SCHEMA, report)).toEqual([]);
  expect(report.images?.map(({ reference }) => reference)).toEqual(['ghcr.io/acme/shop:prod-latest', 'postgres:18']);
  const { stdout, exitCode } = await checkout.audit(['--deploy-log', 'bad.log', '--format', 'github,sarif=log.sarif']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^::error file=bad\.log,line=2,/);
  expect(sarifViolations(JSON.parse(readFileSync(path.join(checkout.root, 'log.sarif'), 'utf8')))).toEqual([]);
});

test('another commit than --sha fails', async () => {
  const report = await checkout.report(['--deploy-log', 'good.log', '--sha', 'aaaaaaaaaaaa']);
  expect(told(report)).toEqual(['good.log:2 image/deploy-not-built']);
});

test('standard input is read', async () => {
  const { stdout, exitCode } = await checkout.audit(['--deploy-log', '-'], { input: log('latest') });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('stdin:2:');
});

test.each([
  [['--deploy-log', 'nowhere.log'], 2, 'nowhere.log cannot be read: it does not exist.'],
  [['--deploy-log', 'pipe.log'], 2, 'pipe.log cannot be read: it is not a regular file.'],
  [['--deploy-log', 'huge.log'], 2, 'huge.log cannot be read: it is larger than 32 MB.'],
  [['--deploy-log', 'empty.log'], 3, 'empty.log is empty'],
  [['--deploy-log', '-'], 3, 'nothing came in'],
  [['--deploy-log', 'good.log', '--sha', 'main'], 2, '7 to 40 hexadecimal digits'],
  [['--sha', COMMIT], 2, '--sha belongs to --deploy-log'],
  [['--deploy-log', 'good.log', 'a.yml'], 2, 'no workflows'],
])('%j is exit code %i', async (args, expected, text) => {
  const { exitCode, stderr } = await checkout.audit(args);
  expect([exitCode, stderr]).toEqual([expected, expect.stringContaining(text)]);
});
