import type { SettingsLookup, SettingsScan } from './settings/scan-settings.ts';

/**
 * What the settings cannot be loaded without and nobody sets: one lookup a variable, the first. What is only perhaps needed
 * (in a condition, in a function, where the code asks first) is left out.
 */
export const findMissingVariables = (
  scan: Pick<SettingsScan, 'lookups' | 'handled'>,
  isSet: (name: string) => boolean,
): readonly SettingsLookup[] => {
  const missing = new Map<string, SettingsLookup>();
  for (const lookup of scan.lookups) {
    const { name, always, otherwise } = lookup;
    if (!always || otherwise !== 'raises' || scan.handled.has(name) || missing.has(name)) continue;
    // django-environ's FileAwareEnv reads the file that NAME_FILE names.
    if (!isSet(name) && !isSet(`${name}_FILE`)) missing.set(name, lookup);
  }
  return [...missing.values()];
};
