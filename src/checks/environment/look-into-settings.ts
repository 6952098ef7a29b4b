import { CheckStopped } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { scanSettings, type SettingsScan } from './settings/scan-settings.ts';

/** Django is not there to say what is missing: no project, no interpreter, or a package is not installed. */
const BARE: ReadonlySet<string> = new Set(['PYTHON_MISSING', 'DJANGO_MISSING']);

export interface SettingsLook {
  /** null where it cannot be told which module the settings are. */
  readonly scan: SettingsScan | null;
  /** `bare`: nothing is installed that could load them. `failed`: Django said what is wrong with them. */
  readonly django: 'started' | 'bare' | 'failed';
  /** Variables that were looked up in vain while Django started; null where it did not. */
  readonly unset: ReadonlySet<string> | null;
}

/** One look serves all checks of a run; the environment is what they share. */
const looks = new WeakMap<CheckContext['environment'], Promise<SettingsLook>>();

/** The settings as text, with what Django says about them where it starts. Stops nothing: without a backend there is no scan. */
export const lookIntoSettings = (context: CheckContext): Promise<SettingsLook> => {
  const known = looks.get(context.environment) ?? look(context);
  looks.set(context.environment, known);
  return known;
};

const look = async (context: CheckContext): Promise<SettingsLook> => {
  const { backend, environment } = context;
  const state = await djangoState(context);
  const module = state.module ?? environment.get('DJANGO_SETTINGS_MODULE') ?? null;
  const scan = backend === null ? null : await scanSettings({ ...backend, module: module === '' ? null : module });
  return { scan, django: state.django, unset: state.unset };
};

const djangoState = async (
  context: CheckContext,
): Promise<Omit<SettingsLook, 'scan'> & { readonly module: string | null }> => {
  if (context.project === null) return { django: 'bare', unset: null, module: null };
  const failure = await context.djangoFailure();
  if (failure !== null) return { django: BARE.has(failure.code) ? 'bare' : 'failed', unset: null, module: null };
  const { description } = await context.django();
  return { django: 'started', unset: new Set(description.unsetVariables), module: description.settingsModule };
};

/** For what a check can do without: undefined where it does not exist here. */
export const orNothing = async <T>(fact: Promise<T>): Promise<T | undefined> => {
  try {
    return await fact;
  } catch (error) {
    if (error instanceof CheckStopped) return undefined;
    throw error;
  }
};
