import { defineCheck, notApplicable, passed, type Problem } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';
import { envRemedy } from '../../project/env-remedy.ts';
import { shown } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { planEnvFix } from './env-file/plan-env-fix.ts';
import { findMissingVariables } from './find-missing-variables.ts';
import { lookIntoSettings } from './look-into-settings.ts';
import { namesSetElsewhere } from './names-set-elsewhere.ts';
import type { SettingsLookup } from './settings/scan-settings.ts';
import { envFolders } from '../../config/load-environment.ts';

type Code = 'variables-missing';

/**
 * Variables that the settings need, told from their text while there is no Django to load them. Once it starts, the settings say it
 * themselves.
 */
export const variablesMissing = defineCheck<CheckContext, Code>({
  id: 'variables-missing',
  group: 'environment',
  title: 'Variables of the settings',
  findings: { 'variables-missing': 'error' },
  timeoutSeconds: 60,
  run: async (context) => {
    if (context.backend === null) return notApplicable('there is no manage.py');
    const { scan, django } = await lookIntoSettings(context);
    if (django === 'started') return passed('Django starts with the variables that are set');
    if (django === 'failed') return notApplicable('Django itself says why the settings cannot be loaded');
    if (scan === null) return notApplicable('it cannot be told from manage.py which module the settings are');
    const elsewhere = await namesSetElsewhere(context, scan.files);
    const isSet = (name: string): boolean => context.environment.get(name) !== undefined || elsewhere.has(name);
    const missing = findMissingVariables(scan, isSet);
    if (missing.length === 0) return passed(`${scan.module} asks for no variable that is not set`);
    return { kind: 'problems', problems: [await problemOf(context, missing)] };
  },
});

const problemOf = async (context: CheckContext, missing: readonly SettingsLookup[]): Promise<Problem<Code>> => {
  const { root } = context;
  const backendDirectory = context.backend?.directory ?? root;
  const names = missing.map(({ name }) => name);
  const [first] = missing;
  const planned = await planEnvFix(envFolders(root, backendDirectory), names);
  const copies = planned?.isCopy === true ? planned : null;
  return {
    code: 'variables-missing',
    message: `The settings cannot be loaded without ${names.join(', ')}, which ${names.length === 1 ? 'is' : 'are'} not set.`,
    evidence: missing.map(({ name, file, line }) => `${name}: ${shown(root, file)}:${line}`),
    remedy: {
      text: await envRemedy({ root, backend: { directory: backendDirectory } }, names, context.config.envFiles),
      command: copies
        ? `cp ${shellWord(shown(root, copies.sample.file))} ${shellWord(shown(root, copies.file))}`
        : null,
    },
    ...(first === undefined ? {} : { place: { file: shown(root, first.file), line: first.line, column: null } }),
    ...(planned === null || planned.fix === null ? {} : { fix: planned.fix }),
  };
};
