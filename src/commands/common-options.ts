import { InvalidArgumentError, Option, type Command } from 'commander';

/** Splits `a,b,c`; may be given several times. */
const list = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  ...value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
];

export const listOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(list);

/** Whether its value is a list, separated by commas. */
export const isListOption = (option: Option): boolean => option.parseArg === list;

/** May be given several times; each value is one name, as it is. */
export const nameOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, previous: readonly string[] = []) => [...previous, value]);

export const secondsArgument = (value: string): number => {
  const seconds = Number(value);
  if (!Number.isFinite(seconds) || seconds < 0 || value.trim() === '')
    throw new InvalidArgumentError('It takes a number of seconds.');
  return seconds;
};

/** How progress is shown. */
export const withUiOptions = (command: Command, verbose: string): Command =>
  command
    .addOption(new Option('--ui <ui>', 'how progress is shown').choices(['live', 'plain', 'silent']))
    .option('--verbose', verbose);

/** The flags every command takes. */
export const withCommonOptions = (command: Command): Command => {
  command
    .option('--project <dir>', 'the checkout to work on (default: the one around this folder)')
    .option(
      '--config <file>',
      'the configuration file (default: devsetup.config.jsonc or .json, or "devsetup" in package.json)',
    )
    .option('--json', 'print exactly one JSON document on stdout');
  return withUiOptions(command, 'show the output of commands, and where every value came from').option(
    '--yes',
    'answer yes to every question',
  );
};

/** `--db`: another database than the one the environment names. */
export const databaseOption = (): Option =>
  new Option(
    '--db <which>',
    'embedded: a PostgreSQL that devsetup runs itself, without Docker; settings: the one that the settings name; both are remembered',
  ).choices(DATABASES);

const DATABASES = ['embedded', 'settings'] as const;
export type DatabaseFlag = (typeof DATABASES)[number];

export interface CommonOptions {
  readonly project?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly ui?: 'live' | 'plain' | 'silent';
  readonly verbose?: boolean;
  readonly yes?: boolean;
}
