import { isTexts } from '../core/shape.ts';
import type { StateStore } from '../state/state-store.ts';
import { childEnvironment } from './child-environment.ts';
import { SETTINGS_MODULE } from '../project/settings-module-remedy.ts';
import type { DjangoPlace } from './host.ts';
import type { Workspace } from './open-workspace.ts';

const OWN_VARIABLES = 'own-variables';

/** The names of the variables that the settings read from env files by themselves, as Django's last start showed them. */
export const recordOwnVariables = (store: StateStore, names: readonly string[]): void => {
  const sorted = names.toSorted();
  if (JSON.stringify(store.read(OWN_VARIABLES)) === JSON.stringify(sorted)) return;
  if (sorted.length === 0) store.remove(OWN_VARIABLES);
  else store.write(OWN_VARIABLES, sorted);
};

const ownVariables = (store: StateStore): ReadonlySet<string> => {
  const recorded = store.read(OWN_VARIABLES);
  return new Set(isTexts(recorded) ? recorded : []);
};

type Place = Pick<Workspace, 'environment' | 'project' | 'state'>;

/** Where the commands of Django are run, and whether Django would lack variables there without devsetup. */
export const djangoPlace = (place: Place, { isEmbedded = usesEmbedded(place) } = {}): DjangoPlace => {
  const { directory, python } = place.project.backend;
  return { directory, interpreter: python.interpreter, needsEnvironment: isEmbedded || lacksVariables(place) };
};

const usesEmbedded = ({ environment }: Place): boolean =>
  Object.keys(environment.asRecord()).some((name) => environment.origin(name) === 'embedded-database');

/** Those of env files that the settings do not read by themselves, or taken from the dev container. */
const lacksVariables = ({ environment, state }: Place): boolean => {
  const own = ownVariables(state);
  const { origin, fromFiles } = environment;
  return (
    [...fromFiles.keys()].some((name) => !own.has(name)) ||
    (typeof origin(SETTINGS_MODULE) === 'object' && !fromFiles.has(SETTINGS_MODULE))
  );
};

/**
 * The environment of a command of the user's own: what Django has in a run of devsetup. Variables that the settings read from env files
 * by themselves are left to them, since their reader may make something else of a line.
 */
export const commandEnvironment = ({ environment, project, state }: Place): Readonly<Record<string, string>> => {
  const own = ownVariables(state);
  const variables = Object.entries(environment.asRecord()).filter(
    ([name]) => !(own.has(name) && environment.fromFiles.has(name)),
  );
  return childEnvironment(Object.fromEntries(variables), project.backend.python);
};
