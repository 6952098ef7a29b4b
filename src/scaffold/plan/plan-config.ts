import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import type { PlannedFile } from '../planned-file.ts';

export interface ConfigInput {
  /** The checkout's configuration file, relative to the root; null: there is none. */
  readonly path: string | null;
  readonly before: string | null;
  /** Keys and the values they need; []: what is found without configuration is right. */
  readonly needs: readonly { readonly key: readonly string[]; readonly value: unknown }[];
}

const NEW_FILE = 'devsetup.config.jsonc';

/** Configuration only where something has to be told that devsetup cannot find; undefined: nothing has. */
export const planConfig = ({ path, before, needs }: ConfigInput): PlannedFile | undefined => {
  if (needs.length === 0) return undefined;
  const inPackageJson = path === 'package.json';
  const after = needs.reduce(
    (text, { key, value }) => setJsonc(text, inPackageJson ? ['devsetup', ...key] : key, value),
    before ?? '{}\n',
  );
  const name = path ?? NEW_FILE;
  if (before === null)
    return { path: name, action: 'create', before, after, reason: 'what cannot be found by looking' };
  return after === before
    ? { path: name, action: 'keep', before, after, reason: null }
    : { path: name, action: 'update', before, after, reason: 'what cannot be found by looking' };
};
