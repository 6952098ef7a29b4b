import type { Environment } from '../config/environment.ts';
import { findText } from '../project/files.ts';
import type { FoundManagePy } from '../project/find-manage-py.ts';
import { givenByDevContainer, SETTINGS_MODULE } from '../project/settings-module-remedy.ts';

/**
 * Where neither the environment nor manage.py says which settings to load, those of the dev container: what runs in it has them, and
 * Django cannot start without. Never for a pipeline, whose settings are not those of development.
 */
export const withSettingsOfDevContainer = async (
  environment: Environment,
  { root, backend }: { readonly root: string; readonly backend: Pick<FoundManagePy, 'managePy'> | null },
): Promise<Environment> => {
  if (backend === null || (environment.get(SETTINGS_MODULE) ?? '') !== '') return environment;
  if (((await findText(backend.managePy)) ?? SETTINGS_MODULE).includes('SETTINGS_MODULE')) return environment;
  const given = await givenByDevContainer(root);
  if (given === undefined) return environment;
  const { module, source, file } = given;
  return {
    ...environment,
    get: (name) => (name === SETTINGS_MODULE ? module : environment.get(name)),
    origin: (name) => (name === SETTINGS_MODULE ? { file } : environment.origin(name)),
    asRecord: () => ({ ...environment.asRecord(), [SETTINGS_MODULE]: module }),
    warnings: [
      ...environment.warnings,
      `${SETTINGS_MODULE} is not set, and manage.py names no settings: devsetup uses ${module}, as ${source} does. Your own commands need it too: \`export ${SETTINGS_MODULE}=${module}\``,
    ],
  };
};
