import { createPalette, type Palette } from './palette.ts';
import { textBlock } from './text-block.ts';

export interface PageOptions {
  /** Of the terminal the text goes to; undefined: it is none, the page goes out as it was written. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** A page of Markdown for the terminal: headings stand out, paragraphs fit the width, code is left as it is. */
export const renderPage = (markdown: string, { columns, color }: PageOptions): string => {
  if (columns === undefined) return markdown.endsWith('\n') ? markdown : `${markdown}\n`;
  const palette = createPalette(color);
  const lines = blocksOf(markdown).flatMap((block) => renderBlock(block, palette, columns));
  return `${lines.join('\n').trimEnd()}\n`;
};

type Block = { readonly kind: 'text' | 'code'; readonly lines: readonly string[] };

const blocksOf = (markdown: string): readonly Block[] => {
  const blocks: { kind: Block['kind']; lines: string[] }[] = [];
  let isCode = false;
  let open: string[] | undefined;
  for (const line of markdown.split('\n')) {
    if (/^\s*```/.test(line)) {
      isCode = !isCode;
      open = undefined;
      continue;
    }
    const starts = isCode ? open === undefined : open === undefined || /^(#|[-*] |\d+\. |\|)/.test(line);
    if (!isCode && line.trim() === '') {
      blocks.push({ kind: 'text', lines: [''] });
      open = undefined;
      continue;
    }
    if (starts || open === undefined) {
      open = [];
      blocks.push({ kind: isCode ? 'code' : 'text', lines: open });
    }
    open.push(line);
    if (!isCode && line.startsWith('#')) open = undefined;
  }
  return blocks;
};

const renderBlock = ({ kind, lines }: Block, palette: Palette, columns: number): readonly string[] => {
  if (kind === 'code') return lines.map((line) => `    ${line}`.trimEnd());
  const text = lines.map((line) => line.trim()).join(' ');
  const heading = /^#+ (.*)$/.exec(text)?.[1];
  if (heading !== undefined) return textBlock(heading, { columns, paint: palette.bold });
  const bullet = /^(?:[-*] |\d+\. )/.exec(text)?.[0] ?? '';
  return text.startsWith('|') ? lines : textBlock(text.slice(bullet.length), { columns, bullet });
};
