import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, expect, test, vi } from 'vitest';

import { fileFrom, pagesFrom } from '../../../src/commands/doctor-places.ts';
import { pageAddresses } from '../../../src/ui/page-link.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PAGE = 'docs/findings/env-file-syntax.md';
const SITE = pageAddresses({ homepage: 'https://docs.example.org/devsetup/' });
const NO_SITE = pageAddresses({});

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
  const pages = pagesFrom(ROOT, onTerminal({ VTE_VERSION: '7600' }), NO_SITE);
  expect(pages(PAGE)).toBe(linked(PAGE, pathToFileURL(path.join(ROOT, PAGE)).href));
});

test('a page is a link to the documentation site where there is one', () => {
  const address = 'https://docs.example.org/devsetup/findings/env-file-syntax';
  expect(pagesFrom(ROOT, onTerminal({ VTE_VERSION: '7600' }), SITE)(PAGE)).toBe(linked(address, address));
  expect(pagesFrom(ROOT, onTerminal({}), SITE)(PAGE)).toBe(address);
});

test.each([
  [
    'the documentation site',
    { homepage: 'https://docs.example.org', repository: 'a/b' },
    'https://docs.example.org/rules/x',
  ],
  [
    'GitHub',
    { repository: { url: 'git+https://github.com/a/b.git' } },
    'https://github.com/a/b/blob/v1.2.3/docs/rules/x.md',
  ],
  ['GitHub in short', { repository: 'a/b' }, 'https://github.com/a/b/blob/v1.2.3/docs/rules/x.md'],
  ['GitLab', { repository: 'gitlab:a/b' }, 'https://gitlab.com/a/b/-/blob/v1.2.3/docs/rules/x.md'],
  ['a host whose addresses are not known', { repository: 'https://git.example.org/a/b' }, null],
  ['nothing', {}, null],
])('what is read elsewhere (SARIF) links to %s', (_, manifest, address) => {
  expect(pageAddresses({ version: '1.2.3', ...manifest }).onWeb('docs/rules/x.md')).toBe(address);
});

test('elsewhere a page is a path that can be copied, without escape sequences', () => {
  expect(pagesFrom(ROOT, onTerminal({}), NO_SITE)(PAGE)).toBe(PAGE);
  expect(pagesFrom(ROOT, { ...onTerminal({ VTE_VERSION: '7600' }), color: false }, NO_SITE)(PAGE)).toBe(PAGE);
  expect(pagesFrom(ROOT, { ...onTerminal({ VTE_VERSION: '7600' }), stream: {} }, NO_SITE)(PAGE)).toBe(PAGE);
});

test('a file of the checkout is named from where the user is', () => {
  expect(fileFrom('/site/backend', '/site', 'backend/manage.py')).toBe('manage.py');
  expect(fileFrom('/site/backend', '/site', '.env')).toBe('../.env');
});
