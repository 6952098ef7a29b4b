import type { InitSetting } from '../core/init-report.ts';

/** What is left to do by hand on GitHub: commands to copy, each with what it is for. gh asks for the values. */
export const renderSettings = (settings: readonly InitSetting[]): readonly string[] => {
  if (settings.length === 0) return [];
  const width = Math.max(...settings.map(({ command }) => command.length));
  return [
    '',
    'Set on GitHub, unless it is there (gh asks for each value):',
    ...settings.map(({ command, purpose }) => `  ${command.padEnd(width)}  # ${purpose}`),
  ];
};
