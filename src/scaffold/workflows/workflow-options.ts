import type { TemplateOption } from '../template/template.ts';

const free = (description: string, fallback: string, ...proposals: readonly string[]): TemplateOption => ({
  description,
  default: fallback,
  values: null,
  ...(proposals.length === 0 ? {} : { proposals }),
});

/** What the workflows of `devsetup init --workflows` can be told, with what is taken where neither a flag nor the checkout says. */
export const WORKFLOW_OPTIONS = {
  deploy: { description: 'How to deploy (ssh or script)', default: 'ssh', values: ['ssh', 'script'] },
  deployScript: free("Your own deploy script, relative to the repository's root", '.github/deployment/deploy.sh'),
  registry: free('Registry of the images', 'ghcr.io'),
  backendImage: free('Name of the image in the registry', '${{ github.repository }}-backend'),
  frontendImage: free('Name of the image in the registry', '${{ github.repository }}-frontend'),
  devBranch: free('Branch', 'develop'),
  uatBranch: free('Branch', 'uat'),
  prodBranch: free('Branch', 'main'),
  backendTest: free('Command', 'python manage.py test --noinput'),
  backendFolder: free('Folder of manage.py', '.'),
  frontendFolder: free("Folder of the frontend's package.json; none", 'none'),
  pythonVersion: free('Python version', '3.12', '3.13', '3.12', '3.11', '3.10'),
  nodeVersion: free('Node version', '22', '24', '22', '20'),
  postgresVersion: free('PostgreSQL version: that of production', '17', '18', '17', '16', '15', '14'),
  runner: free('Runner of the jobs: a label, or several with commas', 'ubuntu-24.04'),
  // '': the one that is found, or that is expected there.
  backendDockerfile: free("The backend's Dockerfile", ''),
  backendContext: free("Folder that the backend's image is built from", ''),
  frontendDockerfile: free("The frontend's Dockerfile", ''),
  frontendContext: free("Folder that the frontend's image is built from", ''),
  secrets: free('Further secrets of the migrate job, with commas', ''),
  packageManager: { description: 'For the root', default: 'npm', values: ['npm', 'pnpm', 'yarn', 'bun'] },
} as const satisfies Readonly<Record<string, TemplateOption>>;

export type WorkflowOption = keyof typeof WORKFLOW_OPTIONS;

/** The value of every option. */
export type WorkflowValues = Readonly<Record<WorkflowOption, string>>;

/** Flag → option, with what its help says: those that only `--workflows` takes. */
export const WORKFLOW_FLAGS = {
  deploy: ['deploy', '<how>', 'ssh: replace containers on a server · script: call your own'],
  deployScript: ['deployScript', '<file>', 'your script, for --deploy script'],
  registry: ['registry', '<host>', 'registry of the images, e.g. ghcr.io'],
  backendImage: ['backendImage', '<name>', "name of the backend's image in the registry"],
  frontendImage: ['frontendImage', '<name>', "name of the frontend's image in the registry"],
  backendDockerfile: ['backendDockerfile', '<file>', "the backend's Dockerfile, relative to the root"],
  backendContext: ['backendContext', '<dir>', "folder that the backend's image is built from"],
  frontendDockerfile: ['frontendDockerfile', '<file>', "the frontend's Dockerfile, relative to the root"],
  frontendContext: ['frontendContext', '<dir>', "folder that the frontend's image is built from"],
  runner: ['runner', '<labels>', 'runner of the jobs: a label, or several with commas'],
  secret: [
    'secrets',
    '<names>',
    'a secret that migrate needs, too: declared, passed and set for it; more than once, or with commas',
  ],
  devBranch: ['devBranch', '<branch>', 'branch that is deployed to dev'],
  uatBranch: ['uatBranch', '<branch>', 'branch that is deployed to uat'],
  prodBranch: ['prodBranch', '<branch>', 'branch that is deployed to prod'],
  backendTest: ['backendTest', '<command>', "command that runs the backend's tests, in its folder"],
} as const;

export const NO_FRONTEND = 'none';
export const ENVIRONMENTS = ['dev', 'uat', 'prod'] as const;
