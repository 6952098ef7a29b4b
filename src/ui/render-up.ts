import type { Site, UpReport } from '../core/up-report.ts';
import { formatDuration } from './format-duration.ts';
import { createPalette } from './palette.ts';
import { textBlock } from './text-block.ts';

export interface UpTextOptions {
  readonly color: boolean;
  /** Of the terminal the text goes to; undefined: nothing is wrapped. */
  readonly columns: number | undefined;
}

/** What `devsetup up` ends with: where the site is, and how to enter, stop and remove the container. Failures are shown as errors are. */
export const renderUp = (report: UpReport, { color, columns }: UpTextOptions): string => {
  const { outcome, devcontainer, enter, site, milliseconds } = report;
  if (outcome !== 'success') return '';
  const palette = createPalette(color);
  const { remoteUser, remoteWorkspaceFolder } = devcontainer ?? {};
  const facts = [
    ...(remoteUser === undefined ? [] : [`user ${remoteUser}`]),
    ...(remoteWorkspaceFolder === undefined ? [] : [`folder ${remoteWorkspaceFolder}`]),
  ].join(', ');
  const headline = `The container runs${facts === '' ? '' : `: ${facts}`} (${formatDuration(milliseconds)})`;
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0
      ? []
      : ['', ...textBlock(title, { columns, paint: palette.bold }), ...lines.map((line) => `  ${line}`)];
  const { title, lines } = siteText(site);
  const advice = site?.publish ?? null;
  return [
    ...textBlock(headline, { columns, paint: (line) => palette.bold(palette.green(line)) }),
    ...section(title, lines),
    ...(advice === null ? [] : textBlock(advice, { columns, indent: 2 })),
    ...section('Enter the container', enter === null ? [] : [enter]),
    ...section('Stop it, or remove it; its volumes, and so the database, stay', [
      'npx devsetup down',
      'npx devsetup down --remove',
    ]),
    '',
  ].join('\n');
};

const siteText = (site: Site | null): { readonly title: string; readonly lines: readonly string[] } => {
  if (site === null) return { title: '', lines: [] };
  const { url, answers, start } = site;
  if (url !== null && answers) return { title: 'The site answers', lines: [url] };
  const lines = start === null ? [] : [start];
  if (url !== null) return { title: `The site is ${url} once its server runs`, lines: start === null ? [url] : lines };
  return { title: 'Start the server of the site', lines };
};
