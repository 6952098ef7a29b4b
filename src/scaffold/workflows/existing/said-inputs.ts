import type { Audit, AuditedJob, AuditedStep } from '../../../audit/pipeline.ts';
import type { Span } from '../../../core/placed-text.ts';
import { hasHole, holesIn, type Holes } from '../../../shell/holes.ts';
import { environmentOf, showPlace, type Environment } from './said.ts';

/** Where a workflow that is there takes something from that the new pipeline needs. */
export interface SaidInput {
  /** As the new pipeline calls it: `DEPLOY_HOST`, `DATABASE_URL`. */
  readonly name: string;
  /** null: which one it is for is not known. */
  readonly environment: Environment | null;
  /** `the secret PROD_HOST`; of a host, a user or a port also what is written there. */
  readonly from: string;
  readonly place: string;
}

/** Inputs of actions that reach a server. */
const OF_SERVER: readonly (readonly [name: string, keys: readonly string[]])[] = [
  ['DEPLOY_HOST', ['host', 'hostname', 'remote_host', 'remote-host', 'ssh_host', 'ssh-host', 'server']],
  ['DEPLOY_USER', ['username', 'user', 'remote_user', 'remote-user', 'ssh_user', 'ssh-user']],
  ['DEPLOY_PORT', ['port', 'remote_port', 'remote-port', 'ssh_port', 'ssh-port']],
  ['DEPLOY_SSH_KEY', ['key', 'ssh_key', 'ssh-key', 'private_key', 'ssh-private-key', 'ssh_private_key', 'remote_key']],
];
const TO_SERVER = /(?:^|[/_-])(?:ssh|scp|rsync|sftp)/;

/** How deployments reach their servers, and from where their jobs have the variables of the settings. */
export const saidInputs = (jobs: readonly AuditedJob[], { holes }: Pick<Audit, 'holes'>): readonly SaidInput[] =>
  jobs.flatMap((job) => {
    const environment = environmentOf(job.stage);
    return job.steps
      .flatMap((step) => [...ofAction(step), ...ofCommands(step), ...ofVariables(step)])
      .flatMap(({ name, value, span, isOpen }): readonly SaidInput[] => {
        const source = sourceOf(value, holes) ?? (isOpen && isPlain(value) ? value : null);
        return source === null ? [] : [{ name, environment, from: source, place: showPlace(span) }];
      });
  });

interface Found {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  /** What is written there may be shown. */
  readonly isOpen: boolean;
}

const ofAction = ({ action, with: given }: AuditedStep): readonly Found[] =>
  action === null || !TO_SERVER.test(action)
    ? []
    : OF_SERVER.flatMap(([name, keys]) => {
        const input = keys.map((key) => given.get(key)).find((one) => one !== undefined);
        return input === undefined
          ? []
          : [{ name, value: input.value.trim(), span: input.span, isOpen: name !== 'DEPLOY_SSH_KEY' }];
      });

/** `ssh -p 2222 app@host` */
const ofCommands = ({ calls }: AuditedStep): readonly Found[] =>
  calls
    .filter(({ words, layers }) => words[0]?.value === 'ssh' && layers.length === 0)
    .flatMap(({ words, span }) => {
      const target = words.slice(1).find(({ value }) => /^[^@\s]+@[^@\s]+$/.test(value))?.value;
      const [user = '', host = ''] = target?.split('@') ?? [];
      const at = words.findIndex(({ value }) => value === '-p');
      const port = at < 0 ? undefined : words[at + 1]?.value;
      return [
        ...(target === undefined ? [] : [{ name: 'DEPLOY_HOST', value: host, span, isOpen: true }]),
        ...(target === undefined ? [] : [{ name: 'DEPLOY_USER', value: user, span, isOpen: true }]),
        ...(port === undefined ? [] : [{ name: 'DEPLOY_PORT', value: port, span, isOpen: true }]),
      ];
    });

const ofVariables = ({ environment }: AuditedStep): readonly Found[] =>
  [...environment].flatMap(([name, { value, span }]) => (span === null ? [] : [{ name, value, span, isOpen: false }]));

const isPlain = (value: string): boolean => !hasHole(value) && /^[\w.-]+$/.test(value);

/** `the secret PROD_HOST`; null: it is made of other things, or of several. */
const sourceOf = (value: string, holes: Holes): string | null => {
  const [only, ...others] = value.length === 1 ? holesIn(value, holes) : [];
  if (only === undefined || others.length > 0) return null;
  const [context, name] = only.name.split('.');
  if (name === undefined) return null;
  if (context === 'secrets') return `the secret ${name}`;
  return context === 'vars' ? `the variable ${name}` : null;
};

/** Where an environment has it from, each at its first place; what no environment is known of may be of each. */
const findSaid = (said: readonly SaidInput[], name: string, environment: string | null): readonly SaidInput[] =>
  said
    .filter((one) => one.name === name && (environment === null || (one.environment ?? environment) === environment))
    .filter(({ from }, at, all) => all.findIndex((one) => one.from === from) === at);

/** What the purpose of a setting ends with: '' where nothing is there. */
export const describeSaid = (said: readonly SaidInput[], name: string, environment: string | null): string => {
  const shown = findSaid(said, name, environment).slice(0, 2);
  return shown.length === 0 ? '' : `; today: ${shown.map(({ from, place }) => `${from} (${place})`).join(', ')}`;
};

/** Whether SSH has another port there than its own. */
export const hasOwnPort = (said: readonly SaidInput[], environment: string): boolean =>
  findSaid(said, 'DEPLOY_PORT', environment).some(({ from }) => from !== '22');
