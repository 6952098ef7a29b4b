import type { InitSetting } from '../../core/init-report.ts';
import { shellWord } from '../../core/shell-word.ts';
import { deployInputs, registryInputs } from './blocks/deploy-lines.ts';
import { migrateInputs, type NamedInput } from './blocks/environment-lines.ts';
import { describeSaid, hasOwnPort, type SaidInput } from './existing/said-inputs.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { ENVIRONMENTS } from './workflow-options.ts';

/** What has to be set by hand on GitHub, each with the command that does it. Values are never written: gh asks for them. */
export const listSettings = (parts: PipelineParts, said: readonly SaidInput[] = []): readonly InitSetting[] => [
  ...registryInputs(parts.values).map((input) => setting(input, null, said)),
  ...ENVIRONMENTS.flatMap((environment): readonly InitSetting[] => [
    ...(environment === 'prod'
      ? [
          place('prod-approval', 'then require reviewers for it: Settings, Environments, prod-approval'),
          place('prod', 'then allow its branch only: Settings, Environments, prod'),
        ]
      : [place(environment, 'the place of what follows')]),
    ...[...migrateInputs(parts), ...deployInputs(parts.values), ...ownPort(parts, said, environment)].map((input) =>
      setting(input, environment, said),
    ),
  ]),
];

const place = (name: string, purpose: string): InitSetting => ({
  kind: 'environment',
  name,
  environment: null,
  purpose,
  command: `gh api --method PUT 'repos/{owner}/{repo}/environments/${name}'`,
});

/** Only a port other than that of SSH has to be set. */
const ownPort = ({ values }: PipelineParts, said: readonly SaidInput[], environment: string): readonly NamedInput[] =>
  values.deploy === 'ssh' && hasOwnPort(said, environment)
    ? [{ name: 'DEPLOY_PORT', kind: 'variable', purpose: 'port of SSH on the server' }]
    : [];

const setting = (
  { kind, name, purpose }: NamedInput,
  environment: string | null,
  said: readonly SaidInput[],
): InitSetting => ({
  kind,
  name,
  environment,
  purpose: `${purpose}${describeSaid(said, name, environment)}`,
  command: `gh ${kind} set ${shellWord(name)}${environment === null ? '' : ` --env ${environment}`}`,
});
