import { hasShape, isExactly, isRecord, isText, isTexts } from '../core/shape.ts';
import type { StateStore } from './state-store.ts';

const CHOICE = 'database-choice';
const NAMES = 'embedded-names';

/** Which database this checkout uses until another choice is made. */
export type RememberedChoice =
  /** `addresses`: those that the environment named when the embedded PostgreSQL was chosen instead of them. */
  { readonly use: 'embedded'; readonly addresses: readonly string[] } | { readonly use: 'settings' };

/** undefined: none was made. */
export const readChoice = (store: Pick<StateStore, 'read'>): RememberedChoice | undefined => {
  const found = store.read(CHOICE);
  return isEmbeddedChoice(found) || isSettingsChoice(found) ? found : undefined;
};

const isEmbeddedChoice = hasShape({ use: isExactly('embedded'), addresses: isTexts });
const isSettingsChoice = hasShape({ use: isExactly('settings') });

export const rememberChoice = (store: StateStore, choice: RememberedChoice): void => store.write(CHOICE, choice);
export const forgetChoice = (store: StateStore): void => store.remove(CHOICE);

/** The names of the databases on the checkout's embedded PostgreSQL, by the folder of manage.py relative to the root. */
export const readNames = (store: Pick<StateStore, 'read'>): ReadonlyMap<string, string> => {
  const found = store.read(NAMES);
  return new Map(
    isRecord(found) ? Object.entries(found).filter((entry): entry is [string, string] => isText(entry[1])) : [],
  );
};

export const rememberName = (store: StateStore, folder: string, name: string): void => {
  const names = readNames(store);
  if (names.get(folder) !== name) store.write(NAMES, Object.fromEntries([...names, [folder, name]]));
};
