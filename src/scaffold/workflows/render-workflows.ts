import type { OptionValues } from '../template/template.ts';
import {
  deployCommand,
  deployEnvironment,
  deployInputs,
  isGithubRegistry,
  registryAccess,
  registryInputs,
  verifyEnvironment,
} from './blocks/deploy-lines.ts';
import { migrateEnvironment, migrateInputs, TEST_DATABASE, testEnvironment } from './blocks/environment-lines.ts';
import { nodeSteps } from './blocks/node-steps.ts';
import { INSTALL_BACKEND, pythonSteps } from './blocks/python-steps.ts';
import { yamlMapping, yamlText } from './blocks/yaml-text.ts';
import type { FrontendPart } from './describe-frontend.ts';
import { fillTemplate, type TemplateFill } from './fill-template.ts';
import { renderMadeWith } from './made-with.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { stampFile } from './stamp-file.ts';

export interface RenderedFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly mode?: number;
}

/** The texts of templates/workflows, by name. */
export type WorkflowTemplates = Readonly<Record<TemplateName, string>>;
export const TEMPLATE_NAMES = [
  'caller.yml',
  'deployment.yml',
  'validate-immutable-tags.yml',
  'over-ssh.sh',
  'replace-container.sh',
] as const;
type TemplateName = (typeof TEMPLATE_NAMES)[number];

export const PIPELINE = '.github/workflows/deployment.yml';
const VALIDATION = '.github/workflows/validate-immutable-tags.yml';
const SCRIPTS = '.github/deployment';

/** Every file of the pipeline. `told`: the options that were asked for, for the next run. */
export const renderWorkflows = (
  templates: WorkflowTemplates,
  parts: PipelineParts,
  told: OptionValues,
): readonly RenderedFile[] => {
  const fill = fillOf(parts);
  const rendered = (name: TemplateName, values: OptionValues = {}, how?: string): string =>
    stampFile(fillTemplate(templates[name], { ...fill, values: { ...fill.values, ...values } }), how);
  const script = (name: TemplateName): RenderedFile => ({
    path: `${SCRIPTS}/${name}`,
    text: rendered(name),
    mode: 0o755,
  });
  return [
    ...CALLERS.map(({ file, environment, title, branch }) => ({
      path: `.github/workflows/${file}`,
      text: rendered('caller.yml', { environment, title, branch: parts.values[branch] }),
    })),
    { path: PIPELINE, text: rendered('deployment.yml', {}, renderMadeWith(told)) },
    { path: VALIDATION, text: rendered('validate-immutable-tags.yml') },
    ...(parts.values.deploy === 'ssh' ? [script('over-ssh.sh'), script('replace-container.sh')] : []),
  ];
};

const CALLERS = [
  { file: '11-dev-deployment.yml', environment: 'dev', title: 'Deploy to dev', branch: 'devBranch' },
  { file: '12-uat-deployment.yml', environment: 'uat', title: 'Deploy to UAT', branch: 'uatBranch' },
  { file: '13-prod-deployment.yml', environment: 'prod', title: 'Deploy to production', branch: 'prodBranch' },
] as const;

/** Paths of the workflows among what is written. */
export const WRITTEN_WORKFLOWS: readonly string[] = [
  ...CALLERS.map(({ file }) => `.github/workflows/${file}`),
  PIPELINE,
  VALIDATION,
];

const fillOf = (parts: PipelineParts): TemplateFill => {
  const { values, frontend, backend } = parts;
  const ofFrontend = frontend === null ? [] : ['frontend'];
  return {
    values: {
      backendImage: `${values.registry}/${values.backendImage}`,
      frontendImage: `${values.registry}/${values.frontendImage}`,
      backendDockerfile: yamlText(backend.dockerfile.file),
      backendContext: yamlText(backend.dockerfile.context),
      frontendDockerfile: yamlText(frontend?.dockerfile.file ?? ''),
      frontendContext: yamlText(frontend?.dockerfile.context ?? ''),
      backendFolder: yamlText(values.backendFolder),
      backendTest: yamlText(values.backendTest),
      postgresImage: parts.postgresImage,
      databaseName: TEST_DATABASE,
      runner: runsOn(values.runner),
      deployCommand: deployCommand(values),
    },
    conditions: new Set([
      ...ofFrontend,
      ...(isGithubRegistry(values.registry) ? ['ghcr'] : []),
      ...(values.deploy === 'ssh' ? ['ssh'] : []),
    ]),
    blocks: {
      passedSecrets: secretsOf(parts).map(({ name }) => `${name}: \${{ secrets.${name} }}`),
      declaredSecrets: secretsOf(parts).flatMap(({ name, purpose }) => [
        `${name}:`,
        `  description: ${yamlText(purpose)}`,
        // Not "required": the caller has no environment, and passes an empty text; the job that needs it says what is missing.
        '  required: false',
      ]),
      registryAccess: yamlMapping(registryAccess(values)),
      setupNode: rootSteps(parts),
      setupPython: pythonSteps(values.pythonVersion, backend.install),
      installBackend: INSTALL_BACKEND,
      setupFrontend: frontend === null ? [] : frontendSteps(frontend, values.nodeVersion),
      frontendChecks: frontend === null ? [] : checkSteps(frontend),
      testEnvironment: yamlMapping(testEnvironment(parts)),
      migrateEnvironment: yamlMapping(migrateEnvironment(parts)),
      deployEnvironment: yamlMapping(deployEnvironment(values)),
      verifyEnvironment: yamlMapping(verifyEnvironment(values)),
      needsTests: needs(['build-and-push', ...ofFrontend.map((name) => `test-${name}`), 'test-backend']),
      needsApproval: needs(values.deploy === 'ssh' ? ['preflight'] : ['approve']),
      needsDeploys: needs([
        'build-and-push',
        'migrate',
        ...ofFrontend.map((name) => `deploy-${name}`),
        'deploy-backend',
      ]),
    },
  };
};

const secretsOf = (parts: PipelineParts): readonly { readonly name: string; readonly purpose: string }[] => {
  const all = [...migrateInputs(parts), ...deployInputs(parts.values), ...registryInputs(parts.values)];
  const secrets = all.filter(({ kind }) => kind === 'secret');
  return secrets.filter(({ name }, index) => secrets.findIndex((one) => one.name === name) === index);
};

const runsOn = (labels: string): string =>
  labels.includes(',') ? `[${labels.split(',').map(yamlText).join(', ')}]` : yamlText(labels);

const needs = (jobs: readonly string[]): readonly string[] => [`needs: [${jobs.join(', ')}]`];

const rootSteps = ({ root, values }: PipelineParts): readonly string[] =>
  nodeSteps({
    ...root,
    nodeVersion: values.nodeVersion,
    title: 'Install devsetup',
    directory: null,
    ignoreScripts: true,
  });

const frontendSteps = (frontend: FrontendPart, nodeVersion: string): readonly string[] =>
  nodeSteps({
    ...frontend,
    nodeVersion,
    title: "Install the frontend's dependencies",
    ignoreScripts: false,
  });

const checkSteps = ({ checks, tool, directory }: FrontendPart): readonly string[] =>
  checks.flatMap((script) => [
    `- name: ${script.charAt(0).toUpperCase()}${script.slice(1)}`,
    ...(directory === '.' ? [] : [`  working-directory: ${yamlText(directory)}`]),
    `  run: ${tool} run ${script}`,
  ]);
