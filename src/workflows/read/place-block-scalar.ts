import type { PlacedText, SourceFile } from '../../core/placed-text.ts';
import { createPlacedBuilder, type PlacedBuilder } from './placed-builder.ts';

/** Offsets of one line: where its indentation, its content and its end are. */
interface Line {
  readonly start: number;
  readonly content: number;
  /** Before the line's end, CR included in it. */
  readonly end: number;
  /** Of `\n`; the end of the text for the last line without one. */
  readonly newline: number;
}

interface Header {
  readonly isFolded: boolean;
  readonly indent: number;
  readonly chomp: string;
  readonly end: number;
}

/**
 * `|` and `>`: YAML 1.2, chapter 8.1. `start` and `end` are the node's range, the first of them at the indicator; `indent` is that of the
 * collection it stands in, from which an indentation indicator counts.
 */
export const placeBlockScalar = (source: SourceFile, start: number, end: number, indent: number): PlacedText => {
  const header = readHeader(source.text, start);
  const lines = splitLines(source.text, header.end, end);
  const builder = createPlacedBuilder(source);
  const filled = lines.findLastIndex((line) => line.content < line.end) + 1;
  if (filled === 0) {
    if (header.chomp === '+')
      lines.slice(0, Math.max(1, lines.length - 1)).forEach((line) => addNewline(builder, line));
    return builder.build();
  }
  const first = lines.findIndex((line) => line.content < line.end);
  const width = header.indent > 0 ? indent + header.indent : widthOf(lines[first]);
  // Blanks beyond the indentation are content, also in the lines that end the text.
  const indented = lines.findLastIndex((line) => widthOf(line) > width) + 1;
  const count = Math.max(filled, indented);
  for (const line of lines.slice(0, first)) {
    addLine(builder, line, width);
    addNewline(builder, line);
  }
  const body = lines.slice(first, count);
  if (header.isFolded) addFolded(builder, source.text, body, width);
  else addLiteral(builder, body, width);
  const last = body.at(-1);
  if (header.chomp === '-' || last === undefined) return builder.build();
  addNewline(builder, last);
  // The part after the last line's end is no line, but what is left of a line: it adds its blanks only.
  if (header.chomp === '+') {
    for (const line of lines.slice(count, -1)) {
      addLine(builder, line, width);
      addNewline(builder, line);
    }
  }
  return builder.build();
};

const readHeader = (text: string, start: number): Header => {
  const [indicators = ''] = /^[|>][-+\d]*/.exec(text.slice(start, start + 8)) ?? [];
  const newline = text.indexOf('\n', start);
  return {
    isFolded: indicators.startsWith('>'),
    indent: Number(/\d/.exec(indicators)?.[0] ?? 0),
    chomp: /[-+]/.exec(indicators)?.[0] ?? '',
    end: newline < 0 ? text.length : newline + 1,
  };
};

const splitLines = (text: string, start: number, end: number): readonly Line[] => {
  const lines: Line[] = [];
  for (let at = Math.min(start, end); at <= end;) {
    const found = text.indexOf('\n', at);
    const newline = found < 0 || found >= end ? end : found;
    let content = at;
    while (content < newline && text[content] === ' ') content++;
    const hasReturn = newline > content && newline < end && text[newline - 1] === '\r';
    lines.push({ start: at, content, end: hasReturn ? newline - 1 : newline, newline });
    at = newline + 1;
  }
  return lines;
};

const widthOf = (line: Line | undefined): number => (line === undefined ? 0 : line.content - line.start);

const addLine = (builder: PlacedBuilder, line: Line, width: number): void =>
  builder.add(Math.min(line.start + width, line.content), line.end);

const addNewline = (builder: PlacedBuilder, { newline }: Line): void => builder.addBreak('\n', newline);

const addLiteral = (builder: PlacedBuilder, lines: readonly Line[], width: number): void => {
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (before !== undefined) addNewline(builder, before);
    addLine(builder, line, width);
  });
};

/** Lines are joined by a blank; empty ones and what stands further in keep their line's end. */
const addFolded = (builder: PlacedBuilder, text: string, lines: readonly Line[], width: number): void => {
  let separator = '';
  let wasFurtherIn = false;
  /** Ends of lines that have not become a part of the text. */
  let pending: number[] = [];
  const addBreaks = (): void => {
    for (const character of separator) {
      const [at = 0, ...rest] = pending;
      builder.addBreak(character, at);
      if (rest.length > 0) pending = rest;
    }
  };
  for (const line of lines) {
    const isFurtherIn = widthOf(line) > width || (line.content < line.end && text[line.content] === '\t');
    if (isFurtherIn) {
      if (separator === ' ') separator = '\n';
      else if (!wasFurtherIn && separator === '\n') separator = '\n\n';
    }
    if (!isFurtherIn && line.content === line.end) {
      if (separator === '\n') addBreaks();
      else separator = '\n';
      pending.push(line.newline);
      continue;
    }
    addBreaks();
    addLine(builder, line, width);
    separator = isFurtherIn ? '\n' : ' ';
    wasFurtherIn = isFurtherIn;
    pending = [line.newline];
  }
};
