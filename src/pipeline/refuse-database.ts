import { usageError, type DevsetupError } from '../core/errors.ts';
import type { DatabaseFault } from './judge-database.ts';
import type { ValueFault } from './judge-value.ts';
import type { PipelineSettings } from './pipeline-settings.ts';

/** A run that ends with it exits as a mistake in the configuration does. */
export const REFUSED_CODE = 'DATABASE_REFUSED';

const WORDS: Readonly<Record<ValueFault, string>> = {
  empty: 'is empty',
  masked: 'is masked (***): it was copied from a log',
  unexpanded: 'holds an expression that nobody filled in',
};

/** The refusal of a database that cannot be meant: which variable, what is wrong with it, which secret to set where. No value is shown. */
export const refuseDatabase = (faults: readonly DatabaseFault[], settings: PipelineSettings): DevsetupError => {
  const lines = faults.map(({ variable, setting, fault }) => `${nameOf(variable, setting)} ${WORDS[fault]}`);
  const names = faults.flatMap(({ variable }) => (variable === null ? [] : [variable]));
  const [first] = names;
  return usageError({
    code: REFUSED_CODE,
    message: `The database to migrate is not known: ${lines.join('; ')}.`,
    hint: first === undefined ? SETTINGS_HINT : secretHint(first, settings),
  });
};

const nameOf = (variable: string | null, setting: string | null): string => {
  if (setting === null) return variable ?? 'it';
  const inSettings = `${setting} of DATABASES in the settings`;
  return variable === null ? inSettings : `${variable} (${inSettings})`;
};

const SETTINGS_HINT =
  'See where the settings read it from, and set that in the job: env: { NAME: ${{ secrets.NAME }} }.';

/** GitHub gives an empty text for a secret that does not exist, or belongs to an environment that the job does not name. */
export const secretHint = (variable: string, settings: PipelineSettings): string => {
  const secret = variable === settings.databaseUrlVariable ? settings.databaseUrlSecret : variable;
  const { environment } = settings;
  const place = environment === null ? 'the environment that the job names' : `the environment ${environment}`;
  const flag = environment === null ? '' : ` --env ${environment}`;
  return (
    `Set the secret ${secret} of ${place} on GitHub (gh secret set ${secret}${flag}), ` +
    `and give the job "environment:${environment === null ? ' …' : ` ${environment}`}" and "env: ${variable}: \${{ secrets.${secret} }}".`
  );
};
