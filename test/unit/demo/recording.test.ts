import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { shownPart, SIZE, structureOf, TITLE } from '../../../scripts/demo-recording.mjs';
import { renderScreen, THEME_NAMES } from '../../../scripts/render-screen.mjs';
import { screenOf, type Run } from '../../../scripts/terminal-screen.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

const recording = JSON.parse(read('scripts/demo-recording.json')) as readonly (readonly Run[])[];

describe('the pictures of the README', () => {
  it.each(THEME_NAMES)('%s is drawn from the stored recording (`npm run record-demo -- --draw`)', (theme) => {
    const file = `docs/images/demo-${theme}.svg`;
    const svg = read(file);
    expect(svg).toBe(renderScreen(shownPart(recording), { columns: SIZE.columns, title: TITLE, theme }));
    expect(svg.length).toBeLessThan(60_000);
    expect(read('README.md')).toContain(file);
  });

  it('show lines that fit, and nothing of the machine they were recorded on', () => {
    const lines = shownPart(recording).map((runs) => runs.map(({ text }) => text).join(''));
    expect(lines[0]).toBe('$ npx django-devsetup demo');
    expect(lines.filter((line) => line.length > SIZE.columns)).toEqual([]);
    const all = JSON.stringify(recording);
    expect([...all.matchAll(/(?<=[ "(])\/[\w-]+\/[\w-]+/g)].filter(([place]) => place !== '/home/you')).toEqual([]);
    expect([...all.matchAll(/127\.0\.0\.1:(\d+)|port (\d+)/g)].every(([place]) => place.endsWith('54321'))).toBe(true);
  });

  it('keep text, colours and places of a terminal, and escape what SVG reads as markup', async () => {
    const { styled } = await screenOf('a <b> & c\r\n  \u001B[32mdone\u001B[39m \u001B[2mlater\u001B[22m', {
      columns: 20,
      rows: 4,
    });
    const svg = renderScreen(styled, { columns: 20, title: 't', theme: 'light' });
    expect(svg).toContain('<tspan x="16">a &lt;b&gt; &amp; c</tspan>');
    expect(svg).toContain('class="green">done</tspan>');
    expect(svg).toContain('class="dim">later</tspan>');
  });

  it('compare as equal what differs in times alone', () => {
    const session = (text: string): readonly string[] => structureOf([[{ text }]]);
    expect(session('✔ Database · created database x 0.8s')).toEqual(session('✔ Database · created database x 1m 03s'));
    expect(session('✔ Database · created database x')).toEqual(session('✔ Database · created database x 2.0s'));
    expect(session('  Database: created x (0.8s)')).toEqual(session('  Database: created x (1m 03s)'));
    expect(session('Done in 13s: 8 steps changed')).not.toEqual(session('Done in 13s: 7 steps changed'));
  });
});
