import type { UpReport } from '../core/up-report.ts';
import { formatDuration } from './format-duration.ts';
import { createPalette } from './palette.ts';

/** What `devsetup up` ends with: how to get in. Failures are told as errors are. */
export const renderUp = ({ outcome, devcontainer, enter, milliseconds }: UpReport, color: boolean): string => {
  if (outcome !== 'success') return '';
  const palette = createPalette(color);
  const { remoteUser, remoteWorkspaceFolder } = devcontainer ?? {};
  const facts = [
    ...(remoteUser === undefined ? [] : [`user ${remoteUser}`]),
    ...(remoteWorkspaceFolder === undefined ? [] : [`folder ${remoteWorkspaceFolder}`]),
  ].join(', ');
  const headline = `The container runs${facts === '' ? '' : `: ${facts}`} (${formatDuration(milliseconds)})`;
  const next = enter === null ? [] : ['', palette.bold('Next'), `  ${enter}`];
  return [palette.bold(palette.green(headline)), ...next, ''].join('\n');
};
