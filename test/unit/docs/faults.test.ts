import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Row {
  readonly fault: string;
  readonly file: string;
  readonly title: string;
}

/** The rows of the tables: a fault, what devsetup does, and `file › title`. */
const rows: readonly Row[] = readFileSync(path.join(root, 'docs/faults.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| fault or attack') && !line.startsWith('| ---'))
  .map((line) => {
    const [fault = '', , test = ''] = line.slice(2, -2).split(' | ');
    const [file = '', title = ''] = test.split(' › ');
    return { fault, file, title };
  });

/** A title as it stands in the source: quotes are escaped there if they are those of the string. */
const holdsTitle = (source: string, title: string): boolean =>
  [title, title.replaceAll("'", "\\'"), title.replaceAll('`', '\\`')].some((form) => source.includes(form));

describe('docs/faults.md', () => {
  test('lists at least 80 faults, each once', () => {
    const faults = rows.map(({ fault }) => fault);
    expect(new Set(faults).size).toBe(faults.length);
    expect(faults.length).toBeGreaterThanOrEqual(80);
  });

  test('names a test that exists for every fault', () => {
    const missing = rows.filter(({ file, title }) => {
      const place = path.join(root, file);
      return title === '' || !existsSync(place) || !holdsTitle(readFileSync(place, 'utf8'), title);
    });
    expect(missing).toEqual([]);
  });
});
