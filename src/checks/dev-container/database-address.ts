import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { databaseServices, networkOwner } from '../../devcontainer/database-services.ts';
import { classifyHost, DEFAULT_PORT } from '../../postgres/target.ts';
import type { ComposeServiceModel } from '../../project/compose/compose-project.ts';
import { appEnvironment, serviceEnvironment, type ContainerVariables } from './app-environment.ts';
import type { CheckContext } from '../context.ts';
import { claimedDatabase, type ClaimedDatabase } from './claimed-database.ts';
import { openComposeSide, type ComposeSide } from './open-dev-container.ts';

type Code = 'devcontainer-database-host' | 'devcontainer-database-port' | 'devcontainer-database-credentials';

/** What the dev container's variables say of the database is what the database service is. Values are never shown. */
export const databaseAddress = defineCheck<CheckContext, Code>({
  id: 'devcontainer-database-address',
  group: 'dev-container',
  title: 'Address of the database service',
  findings: {
    'devcontainer-database-host': 'error',
    'devcontainer-database-port': 'error',
    'devcontainer-database-credentials': 'error',
  },
  run: async (context) => {
    const side = await openComposeSide(context);
    const databases = databaseServices(side.compose.services);
    if (databases.length === 0) return { kind: 'not-applicable', reason: 'no service of compose is PostgreSQL' };
    const claimed = claimedDatabase(await appEnvironment(side, context.root), context.config.database.urlVariable);
    if (claimed?.host === null || claimed === null) {
      return { kind: 'not-applicable', reason: `no variable of ${side.app.name} names a database server` };
    }
    const database = serverOf(claimed, side, databases);
    const variables = database === null ? new Map() : await serviceEnvironment(database, context.root);
    return problemsOr(
      judgeAddress(claimed, side, databases, variables),
      `${claimed.host.variable} of ${side.app.name} names ${database?.name ?? claimed.host.value}`,
    );
  },
});

/** The database service that a host leads to from the dev container; null where it is none. */
export const serverOf = (
  { host }: ClaimedDatabase,
  { app, compose }: Pick<ComposeSide, 'app' | 'compose'>,
  databases: readonly ComposeServiceModel[],
): ComposeServiceModel | null => {
  const name = host?.value.toLowerCase() ?? '';
  if (classifyHost(name, []) !== 'local') {
    return databases.find((known) => [known.name, ...known.otherNames].includes(name)) ?? null;
  }
  const owner = networkOwner(app, compose.services);
  return databases.find((known) => owner !== null && networkOwner(known, compose.services) === owner) ?? null;
};

/** `variables` are those of the service that the host leads to. */
export const judgeAddress = (
  claimed: ClaimedDatabase,
  side: Pick<ComposeSide, 'app' | 'compose'>,
  databases: readonly ComposeServiceModel[],
  variables: ContainerVariables,
): readonly Problem<Code>[] => {
  const database = serverOf(claimed, side, databases);
  if (database === null) {
    const problem = judgeHost(claimed, side, databases);
    return problem === null ? [] : [problem];
  }
  return [...judgePort(claimed, database, side.app), ...judgeCredentials(claimed, database, variables, side.app)];
};

const judgeHost = (
  { host }: ClaimedDatabase,
  { app, compose }: Pick<ComposeSide, 'app' | 'compose'>,
  databases: readonly ComposeServiceModel[],
): Problem<Code> | null => {
  const [database] = databases;
  if (host === null || database === undefined) return null;
  const { value, variable, from } = host;
  const problem = (what: string): Problem<Code> => ({
    code: 'devcontainer-database-host',
    message: `${variable} (${from}) ${what}.`,
    evidence: [`database service: ${databases.map(({ name }) => name).join(', ')}`],
    remedy: { text: `Let ${variable} name the host ${database.name}.`, command: null },
    place: app.place,
  });
  if (value.startsWith('/')) return null;
  if (classifyHost(value, []) === 'local') {
    // With the host's network, or another container's, it is not known who answers there.
    if (networkOwner(app, compose.services) === null) return null;
    return problem(
      `names ${value} as the database's host, which is the container of ${app.name} itself and not the service ${database.name}`,
    );
  }
  const isKnown = compose.services.some((known) => [known.name, ...known.otherNames].includes(value));
  const mayBeElsewhere = value.includes('.') || app.hasOutsideNames || compose.hasExternalNetworks;
  if (isKnown || mayBeElsewhere) return null;
  return problem(`names the database's host ${value}, and compose has no service of that name`);
};

/** Between containers the port inside counts, whatever is published. */
const judgePort = (
  { host, port }: ClaimedDatabase,
  database: ComposeServiceModel,
  app: ComposeServiceModel,
): readonly Problem<Code>[] => {
  const published = database.ports.find((known) => known.host === Number(port?.value));
  if (port === null || host === null || published === undefined || published.container === published.host) return [];
  if (published.container !== DEFAULT_PORT) return [];
  return [
    {
      code: 'devcontainer-database-port',
      message: `${port.variable} (${port.from}) uses port ${published.host}, at which ${database.name} is published outside; between containers it is ${published.container}.`,
      remedy: { text: `Use port ${published.container} in ${port.variable}.`, command: null },
      place: app.place,
    },
  ];
};

/** Judged only where nothing else can have made the role: no scripts of the first start, no password files, no trust. */
const judgeCredentials = (
  { user, password }: ClaimedDatabase,
  database: ComposeServiceModel,
  variables: ContainerVariables,
  app: ComposeServiceModel,
): readonly Problem<Code>[] => {
  const has = (name: string): boolean => variables.has(name);
  const isSet = (name: string): string | null | undefined => variables.get(name)?.value;
  const hasScripts = database.volumes.some(({ target }) => target.startsWith('/docker-entrypoint-initdb.d'));
  if (hasScripts || !has('POSTGRES_PASSWORD') || has('POSTGRES_USER_FILE')) return [];
  const owner = has('POSTGRES_USER') ? isSet('POSTGRES_USER') : 'postgres';
  const secret = isSet('POSTGRES_PASSWORD');
  const trusts = variables.get('POSTGRES_HOST_AUTH_METHOD')?.value === 'trust';
  const problem = (what: string, claim: { variable: string; from: string }, other: string): Problem<Code> => ({
    code: 'devcontainer-database-credentials',
    message: `${claim.variable} (${claim.from}) and ${other} of the service ${database.name} name different ${what}.`,
    remedy: {
      text: `Use the same ${what.replace(/s$/, '')} on both sides; a volume that exists already keeps the old one.`,
      command: null,
    },
    place: app.place,
  });
  if (user !== null && typeof owner === 'string' && user.value !== owner) {
    return [problem('users', user, has('POSTGRES_USER') ? 'POSTGRES_USER' : 'the default of POSTGRES_USER')];
  }
  if (trusts || password === null || typeof secret !== 'string' || user === null || owner === null) return [];
  return password.value === secret ? [] : [problem('passwords', password, 'POSTGRES_PASSWORD')];
};
