import type { Severity } from '../core/check.ts';
import type { ReportedFinding } from '../core/doctor-report.ts';
import type { DoctorTextOptions } from './render-doctor.ts';
import type { Palette } from './palette.ts';
import { atMost, textBlock } from './text-block.ts';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const WORDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
const MOST_EVIDENCE = 6;

const rank = (block: readonly ReportedFinding[]): number =>
  Math.min(...block.map(({ severity }) => SEVERITIES.indexOf(severity)));

/** Findings as blocks, errors first: those that the same thing mends share a block. */
export const findingBlocks = (findings: readonly ReportedFinding[]): readonly (readonly ReportedFinding[])[] => {
  const blocks = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const key = JSON.stringify(finding.remedy);
    blocks.set(key, [...(blocks.get(key) ?? []), finding]);
  }
  return [...blocks.values()]
    .map((block) => block.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)))
    .toSorted((a, b) => rank(a) - rank(b));
};

/** What is wrong, what shows it, what mends it, where to read more. */
export const renderBlock = (
  block: readonly ReportedFinding[],
  palette: Palette,
  options: DoctorTextOptions,
): readonly string[] => {
  const { columns } = options;
  const [first] = block;
  if (first === undefined) return [];
  const { text, command } = first.remedy;
  const pages = [...new Set(block.map(({ docs }) => options.docsPath(docs)))];
  return [
    ...sameMessages(block).flatMap((same) => renderProblem(same, palette, options)),
    ...textBlock(text, { columns, indent: 4, bullet: '→ ' }),
    // A command is not wrapped: the terminal does that in a way that can be copied.
    ...(command === null ? [] : [`      ${palette.bold(command)}`]),
    ...pages.map((page) => `    ${palette.dim(page)}`),
  ];
};

const sameMessages = (block: readonly ReportedFinding[]): readonly (readonly ReportedFinding[])[] => {
  const byText = new Map<string, ReportedFinding[]>();
  for (const finding of block) byText.set(finding.message, [...(byText.get(finding.message) ?? []), finding]);
  return [...byText.values()];
};

const renderProblem = (
  same: readonly ReportedFinding[],
  palette: Palette,
  { columns, verbose, filePath }: DoctorTextOptions,
): readonly string[] => {
  const [first] = same;
  if (first === undefined) return [];
  const { severity, message } = first;
  const paint = { error: palette.red, warning: palette.yellow, info: asIs }[severity];
  const evidence = [...new Set(same.flatMap((finding) => evidenceOf(finding, filePath)))];
  const shown = verbose ? evidence : atMost(evidence, MOST_EVIDENCE, ' (--verbose)');
  return [
    ...textBlock(message, { columns, indent: 2, bullet: `${WORDS[severity]}: `, paint }).map((line, index) =>
      index === 0 ? line.replace(`${WORDS[severity]}: `, (word) => palette.bold(paint(word))) : line,
    ),
    ...shown.flatMap((line) => textBlock(line, { columns, indent: 6, paint: palette.dim })),
  ];
};

const asIs = (text: string): string => text;

/** The place is not repeated where the message or a line of evidence says it. */
const evidenceOf = (finding: ReportedFinding, filePath: DoctorTextOptions['filePath']): readonly string[] => {
  const { place, message, evidence } = finding;
  const isSaid =
    place !== null &&
    (message.includes(`(${place.file}:${place.line}:`) || evidence.some((line) => line.startsWith(`${place.file}:`)));
  return [...(isSaid ? [] : placeOf(finding, filePath)), ...evidence];
};

const placeOf = ({ place }: ReportedFinding, filePath: DoctorTextOptions['filePath']): readonly string[] =>
  place === null ? [] : [[filePath(place.file), place.line, place.column].filter((part) => part !== null).join(':')];
