import { shellWord } from '../../core/shell-word.ts';
import { OPTION_FLAGS } from '../init-options.ts';
import type { OptionValues } from '../template/template.ts';
import { NO_FRONTEND, WORKFLOW_FLAGS } from './workflow-options.ts';

const PREFIX = '# Made with: npx devsetup init --workflows';
const LINE = new RegExp(`^${PREFIX}((?: --[a-z-]+(?: '[^']*'| [^-'\\s]\\S*)?)*)$`, 'm');

const FLAGS = Object.entries({ ...OPTION_FLAGS, ...WORKFLOW_FLAGS }).map(
  ([name, [option]]) =>
    [`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, option as string] as const,
);

/** `devBranch` → `--dev-branch` */
export const flagOf = (option: string): string => FLAGS.find(([, name]) => name === option)?.[0] ?? option;

/** The comment that names the command which makes these workflows again: what an earlier `init` was told is read from it. */
export const renderMadeWith = (told: OptionValues): string =>
  `${PREFIX}${FLAGS.flatMap(([flag, option]) => words(flag, told[option])).join('')}`;

const words = (flag: string, value: string | undefined): readonly string[] => {
  if (value === undefined) return [];
  return value === NO_FRONTEND && flag === '--frontend' ? [' --no-frontend'] : [` ${flag} ${shellWord(value)}`];
};

/** The options by name; undefined: the text has no such comment. */
export const readMadeWith = (text: string): OptionValues | undefined => {
  const flags = LINE.exec(text.replaceAll('\r\n', '\n'))?.[1];
  if (flags === undefined) return undefined;
  const found = [...flags.matchAll(/ (--[a-z-]+)(?: '([^']*)'| ([^-'\s]\S*))?/g)];
  return Object.fromEntries(
    found.flatMap(([, flag = '', quoted, plain]) => {
      if (flag === '--no-frontend') return [['frontendFolder', NO_FRONTEND]];
      const option = FLAGS.find(([name]) => name === flag)?.[1];
      return option === undefined ? [] : [[option, quoted ?? plain ?? '']];
    }),
  );
};
