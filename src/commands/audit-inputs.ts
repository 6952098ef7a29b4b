import { existsSync, readdirSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';

import { declareRoot } from '../checkout/boundary.ts';
import { DevsetupError, ExitCode, usageError } from '../core/errors.ts';
import { groupBy } from '../core/group-by.ts';
import { projectMissing } from '../project/find-root.ts';
import { openCheckout, readText, type Checkout } from '../project/open-checkout.ts';

/** Workflows of one checkout. */
export interface AuditInputs {
  readonly checkout: Checkout;
  /** false: nothing around the files says that they belong to a project. */
  readonly isProject: boolean;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

export interface InputOptions {
  /** Named in what is refused. */
  readonly command: 'audit' | 'decouple';
  readonly cwd: string;
  /** Files and folders; []: the workflows of the checkout around `cwd`. */
  readonly paths: readonly string[];
  /** `--project`: the checkout of every file in it. */
  readonly project?: string | undefined;
}

/**
 * The workflows that are meant, by checkout.
 *
 * @throws usage errors PATH_MISSING, PROJECT_MISSING; NO_WORKFLOWS with exit code 3, so that a pipeline that names the wrong folder
 *   does not pass
 */
export const readAuditInputs = ({ command, cwd, paths, project }: InputOptions): readonly AuditInputs[] => {
  const named = project === undefined ? undefined : path.resolve(cwd, project);
  if (named !== undefined && !isFolder(named)) throw projectMissing(named);
  const wanted = paths.length > 0 ? paths.map((one) => path.resolve(cwd, one)) : [named ?? checkoutAround(cwd) ?? cwd];
  const files = [...new Set(wanted.flatMap((one) => (paths.length > 0 ? filesOf(one, command) : workflowsOf(one))))];
  if (files.length === 0) throw noWorkflows(wanted, command);
  const rootOf = createRootOf(named);
  return [...groupBy(files, (file) => rootOf(file).root)].map(([root, group]) =>
    readGroup(root, group, rootOf(group[0]).isProject),
  );
};

const readGroup = (root: string, group: readonly string[], isProject: boolean): AuditInputs => {
  const read = group.map((file) => ({
    path: path.relative(root, file).split(path.sep).join('/'),
    found: readText(file, root),
  }));
  return {
    checkout: openCheckout(root),
    isProject,
    files: read.flatMap(({ path, found }) => (found.kind === 'text' ? [{ path, text: found.text }] : [])),
    unreadable: read.flatMap(({ path, found }) => (found.kind === 'text' ? [] : [{ path, reason: found.reason }])),
  };
};

const isFolder = (place: string): boolean => statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** A file is taken for a workflow wherever it is. */
const filesOf = (place: string, command: InputOptions['command']): readonly string[] => {
  if (!existsSync(place)) throw pathMissing(place, command);
  if (!isFolder(place)) return [place];
  const own = workflowsOf(place);
  return own.length > 0 ? own : [...searchFolder(place, 0)];
};

const WORKFLOWS = path.join('.github', 'workflows');
const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

const workflowsOf = (root: string): readonly string[] =>
  namesIn(path.join(root, WORKFLOWS))
    .filter((entry) => isYaml(entry.name) && !entry.isDirectory())
    .map((entry) => path.join(root, WORKFLOWS, entry.name));

const namesIn = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // Not there, or closed to this user: there is nothing to read in it.
    return [];
  }
};

const DEEPEST = 8;
const OF_OTHERS = new Set(['node_modules', '.git', '.venv', 'venv', 'site-packages']);

/** Below a folder that is no checkout: the workflows of checkouts in it, and of other YAML what has the keys of a workflow. */
const searchFolder = (folder: string, depth: number): readonly string[] => {
  const own = depth === 0 ? [] : workflowsOf(folder);
  const found = namesIn(folder).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      const isLeft = depth >= DEEPEST || OF_OTHERS.has(entry.name) || entry.name === '.github';
      return isLeft ? [] : searchFolder(place, depth + 1);
    }
    return isYaml(entry.name) && hasWorkflowKeys(place) ? [place] : [];
  });
  return [...own, ...found];
};

/** What cannot be read is told rather than passed over. */
const hasWorkflowKeys = (file: string): boolean => {
  const found = readText(file);
  return found.kind === 'unreadable' || /^(?:jobs|on|"on"|'on')\s*:/m.test(found.text);
};

const ancestorsOf = (folder: string): readonly string[] => {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
};

const checkoutAround = (folder: string): string | undefined =>
  ancestorsOf(folder).find((one) => isFolder(path.join(one, '.github')) || existsSync(path.join(one, '.git')));

const createRootOf = (named: string | undefined) => {
  const known = new Map<string, { readonly root: string; readonly isProject: boolean }>();
  return (file: string): { readonly root: string; readonly isProject: boolean } => {
    const folder = path.dirname(file);
    const found = known.get(folder) ?? findRoot(folder, named);
    known.set(folder, found);
    return found;
  };
};

const findRoot = (
  folder: string,
  named: string | undefined,
): { readonly root: string; readonly isProject: boolean } => {
  const project = named !== undefined && ancestorsOf(folder).includes(named) ? named : checkoutAround(folder);
  if (project === undefined) return { root: folder, isProject: false };
  declareRoot(project);
  return { root: project, isProject: true };
};

const pathMissing = (place: string, command: InputOptions['command']): DevsetupError =>
  usageError({
    code: 'PATH_MISSING',
    message: `devsetup ${command}: there is no ${place}.`,
    hint: 'Name workflow files, or folders that hold them.',
  });

const OF_FOLDER: Readonly<Record<InputOptions['command'], string>> = {
  audit: '`npx devsetup audit .github/workflows`',
  decouple: '`npx devsetup decouple .github/workflows`',
};

const noWorkflows = (wanted: readonly string[], command: InputOptions['command']): DevsetupError =>
  new DevsetupError({
    code: 'NO_WORKFLOWS',
    message: `There is no workflow to look at in ${wanted.join(', ')}.`,
    hint: `Name the files or the folder: ${OF_FOLDER[command]}.`,
    exitCode: ExitCode.bug,
  });
