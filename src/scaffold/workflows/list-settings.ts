import type { InitSetting } from '../../core/init-report.ts';
import { shellWord } from '../../core/shell-word.ts';
import { deployInputs, registryInputs } from './blocks/deploy-lines.ts';
import { migrateInputs, type NamedInput } from './blocks/environment-lines.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { ENVIRONMENTS } from './workflow-options.ts';

/** What has to be set by hand on GitHub, each with the command that does it. Values are never written: gh asks for them. */
export const listSettings = (parts: PipelineParts): readonly InitSetting[] => [
  ...registryInputs(parts.values).map((input) => setting(input, null)),
  ...ENVIRONMENTS.flatMap((environment): readonly InitSetting[] => [
    {
      kind: 'environment',
      name: environment,
      environment: null,
      purpose:
        environment === 'prod'
          ? 'then require reviewers for it, and allow its branch only: Settings, Environments, prod'
          : 'the place of what follows',
      command: `gh api --method PUT 'repos/{owner}/{repo}/environments/${environment}'`,
    },
    ...[...migrateInputs(parts), ...deployInputs(parts.values)].map((input) => setting(input, environment)),
  ]),
];

const setting = ({ kind, name, purpose }: NamedInput, environment: string | null): InitSetting => ({
  kind,
  name,
  environment,
  purpose,
  command: `gh ${kind} set ${shellWord(name)}${environment === null ? '' : ` --env ${environment}`}`,
});
