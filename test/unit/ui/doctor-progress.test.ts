import { describe, expect, test } from 'vitest';

import { createDoctorProgress, describeProgress } from '../../../src/ui/doctor-progress.ts';
import { renderPage } from '../../../src/ui/render-page.ts';
import { renderDiff } from '../../../src/ui/render-diff.ts';
import { createPalette } from '../../../src/ui/palette.ts';

const recorder = (columns = 60) => {
  const written: string[] = [];
  return { written, stream: { columns, write: (text: string) => written.push(text) } };
};

describe('the progress of a look', () => {
  test('names the first that are waited for', () => {
    expect(describeProgress(5, ['a', 'b', 'c', 'd', 'e'])).toBe('0/5 checks · waiting for: a, b, c and 2 more');
    expect(describeProgress(5, ['d'])).toBe('4/5 checks · waiting for: d');
  });

  test('is one line that is rewritten, fits the terminal, and is gone at the end', () => {
    const { written, stream } = recorder(30);
    const progress = createDoctorProgress({ ui: 'live', stream });
    progress.begin(['a-rather-long-name', 'another-long-name']);
    progress.end('another-long-name');
    progress.end('left-out');
    progress.end('a-rather-long-name');
    progress.done();
    expect(written.every((text) => text.startsWith('\r\u001B[2K') && !text.includes('\n'))).toBe(true);
    expect(Math.max(...written.map((text) => text.length - 5))).toBeLessThan(30);
    expect(written.at(-1)).toBe('\r\u001B[2K');
    expect(written).toHaveLength(3);
  });

  test.each(['plain', 'silent'] as const)('is silent with --ui %s', (ui) => {
    const { written, stream } = recorder();
    const progress = createDoctorProgress({ ui, stream });
    progress.begin(['a']);
    progress.end('a');
    progress.done();
    expect(written).toEqual([]);
  });
});

describe('a page', () => {
  const page = '# A title\n\nA paragraph that\ngoes on.\n\n- first thing\n- second\n\n```sh\nnpx devsetup   --x\n```\n';

  test('goes out as it is where there is no terminal', () => {
    expect(renderPage(page, { columns: undefined, color: false })).toBe(page);
  });

  test('fits a terminal, code left as it is', () => {
    expect(renderPage(page, { columns: 40, color: false })).toBe(
      'A title\n\nA paragraph that goes on.\n\n- first thing\n- second\n\n    npx devsetup   --x\n',
    );
  });
});

describe('the difference of an edit', () => {
  const palette = createPalette(false);

  test('is a unified diff', () => {
    expect(renderDiff({ name: '.env', before: 'A=1\nB=2\n', after: 'A=1\nC=3\n' }, palette)).toEqual([
      '--- .env',
      '+++ .env',
      '@@ -1,2 +1,2 @@',
      ' A=1',
      '-B=2',
      '+C=3',
    ]);
  });

  test('of a new file begins with nothing', () => {
    expect(renderDiff({ name: '.env', before: null, after: 'A=1\n' }, palette).slice(0, 2)).toEqual([
      '--- /dev/null',
      '+++ .env',
    ]);
  });

  test('says so where only what is masked differs', () => {
    expect(renderDiff({ name: '.env', before: 'A=***\n', after: 'A=***\n' }, palette)).toHaveLength(1);
  });
});
