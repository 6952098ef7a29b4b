import path from 'node:path';

import type { Config } from '../config/config.ts';
import type { DevContainer } from '../devcontainer/dev-container.ts';
import type { FoundManagePy } from '../project/find-manage-py.ts';
import { folder, lookAtRepository, type RepositoryFindings } from './look/look-at-repository.ts';
import { chooseOptions, type Choice } from './plan/choose-options.ts';
import { DEV_CONTAINER, findMadeOptions } from './plan/find-made-options.ts';
import type { ConfigInput } from './plan/plan-config.ts';
import { readCheckoutCode, type CheckoutCode } from './setup-script/endings/checkout-code.ts';
import { findSetupScripts } from './setup-script/find-setup-scripts.ts';
import type { SetupScript } from './setup-script/setup-script.ts';
import type { OptionValues, Template } from './template/template.ts';
import type { ReadFile, ScaffoldFiles } from './write/scaffold-files.ts';

export interface GatherOptions<F extends ReadFile> {
  readonly root: string;
  readonly config: Config;
  readonly backend: FoundManagePy;
  readonly needsConfig: boolean;
  readonly template: Template;
  readonly asked: OptionValues;
  readonly files: ScaffoldFiles<F>;
  readonly devContainer: DevContainer | undefined;
}

/** Everything the plan is made of, read once. */
export interface Gathered<F extends ReadFile> {
  readonly findings: RepositoryFindings;
  readonly choices: readonly Choice[];
  readonly made: OptionValues | null;
  /** One that is not of the template. */
  readonly devContainer: DevContainer | undefined;
  readonly read: Map<string, F | undefined>;
  readonly texts: Readonly<Record<string, string | null>>;
  readonly config: Pick<ConfigInput, 'path' | 'needs'>;
  readonly scripts: readonly SetupScript[];
  readonly code: CheckoutCode;
}

/** Reads the checkout; changes nothing. */
export const gatherInit = async <F extends ReadFile>(options: GatherOptions<F>): Promise<Gathered<F>> => {
  const { root, config, backend, template, files, asked, devContainer } = options;
  const configPath = config.file === null ? null : folder(root, config.file);
  const names = [
    ...template.files.map((file) => file.path),
    'package.json',
    '.gitignore',
    ...(configPath === null ? [] : [configPath]),
  ];
  const read = new Map<string, F | undefined>();
  for (const name of names) read.set(name, await files.read(path.join(root, name), root));
  const texts = Object.fromEntries([...read].map(([name, file]) => [name, file?.text ?? null]));
  const isOther = devContainer !== undefined && folder(root, devContainer.file) !== DEV_CONTAINER;
  const made = isOther ? null : findMadeOptions(template, texts);
  const findings = await lookAtRepository({ root, config, backend });
  const code = await readCheckoutCode(root);
  const choices = chooseOptions({ template, asked, made, found: findings.options });
  return {
    findings,
    choices,
    made,
    devContainer: made === null ? devContainer : undefined,
    read,
    texts,
    config: { path: configPath, needs: configNeeds(options, findings, choices) },
    scripts: await findSetupScripts(root, devContainer, code),
    code,
  };
};

/** What devsetup would not find by looking. */
const configNeeds = (
  { root, backend, needsConfig, asked }: Pick<GatherOptions<ReadFile>, 'root' | 'backend' | 'needsConfig' | 'asked'>,
  { frontends, envFiles }: RepositoryFindings,
  choices: readonly Choice[],
): ConfigInput['needs'] => {
  const managePy = { key: ['backend', 'managePy'], value: folder(root, backend.managePy) };
  const frontend = choices.find(({ option }) => option === 'frontendFolder')?.value ?? '.';
  const isFound = asked['frontendFolder'] === undefined || frontends.some(({ name }) => name === frontend);
  const all = [...frontends.map(({ name }) => name), frontend].map((directory) => ({ directory }));
  return [
    ...(needsConfig ? [managePy] : []),
    ...(isFound || frontend === '.' ? [] : [{ key: ['frontends'], value: all }]),
    ...(envFiles.length === 0 ? [] : [{ key: ['envFiles'], value: envFiles, unlessSet: true }]),
  ];
};
