import { usageError } from '../../core/errors.ts';
import type { OptionValues, TemplateOption } from './template.ts';

const BRANCH = /^[A-Za-z0-9][\w./-]*$/;
const VERSION = /^\d+(?:\.\d+){0,2}$/;
const SERVICE = /^[A-Za-z0-9][\w.-]*$/;
/** Stands in YAML, in URLs and in shell commands. */
const IMAGE = /^(?:[a-z0-9][a-z0-9_.-]*)(?:\/[a-z0-9][a-z0-9_.-]*)*$/;
/** Stands in JSON and in paths; no folder above. */
const FOLDER = /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^"\\${}\n]+$/;

/** Values stand in the files as they are written: what would mean something else there is refused. */
const RULES: Readonly<Record<string, { readonly pattern: RegExp; readonly flag: string; readonly takes: string }>> = {
  pythonVersion: { pattern: /^3(?:\.\d+){1,2}$/, flag: '--python', takes: 'a version such as 3.12' },
  nodeVersion: { pattern: VERSION, flag: '--node', takes: 'a version such as 22' },
  postgresVersion: { pattern: VERSION, flag: '--postgres', takes: 'a version such as 17 or 17.7' },
  databaseName: { pattern: /^\w[\w-]*$/, flag: '--database-name', takes: 'letters, digits, _ and -' },
  backendFolder: { pattern: FOLDER, flag: '--backend', takes: 'a folder below the root' },
  frontendFolder: { pattern: FOLDER, flag: '--frontend', takes: 'a folder below the root' },
  appService: { pattern: SERVICE, flag: '--app-service', takes: 'letters, digits, ., _ and -' },
  databaseService: { pattern: SERVICE, flag: '--database-service', takes: 'letters, digits, ., _ and -' },
  deploy: { pattern: /^(?:ssh|script)$/, flag: '--deploy', takes: 'ssh or script' },
  deployScript: {
    pattern: /^(?!.*(?:^|\/)\.\.(?:\/|$))[\w.][\w./-]*$/,
    flag: '--deploy-script',
    takes: 'a file below the root: letters, digits, ., _, - and /',
  },
  registry: {
    pattern: /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9_.-]*)*$/,
    flag: '--registry',
    takes: 'a host such as ghcr.io or registry.example.com:5000, perhaps with a path',
  },
  backendImage: { pattern: IMAGE, flag: '--backend-image', takes: 'a name without tag, such as acme/shop-backend' },
  frontendImage: { pattern: IMAGE, flag: '--frontend-image', takes: 'a name without tag, such as acme/shop-frontend' },
  devBranch: { pattern: BRANCH, flag: '--dev-branch', takes: 'the name of a branch' },
  uatBranch: { pattern: BRANCH, flag: '--uat-branch', takes: 'the name of a branch' },
  prodBranch: { pattern: BRANCH, flag: '--prod-branch', takes: 'the name of a branch' },
  backendTest: {
    pattern: /^(?!.*\$\{\{)[^'\n\r]+$/,
    flag: '--backend-test',
    takes: "a command of one line without ' and without expressions of GitHub",
  },
  runner: {
    pattern: /^[\w.-]+(?:,[\w.-]+)*$/,
    flag: '--runner',
    takes: 'a label such as ubuntu-24.04, or several with commas: self-hosted,linux',
  },
  backendDockerfile: { pattern: FOLDER, flag: '--backend-dockerfile', takes: 'a file below the root' },
  backendContext: { pattern: FOLDER, flag: '--backend-context', takes: 'a folder below the root, or .' },
  frontendDockerfile: { pattern: FOLDER, flag: '--frontend-dockerfile', takes: 'a file below the root' },
  frontendContext: { pattern: FOLDER, flag: '--frontend-context', takes: 'a folder below the root, or .' },
  secrets: {
    // GitHub refuses names that begin with GITHUB_.
    pattern: /^(?!(?:.*,)?GITHUB_)[A-Z_]\w*(?:,[A-Z_]\w*)*$/i,
    flag: '--secret',
    takes: 'a name of letters, digits and _ that does not begin with GITHUB_, or several with commas',
  },
  packageManager: { pattern: /^(?:npm|pnpm|yarn|bun)$/, flag: '--package-manager', takes: 'npm, pnpm, yarn or bun' },
};

type Options = { readonly options: Readonly<Record<string, TemplateOption>> };

/** What an option takes, where this is no value for it; undefined: it is one. */
export const optionProblem = (template: Options, name: string, value: string): string | undefined => {
  const rule = RULES[name];
  const allowed = template.options[name]?.values ?? null;
  const isRight = rule === undefined || (rule.pattern.test(value) && (allowed === null || allowed.includes(value)));
  return isRight ? undefined : `It takes ${rule.takes}.`;
};

/** @throws usage error INIT_OPTION_INVALID */
export const checkOptions = (template: Options, values: OptionValues): void => {
  for (const [name, value] of Object.entries(values)) {
    const problem = optionProblem(template, name, value);
    if (problem === undefined) continue;
    throw usageError({
      code: 'INIT_OPTION_INVALID',
      message: `"${value}" cannot be the value of ${RULES[name]?.flag ?? name}.`,
      hint: problem,
    });
  }
  if (values['appService'] !== undefined && values['appService'] === values['databaseService']) {
    throw usageError({
      code: 'INIT_OPTION_INVALID',
      message: `The service you work in and the one of the database are both called "${values['appService']}".`,
      hint: 'Give one of them another name with --app-service or --database-service.',
    });
  }
};
