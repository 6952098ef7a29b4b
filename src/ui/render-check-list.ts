import { CHECK_GROUPS } from '../core/check.ts';
import type { CheckList, ListedCheck } from '../core/check-list.ts';
import { GROUP_TITLES } from './doctor-groups.ts';
import { createPalette } from './palette.ts';

/** Every check in a line: what `--only` and `--skip` call it, its title, and how bad what it reports can be. */
export const renderCheckList = (list: CheckList, color: boolean): string => {
  const palette = createPalette(color);
  const width = Math.max(0, ...list.checks.map(({ id }) => id.length));
  const titles = Math.max(0, ...list.checks.map(({ title }) => title.length));
  const sections = CHECK_GROUPS.map((group) => {
    const checks = list.checks.filter((check) => check.group === group);
    const lines = checks.map((check) =>
      `  ${check.id.padEnd(width)}  ${check.title.padEnd(titles)}  ${palette.dim(severitiesOf(check))}`.trimEnd(),
    );
    const name = GROUP_TITLES[group].toLowerCase() === group ? '' : ` ${palette.dim(`(${group})`)}`;
    return checks.length === 0 ? [] : [`${palette.bold(GROUP_TITLES[group])}${name}`, ...lines];
  }).filter((section) => section.length > 0);
  return `${sections.map((section) => section.join('\n')).join('\n\n')}\n`;
};

const severitiesOf = ({ findings }: ListedCheck): string =>
  (['error', 'warning', 'info'] as const)
    .filter((severity) => findings.some((finding) => finding.severity === severity))
    .join(', ');
