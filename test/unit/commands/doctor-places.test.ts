import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, expect, test, vi } from 'vitest';

import { fileFrom, pagesFrom } from '../../../src/commands/doctor-places.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PAGE = 'docs/findings/env-file-syntax.md';
const SITE = 'https://docs.example.org/devsetup/';

const onTerminal = (env: Readonly<Record<string, string>>) => {
  for (const name of ['CI', 'FORCE_HYPERLINK', 'TERM_PROGRAM', 'VTE_VERSION', 'WT_SESSION'])
    vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ FORCE_COLOR: '1', TERM: 'xterm-256color', ...env }))
    vi.stubEnv(name, value);
  return { stream: { isTTY: true }, color: true };
};
afterEach(() => {
  vi.unstubAllEnvs();
});

const linked = (text: string, address: string): string => `\u001B]8;;${address}\u001B\\${text}\u001B]8;;\u001B\\`;

test('a page is a link to the file in the package, on a terminal that knows links', () => {
  const pages = pagesFrom(ROOT, onTerminal({ VTE_VERSION: '7600' }), null);
  expect(pages(PAGE)).toBe(linked(PAGE, pathToFileURL(path.join(ROOT, PAGE)).href));
});

test('a page is a link to the documentation site where there is one', () => {
  const address = 'https://docs.example.org/devsetup/findings/env-file-syntax';
  expect(pagesFrom(ROOT, onTerminal({ VTE_VERSION: '7600' }), SITE)(PAGE)).toBe(linked(address, address));
  expect(pagesFrom(ROOT, onTerminal({}), SITE)(PAGE)).toBe(address);
});

test('elsewhere a page is a path that can be copied, without escape sequences', () => {
  expect(pagesFrom(ROOT, onTerminal({}), null)(PAGE)).toBe(PAGE);
  expect(pagesFrom(ROOT, { ...onTerminal({ VTE_VERSION: '7600' }), color: false }, null)(PAGE)).toBe(PAGE);
  expect(pagesFrom(ROOT, { ...onTerminal({ VTE_VERSION: '7600' }), stream: {} }, null)(PAGE)).toBe(PAGE);
});

test('a file of the checkout is named from where the user is', () => {
  expect(fileFrom('/site/backend', '/site', 'backend/manage.py')).toBe('manage.py');
  expect(fileFrom('/site/backend', '/site', '.env')).toBe('../.env');
});
