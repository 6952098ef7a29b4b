import { judgeAddress, serverOf } from '../../checks/dev-container/database-address.ts';
import {
  claimedDatabase,
  hostOfUrl,
  isOwnHost,
  type ClaimedDatabase,
} from '../../checks/dev-container/claimed-database.ts';
import { serviceEnvironment, type ContainerVariables } from '../../checks/dev-container/app-environment.ts';
import { databaseServices } from '../../devcontainer/database-services.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { asParagraph } from '../existing/container-errors.ts';
import type { SettingsFindings } from '../look/look-at-settings.ts';
import type { ContainerDatabase } from './container-database.ts';

export interface PlanFacts {
  readonly root: string;
  /** As it will be. */
  readonly devContainer: DevContainer;
  readonly database: ContainerDatabase;
  readonly settings: SettingsFindings;
  readonly variables: ContainerVariables;
  readonly urlVariable: string;
}

/** Whether the settings reach a database in the container as it is planned. */
export interface Judgement {
  /** What would keep it from opening. */
  readonly problems: readonly string[];
  /** What shows that they do; null: it is not known. */
  readonly proof: string | null;
}

export const judgeDatabase = async (facts: PlanFacts): Promise<Judgement> => {
  const { database, settings } = facts;
  switch (database) {
    case 'not-needed':
      return {
        problems: [],
        proof:
          settings.database === 'either'
            ? 'the settings use SQLite as long as nothing names a database (`npx devsetup init --database embedded` adds PostgreSQL)'
            : 'the settings use no PostgreSQL',
      };
    case 'elsewhere':
      return { problems: [], proof: null };
    case 'embedded':
      return judgeEmbedded(settings);
    case 'none':
      return {
        problems: [`Nothing in the dev container is a database, and the settings use PostgreSQL${atHost(settings)}.`],
        proof: null,
      };
    case 'compose':
      return judgeCompose(facts);
  }
};

const atHost = ({ host }: SettingsFindings): string =>
  host?.value === null || host === null ? '' : ` at \`${host.value}\` (${host.place})`;

const judgeEmbedded = ({ host }: SettingsFindings): Judgement => {
  if (host === null) return { problems: [], proof: null };
  const { value, variable, place, literals } = host;
  const fixed = variable === null ? `the host \`${value ?? ''}\`` : literals.user === undefined ? null : 'the user';
  if (fixed === null)
    return { problems: [], proof: `${variable ?? ''} (${place}) names the server that devsetup runs` };
  return {
    problems: [
      `${place} sets ${fixed} of the database itself, so the settings cannot use the PostgreSQL that devsetup runs. Read it from a variable, or choose a service of compose: npx devsetup init --database compose`,
    ],
    proof: null,
  };
};

const judgeCompose = async ({
  root,
  devContainer,
  settings,
  variables,
  urlVariable,
}: PlanFacts): Promise<Judgement> => {
  const { compose, service } = devContainer;
  const app = compose?.services.find(({ name }) => name === service);
  const databases = databaseServices(compose?.services ?? []);
  const claimed = claimOf(settings, variables, urlVariable);
  if (compose === null || app === undefined || databases.length === 0 || claimed?.host === null || claimed === null)
    return { problems: [], proof: null };
  const side = { app, compose, devContainer };
  const server = serverOf(claimed, side, databases);
  const given = server === null ? new Map() : await serviceEnvironment(server, root);
  const problems = judgeAddress(claimed, side, databases, given).map(asParagraph);
  const { variable, from, value } = claimed.host;
  const proof = `${variable} (${from}) leads to the service ${server?.name ?? value}`;
  return { problems, proof: problems.length === 0 && server !== null ? proof : null };
};

/** What the variables say that the settings read, else what the settings say themselves. */
const claimOf = (
  { variables: read, host }: SettingsFindings,
  variables: ContainerVariables,
  urlVariable: string,
): ClaimedDatabase | null => {
  const usual = claimedDatabase(variables, urlVariable);
  const alone = (claim: ClaimedDatabase['host']): ClaimedDatabase =>
    usual !== null && usual.host?.variable === claim?.variable
      ? usual
      : { host: claim, port: null, user: null, password: null };
  for (const { name, role } of read ?? []) {
    const found = role === 'url' || role === 'host' ? variables.get(name) : undefined;
    if (found === undefined) continue;
    const value = found.value === null || role === 'host' ? found.value : hostOfUrl(found.value);
    return value === null || value === '' ? null : alone({ variable: name, from: found.from, value });
  }
  if (host === null || host.value === null) return usual;
  if (host.variable !== null && variables.has(host.variable)) return usual;
  const value = host.value === '' ? 'localhost' : host.value;
  // Another machine is the user's affair.
  if (value.includes('.') && !isOwnHost(value)) return null;
  return alone({ variable: host.variable ?? 'HOST', from: host.place, value });
};
