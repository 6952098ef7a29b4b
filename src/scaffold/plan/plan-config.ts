import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { readJsonc } from '../../project/read-jsonc.ts';
import type { PlannedFile } from '../planned-file.ts';

export interface ConfigNeed {
  readonly key: readonly (string | number)[];
  readonly value: unknown;
  /** What is there already stays. */
  readonly unlessSet?: boolean;
}

export interface ConfigInput {
  /** The checkout's configuration file, relative to the root; null: there is none. */
  readonly path: string | null;
  readonly before: string | null;
  /** Keys and the values they need; []: what is found without configuration is right. */
  readonly needs: readonly ConfigNeed[];
}

const NEW_FILE = 'devsetup.config.jsonc';
const REASON = 'what devsetup cannot find by looking';

/** The configuration file, if devsetup needs one for this checkout; undefined: it does not. */
export const planConfig = ({ path, before, needs }: ConfigInput): PlannedFile | undefined => {
  if (needs.length === 0) return undefined;
  const inPackageJson = path === 'package.json';
  const after = needs.reduce(
    (text, need) => fulfil(text, { ...need, key: inPackageJson ? ['devsetup', ...need.key] : need.key }),
    before ?? '{}\n',
  );
  const name = path ?? NEW_FILE;
  if (after === before) return { path: name, action: 'keep', before, after, reason: null };
  return { path: name, action: before === null ? 'create' : 'update', before, after, reason: REASON };
};

const fulfil = (text: string, { key, value, unlessSet }: ConfigNeed): string =>
  unlessSet === true && valueAt(readJsonc(text).value, key) !== undefined ? text : setJsonc(text, key, value);

const valueAt = (value: unknown, key: ConfigNeed['key']): unknown => {
  const [name, ...rest] = key;
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return valueAt((value as Readonly<Record<string | number, unknown>>)[name], rest);
};
