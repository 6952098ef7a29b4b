import type { WorkflowValues } from '../workflow-options.ts';
import { reference, type NamedInput } from './environment-lines.ts';

type Lines = Readonly<Record<string, string>>;

/** GitHub's own registry takes the token that every job has. */
export const isGithubRegistry = (registry: string): boolean => /^ghcr\.io(?:\/|$)/.test(registry);

/** What `docker login` needs: the host alone, where the registry is named with a path. */
export const registryAccess = ({ registry }: Pick<WorkflowValues, 'registry'>): Lines => ({
  REGISTRY: registry.split('/')[0] ?? registry,
  ...(isGithubRegistry(registry)
    ? { REGISTRY_USERNAME: '${{ github.actor }}', REGISTRY_TOKEN: '${{ github.token }}' }
    : {
        REGISTRY_USERNAME: reference('variable', 'REGISTRY_USERNAME'),
        REGISTRY_TOKEN: reference('secret', 'REGISTRY_TOKEN'),
      }),
});

/** What the job that deploys is given by its GitHub environment. */
export const deployInputs = ({ deploy }: Pick<WorkflowValues, 'deploy'>): readonly NamedInput[] =>
  deploy === 'script'
    ? [{ name: 'DEPLOY_TOKEN', kind: 'secret', purpose: 'what your deploy script logs in with' }]
    : [
        { name: 'DEPLOY_HOST', kind: 'variable', purpose: 'name or address of the server' },
        { name: 'DEPLOY_USER', kind: 'variable', purpose: 'user on the server; may use docker' },
        {
          name: 'DEPLOY_KNOWN_HOSTS',
          kind: 'variable',
          purpose: 'its host key, as known_hosts has it: compare the fingerprint with the one on the server',
        },
        { name: 'DEPLOY_SSH_KEY', kind: 'secret', purpose: 'private key whose public half that user accepts' },
      ];

/** Of the repository: the same for all environments. A user's name in a secret would blank out images that hold it. */
export const registryInputs = ({ registry }: Pick<WorkflowValues, 'registry'>): readonly NamedInput[] =>
  isGithubRegistry(registry)
    ? []
    : [
        { name: 'REGISTRY_USERNAME', kind: 'variable', purpose: `user of ${registry}` },
        { name: 'REGISTRY_TOKEN', kind: 'secret', purpose: 'token or password of that user' },
      ];

const ofInputs = (inputs: readonly NamedInput[]): Lines =>
  Object.fromEntries(inputs.map(({ name, kind }) => [name, reference(kind, name)]));

/** A port other than 22 is optional. */
const port = (values: Pick<WorkflowValues, 'deploy'>): Lines =>
  values.deploy === 'ssh' ? { DEPLOY_PORT: reference('variable', 'DEPLOY_PORT') } : {};

export const deployEnvironment = (values: WorkflowValues): Lines => ({
  ...ofInputs(deployInputs(values)),
  ...port(values),
  ...registryAccess(values),
});

/** To look needs no registry. */
export const verifyEnvironment = (values: WorkflowValues): Lines => ({
  ...ofInputs(deployInputs(values)),
  ...port(values),
});

/** Both take: deploy|verify COMPONENT IMAGE REVISION. */
export const deployCommand = ({ deploy, deployScript }: WorkflowValues): string =>
  deploy === 'ssh' ? 'bash .github/deployment/over-ssh.sh' : `./${deployScript}`;
