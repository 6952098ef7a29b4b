import type { Copies } from '../core/safe-edit.ts';
import { mergeComposeFiles, readComposeProject, type ReadComposeOptions } from '../project/compose/compose-project.ts';
import { keyed } from '../project/compose/merge-service.ts';
import { asList, asTable, asText, type Table, type Value } from '../project/compose/parse-compose-file.ts';
import { isPostgresImage } from '../project/compose-services.ts';

/** What compose files say together: two texts with the same meaning start the same containers. */
export interface ComposeMeaning {
  readonly services: Readonly<Record<string, Table>>;
  /** Volumes, networks, the project's name. */
  readonly others: Table;
  /** Why compose would not start it, a sentence each. */
  readonly refused: Readonly<Record<string, true>>;
}

/** Services that compose starts by these files; the others wait for a profile. */
type Active = ReadonlySet<string>;

export type ComposeOptions = Omit<ReadComposeOptions, 'copies'>;

export const readComposeMeaning = async (options: ComposeOptions, copies: Copies): Promise<ComposeMeaning> => {
  const asked = { ...options, copies };
  const [{ services: merged, others, broken }, project] = await Promise.all([
    mergeComposeFiles(asked),
    readComposeProject(asked),
  ]);
  const services = Object.fromEntries([...merged].map(([name, { service }]) => [name, inLongForm(service)]));
  const active = new Set(project.services.filter(({ isActive }) => isActive).map(({ name }) => name));
  const reasons = [
    ...broken.map(({ place, reason }) => `${place.file} is not valid: ${reason}`),
    ...refusals(services, active),
  ];
  return { services, others, refused: asRefused(reasons) };
};

/** The meaning with one service changed; what compose refused for the old one, and not for the new one, is no longer refused. */
export const changeService = (
  meaning: ComposeMeaning,
  name: string,
  change: (service: Table) => Table,
): ComposeMeaning => {
  const services = { ...meaning.services, [name]: change(meaning.services[name] ?? {}) };
  const all = new Set(Object.keys(services));
  const now = new Set(refusals(services, all));
  const gone = new Set(refusals(meaning.services, all).filter((why) => !now.has(why)));
  return { ...meaning, services, refused: asRefused(Object.keys(meaning.refused).filter((why) => !gone.has(why))) };
};

const asRefused = (reasons: readonly string[]): ComposeMeaning['refused'] =>
  Object.fromEntries(reasons.map((reason) => [reason, true as const]));

/** `depends_on` as a table with the condition that a list stands for. */
const inLongForm = (service: Table): Table =>
  service['depends_on'] === undefined ? service : { ...service, depends_on: dependenciesOf(service) };

export const dependenciesOf = (service: Table): Readonly<Record<string, Record<string, Value>>> =>
  Object.fromEntries(
    Object.entries(keyed(service['depends_on'])).map(([other, how]) => [
      other,
      { condition: 'service_started', ...asTable(how) },
    ]),
  );

const refusals = (services: ComposeMeaning['services'], active: Active): readonly string[] => [
  ...Object.entries(services).flatMap(([name, service]) =>
    active.has(name)
      ? Object.entries(dependenciesOf(service)).flatMap(([other, { condition, required }]) => {
          if (required === 'false') return [];
          const dependency = services[other];
          if (dependency === undefined) return [`${name} depends on ${other}, which does not exist`];
          if (!active.has(other)) return [`${name} depends on ${other}, which only a profile starts`];
          return condition === 'service_healthy' && neverHealthy(dependency)
            ? [`${name} waits until ${other} is healthy, and ${other} has no healthcheck`]
            : [];
        })
      : [],
  ),
  ...Object.keys(services)
    .filter((name) => reaches(services, name, name))
    .map((name) => `${name} waits for itself`),
];

/** The official images of PostgreSQL bring no healthcheck; of others it is not known. */
const neverHealthy = ({ healthcheck, image, build }: Table): boolean => {
  const { test, disable } = asTable(healthcheck);
  const isOff = asText(disable) === 'true' || asList(test)[0] === 'NONE';
  const isGiven = asText(test) !== null || asList(test).length > 0;
  return isOff || (!isGiven && build === undefined && isPostgresImage(asText(image) ?? ''));
};

const reaches = (services: ComposeMeaning['services'], from: string, to: string): boolean => {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const other of Object.keys(dependenciesOf(services[name] ?? {}))) {
      if (other === to) return true;
      if (!seen.has(other)) open.push(other);
      seen.add(other);
    }
  }
  return false;
};
