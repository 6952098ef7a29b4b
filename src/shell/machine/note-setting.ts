import type { ShellSetting } from '../shell-run.ts';
import type { Machine } from './machine.ts';

const MOST_SETTINGS = 4000;

/** Loops and functions reach the same one again: there is an end to it. */
export const noteSetting = (setting: ShellSetting, { settings }: Machine): void => {
  if (settings.length < MOST_SETTINGS) settings.push(setting);
};
