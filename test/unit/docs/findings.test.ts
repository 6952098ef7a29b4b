import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { pageTitle, renderFindingIndex } from '../../../scripts/finding-index.mjs';
import { allFindings } from '../../../src/doctor/examine.ts';
import { documentedChecks } from '../../../src/doctor/list-checks.ts';

const folder = new URL('../../../docs/findings/', import.meta.url);
const files = (await readdir(fileURLToPath(folder))).filter((name) => name !== 'README.md');
const pages = new Map(
  await Promise.all(
    files.map(async (name): Promise<[string, string]> => [name, await readFile(new URL(name, folder), 'utf8')]),
  ),
);
const codes = [...allFindings().keys()].toSorted();

describe('the pages of the findings', () => {
  test('every finding has one, and every page a finding', () => {
    const shared = ['project-check.md'];
    expect([...pages.keys()].toSorted()).toEqual([...codes.map((code) => `${code}.md`), ...shared].toSorted());
  });

  test.each([...pages])('%s begins with its heading and says more than that', (_, page) => {
    expect(pageTitle(page)).toMatch(/\S/);
    expect(page.split('\n').length).toBeGreaterThan(8);
  });

  test('a code is in kebab-case', () => {
    expect(codes.filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code))).toEqual([]);
  });

  test('every finding is listed by a check', () => {
    const listed = documentedChecks().flatMap(({ findings }) => findings.map(({ code }) => code));
    expect([...new Set(listed)].toSorted()).toEqual(codes);
  });

  test('the list of them is up to date: npm run readme', () => {
    const titleOf = (code: string): string => pageTitle(pages.get(`${code}.md`) ?? '') ?? '';
    expect(pages.size).toBeGreaterThan(0);
    return expect(readFile(new URL('README.md', folder), 'utf8')).resolves.toBe(
      renderFindingIndex(documentedChecks(), titleOf),
    );
  });
});
