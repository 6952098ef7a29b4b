import type { SettingsFindings } from '../look/look-at-settings.ts';
import type { PlannedFile } from '../planned-file.ts';
import { checkOptions } from '../template/check-options.ts';
import type { OptionValues, Template } from '../template/template.ts';
import type { Choice } from './choose-options.ts';
import { planConfig, type ConfigInput } from './plan-config.ts';
import { planDatabaseEnv } from './plan-database-env.ts';
import { planGitignore } from './plan-gitignore.ts';
import { planPackageJson } from './plan-package-json.ts';
import { planTemplateFile } from './plan-template-file.ts';

export interface InitInput {
  readonly template: Template;
  readonly choices: readonly Choice[];
  /** The options the checkout's files were made with; null: they were not made from this template. */
  readonly made: OptionValues | null;
  /** Path, relative to the root → what the file holds; null: there is none. */
  readonly texts: Readonly<Record<string, string | null>>;
  readonly settings: SettingsFindings;
  /** A devcontainer.json that is not of this template, with what has to change in it; null: the template's files are planned. */
  readonly existing: readonly PlannedFile[] | null;
  readonly packageSpec: string;
  readonly isPackageAsked: boolean;
  readonly config: Pick<ConfigInput, 'path' | 'needs'>;
}

export const DATABASE_ENV = '.devcontainer/database.env';

/** Every file `init` looks at, and what is to be done with it. Changes nothing. */
export const planInit = (input: InitInput): readonly PlannedFile[] => {
  const { template, choices, texts, config } = input;
  const values = Object.fromEntries(choices.map(({ option, value }) => [option, value]));
  checkOptions(template, values);
  const textOf = (path: string): string | null => texts[path] ?? null;
  const manifest = planPackageJson({
    before: textOf('package.json'),
    spec: input.packageSpec,
    isAsked: input.isPackageAsked,
  });
  const inManifest = config.path === 'package.json';
  const configured = planConfig({
    ...config,
    before: inManifest ? manifest.after : config.path === null ? null : textOf(config.path),
  });
  const others = [inManifest ? joinEdits(manifest, configured) : manifest, planGitignore(textOf('.gitignore'))];
  return [
    ...(input.existing ?? planTemplate(input, values)),
    ...others,
    ...(configured === undefined || inManifest ? [] : [configured]),
  ];
};

const planTemplate = ({ template, made, texts, settings }: InitInput, values: OptionValues): readonly PlannedFile[] =>
  template.files.map((file) => {
    const before = texts[file.path] ?? null;
    return file.path === DATABASE_ENV
      ? planDatabaseEnv({ file, before, made, values, settings })
      : planTemplateFile({ file, before, made, values });
  });

/** Two edits of one file, the second of what the first gives. */
const joinEdits = (first: PlannedFile, second: PlannedFile | undefined): PlannedFile =>
  second === undefined || second.action === 'keep'
    ? first
    : { ...first, action: first.before === null ? 'create' : 'update', after: second.after };
