import {
  serviceEnvironment,
  withOwnVariables,
  type ContainerVariables,
} from '../../checks/dev-container/app-environment.ts';
import { databaseServices } from '../../devcontainer/database-services.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { claimedDatabase, hostOfUrl, isOwnHost } from '../../checks/dev-container/claimed-database.ts';
import type { ComposeServiceModel } from '../../project/compose/compose-project.ts';
import type { SettingsFindings } from '../look/look-at-settings.ts';

/**
 * Where the database of a dev container is. `compose`: a service next to it · `embedded`: devsetup's own server · `elsewhere`: outside, or
 * brought by something else than compose · `not-needed`: the settings use no PostgreSQL · `none`: nothing brings one
 */
export type ContainerDatabase = 'compose' | 'embedded' | 'elsewhere' | 'not-needed' | 'none';

export interface ContainerFacts {
  readonly devContainer: Pick<DevContainer, 'properties' | 'compose' | 'service'>;
  readonly settings: SettingsFindings;
  /** What commands in the container see. */
  readonly variables: ContainerVariables;
  /** Everything the hooks run. */
  readonly hooks: string;
  /** '' where there is none. */
  readonly dockerfile: string;
  /** The variable that names the database in one address. */
  readonly urlVariable: string;
  /** PostgreSQL is wanted, where the settings can do without. */
  readonly isAsked: boolean;
}

/** A server that something in the container starts. */
const STARTS_SERVER =
  /\bdocker(?:-|\s+)compose\b[^\n;&|]*\bup\b|\bdocker\s+run\b|\bpg_ctl(?:cluster)?\b|\bservice\s+postgresql\b|\bpostgresql\s+start\b|\binitdb\b/;
/** A server in the image, not the programs of a client. */
const INSTALLS_SERVER = /(?:apt(?:-get)?|apk|dnf|yum)\b[^\n]*(?:\\\n[^\n]*)*\bpostgresql(?!-client|-dev|-libs|\w)/;
const DATABASE_NAME = /^(?:db|database|postgres\w*|postgis|pg|timescaledb)$/i;

export const findContainerDatabase = (facts: ContainerFacts): ContainerDatabase => {
  const { devContainer, settings, variables, urlVariable, hooks, dockerfile } = facts;
  const services = devContainer.compose?.services ?? [];
  const isNamed = variables.has(urlVariable) && claimedDatabase(variables, urlVariable) !== null;
  if (settings.database === 'other' || (settings.database === 'either' && !isNamed && !facts.isAsked))
    return 'not-needed';
  if (/\s--db[ =]embedded\b/.test(hooks)) return 'embedded';
  if (services.some((service) => isDatabase(service))) return 'compose';
  const features = Object.keys(devContainer.properties['features'] ?? {}).join(' ');
  if (/postgres/i.test(features) || STARTS_SERVER.test(hooks) || INSTALLS_SERVER.test(dockerfile)) return 'elsewhere';
  return isOutside(devContainer, settings, variables) ? 'elsewhere' : 'none';
};

/** One that is built may be told by its name alone. */
const isDatabase = (service: ComposeServiceModel): boolean =>
  databaseServices([service]).length > 0 || (service.build !== null && DATABASE_NAME.test(service.name));

const isOutside = (
  { properties, compose, service }: ContainerFacts['devContainer'],
  settings: SettingsFindings,
  variables: ContainerVariables,
): boolean => {
  const addresses = (settings.variables ?? []).filter(({ role }) => role === 'url' || role === 'host');
  const declared = Object.keys(properties['secrets'] ?? {});
  if (addresses.some(({ name }) => declared.includes(name))) return true;
  // Joined to a network of this machine, it is not known who answers.
  const args = Array.isArray(properties['runArgs']) ? properties['runArgs'].join(' ') : '';
  const app = compose?.services.find(({ name }) => name === service);
  if (/--net(?:work)?[ =]/.test(args) || app?.networkMode === 'host' || app?.hasOutsideNames === true) return true;
  return addresses.some(({ name, role }) => {
    const found = variables.get(name);
    if (found === undefined) return false;
    const host = found.value === null ? null : role === 'url' ? hostOfUrl(found.value) : found.value;
    return host === null || (host.includes('.') && !isOwnHost(host));
  });
};

/** What commands in the container see, whatever it is made from. */
export const containerVariables = async (devContainer: DevContainer, root: string): Promise<ContainerVariables> => {
  const app = devContainer.compose?.services.find(({ name }) => name === devContainer.service);
  const given = app === undefined ? new Map() : await serviceEnvironment(app, root);
  return withOwnVariables(given, devContainer, root);
};
