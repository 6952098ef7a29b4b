import { asRecord, isRecord, type Table } from '../../core/shape.ts';
import { usageError } from '../../core/errors.ts';
import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { PACKAGE } from '../../project/read-package-json.ts';
import type { PlannedFile } from '../planned-file.ts';

export interface PackageJsonInput {
  readonly before: string | null;
  /** What is written for the version: `^0.1.0`, `file:x.tgz`, … */
  readonly spec: string;
  /** The spec was asked for: it replaces one that is there. */
  readonly isAsked: boolean;
}

const PATH = 'package.json';
const KINDS = ['devDependencies', 'dependencies', 'optionalDependencies'];

/** The package as a dev dependency of the root; a checkout without a package.json gets a private one that holds nothing else. */
export const planPackageJson = ({ before, spec, isAsked }: PackageJsonInput): PlannedFile => {
  if (before === null) {
    const after = `${JSON.stringify({ private: true, devDependencies: { [PACKAGE]: spec } }, null, 2)}\n`;
    return { path: PATH, action: 'create', before, after, reason: 'hooks and terminals run the devsetup it names' };
  }
  const manifest = parse(before);
  const keep = (reason: string | null): PlannedFile => ({ path: PATH, action: 'keep', before, after: before, reason });
  if (manifest['name'] === PACKAGE) return keep('it is devsetup itself');
  const kind = KINDS.find((name) => PACKAGE in asRecord(manifest[name]));
  if (kind !== undefined && (!isAsked || asRecord(manifest[kind])[PACKAGE] === spec)) return keep(null);
  const after = add(before, kind ?? 'devDependencies', asRecord(manifest[kind ?? 'devDependencies']), spec);
  return { path: PATH, action: 'update', before, after, reason: `${PACKAGE} as a dev dependency` };
};

/** Among names that are sorted it takes its place, as package managers would put it. */
const add = (text: string, kind: string, present: Table, spec: string): string => {
  const names = Object.keys(present);
  const isSorted = names.every((name, index) => index === 0 || (names[index - 1] ?? '') <= name);
  if (PACKAGE in present || !isSorted || names.every((name) => name < PACKAGE))
    return setJsonc(text, [kind, PACKAGE], spec);
  const entries = Object.entries({ ...present, [PACKAGE]: spec }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return setJsonc(text, [kind], Object.fromEntries(entries));
};

const parse = (text: string): Table => {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    throw unreadable(cause);
  }
  throw unreadable(undefined);
};

const unreadable = (cause: unknown): Error =>
  usageError({
    code: 'PACKAGE_JSON_INVALID',
    message: `package.json at the root cannot be read${cause instanceof Error ? ` (${cause.message})` : ''}.`,
    hint: 'Correct it, then run `npx devsetup init` again; nothing was written.',
    cause,
  });
