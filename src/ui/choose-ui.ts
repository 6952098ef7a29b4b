export type UiChoice = 'live' | 'plain' | 'silent';

type Environment = Readonly<Record<string, string | undefined>>;

export interface UiFacts {
  /** --ui, as typed. */
  readonly flag: UiChoice | undefined;
  readonly json: boolean;
  /** Of stderr, which carries the progress. */
  readonly isTTY: boolean;
  readonly env: Environment;
  readonly columns: number | undefined;
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';
const isOn = (value: string | undefined): boolean => isSet(value) && value !== '0' && value !== 'false';

const isDumb = (env: Environment): boolean => !isSet(env['TERM']) || env['TERM'] === 'dumb';

export const chooseUi = (facts: UiFacts): UiChoice => {
  if (facts.flag !== undefined) return facts.flag;
  return 'plain';
};

export const chooseColor = (facts: { readonly isTTY: boolean; readonly env: Environment }): boolean => {
  if (isSet(facts.env['NO_COLOR'])) return false;
  if (facts.env['FORCE_COLOR'] !== undefined) return isOn(facts.env['FORCE_COLOR']) || facts.env['FORCE_COLOR'] === '';
  return facts.isTTY && !isDumb(facts.env);
};
