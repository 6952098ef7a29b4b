import { readEnvVariables } from '../../config/read-env-lines.ts';
import { DATABASE_ENV } from '../plan/plan-init.ts';
import { DEV_CONTAINER } from '../plan/find-made-options.ts';
import type { PlannedFile } from '../planned-file.ts';
import type { NeededVariables } from './needed-variables.ts';
import { planVariables } from './plan-variables.ts';

export interface TemplateVariables {
  readonly files: readonly PlannedFile[];
  readonly problems: readonly string[];
  readonly secrets: readonly string[];
}

/** `planVariables` for the files of the template: generated values are written next to those of the database. Other files stay. */
export const fillTemplate = (
  files: readonly PlannedFile[],
  needed: NeededVariables,
  random: () => string,
): TemplateVariables => {
  const main = files.find(({ path }) => path === DEV_CONTAINER);
  const environment = files.find(({ path }) => path === DATABASE_ENV);
  if (main === undefined || environment === undefined || main.action === 'conflict')
    return { files, problems: [], secrets: [] };
  const filled = planVariables(
    { text: main.after, reasons: [] },
    {
      needed,
      given: new Set(readEnvVariables(environment.after).keys()),
      hooks: main.after,
      withoutDatabase: [],
      random,
    },
  );
  const made = Object.entries(filled.made).map(([name, value]) => `${name}=${value}`);
  const block = made.length === 0 ? '' : `# Made by devsetup init, for development alone.\n${made.join('\n')}\n`;
  const changed = new Map([
    [main, { after: filled.text, reasons: filled.reasons }],
    [environment, { after: environment.after + block, reasons: made.length === 0 ? [] : ['the settings need it'] }],
  ]);
  return {
    files: files.map((file) => {
      const change = changed.get(file);
      return change === undefined || change.after === file.after ? file : withChange(file, change);
    }),
    problems: filled.problems,
    secrets: filled.secrets,
  };
};

const withChange = (
  file: PlannedFile,
  { after, reasons }: { readonly after: string; readonly reasons: readonly string[] },
): PlannedFile => ({
  ...file,
  action: file.before === null ? 'create' : 'update',
  after,
  reason: file.before === null ? null : [file.reason, ...reasons].filter((reason) => reason !== null).join('; '),
});
