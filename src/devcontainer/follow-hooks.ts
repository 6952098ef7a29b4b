import path from 'node:path';

import { findText, isFile, isInside } from '../project/files.ts';
import type { DevContainer } from './dev-container.ts';
import { readJsonc } from '../project/read-jsonc.ts';
import { hasVariables, substitute } from './substitute.ts';

/** Commands that run in the container, in the order in which they do. */
export const HOOKS = [
  'onCreateCommand',
  'updateContentCommand',
  'postCreateCommand',
  'postStartCommand',
  'postAttachCommand',
] as const;

export type Hook = (typeof HOOKS)[number];

/** A piece of shell that a hook runs: its own text, or that of a file it leads to. */
export interface HookText {
  readonly text: string;
  /** Absolute; devcontainer.json itself for a hook's own text. */
  readonly file: string;
  /** Within devcontainer.json; null for a file it leads to. */
  readonly path: readonly (string | number)[] | null;
}

export interface FollowedHook {
  readonly hook: Hook;
  readonly texts: readonly HookText[];
  /** Something it calls is not in the checkout, or cannot be followed. */
  readonly leadsElsewhere: boolean;
}

/** What the hooks of a dev container run, through scripts of the checkout, npm scripts and make. */
export const followHooks = async (
  devContainer: Pick<DevContainer, 'file' | 'properties'>,
  root: string,
): Promise<readonly FollowedHook[]> => {
  const folder = devContainer.properties['workspaceFolder'];
  const workspaceFolder =
    typeof folder === 'string' ? substitute(folder, { root }) : `/workspaces/${path.basename(root)}`;
  return Promise.all(
    HOOKS.filter((hook) => devContainer.properties[hook] !== undefined).map(async (hook) => {
      const own = commandsOf(devContainer.properties[hook], [hook]).map(({ text, path: at }) => ({
        text: substitute(text, { root: workspaceFolder, workspaceFolder }),
        file: devContainer.file,
        path: at,
      }));
      const places = { root, workspaceFolder, seen: new Set<string>() };
      const followed = await Promise.all(own.map(({ text }) => follow(text, root, places)));
      return {
        hook,
        texts: [...own, ...followed.flatMap(({ texts }) => texts)],
        leadsElsewhere: followed.some(({ leadsElsewhere }) => leadsElsewhere),
      };
    }),
  );
};

/** A hook is a line of shell, the words of one command, or several of either by name. */
const commandsOf = (
  value: unknown,
  at: readonly (string | number)[],
): readonly { readonly text: string; readonly path: readonly (string | number)[] }[] => {
  if (typeof value === 'string') return [{ text: value, path: at }];
  if (Array.isArray(value)) return [{ text: value.map(String).join(' '), path: at }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, command]) => commandsOf(command, [...at, name]));
};

interface Places {
  readonly root: string;
  readonly workspaceFolder: string;
  /** Files that were followed already. */
  readonly seen: Set<string>;
}

interface Followed {
  readonly texts: readonly HookText[];
  readonly leadsElsewhere: boolean;
}

const MOST_CHARACTERS = 100_000;

const follow = async (text: string, directory: string, places: Places): Promise<Followed> => {
  const files = await Promise.all([
    ...wordsOf(text).map((word) => scriptOf(word, directory, places)),
    ...runnersOf(text).map(async (name) => ({ file: path.join(places.root, name), isElsewhere: false })),
  ]);
  const texts: HookText[] = [];
  let leadsElsewhere = files.some((found) => found?.isElsewhere === true) || hasVariables(text.replaceAll(KNOWN, ''));
  for (const found of files) {
    if (found === null || found.isElsewhere || places.seen.has(found.file)) continue;
    places.seen.add(found.file);
    const script = (await findText(found.file))?.slice(0, MOST_CHARACTERS);
    if (script === undefined) continue;
    const isManifest = path.basename(found.file) === 'package.json';
    const code = isManifest ? scriptsNamedIn(text, script) : withoutComments(script);
    const further = await follow(code, path.dirname(found.file), places);
    texts.push({ text: code, file: found.file, path: null }, ...further.texts);
    leadsElsewhere ||= further.leadsElsewhere;
  }
  return { texts, leadsElsewhere };
};

/** Variables of the shell that do not decide what is run. */
const KNOWN = /\$\{(?:HOME|PWD|USER|PATH|[A-Z_]+:-[^}]*)\}/g;

const wordsOf = (text: string): readonly string[] => text.split(/[\s;&|()<>"'`=]+/).filter((word) => word !== '');

/** A word that names a script: a file of the checkout, or one that only the image has. */
const scriptOf = async (
  word: string,
  directory: string,
  { root, workspaceFolder }: Places,
): Promise<{ readonly file: string; readonly isElsewhere: boolean } | null> => {
  const inside = path.posix.isAbsolute(word) && isInside(workspaceFolder, word);
  const relative = inside ? path.posix.relative(workspaceFolder, word) : word;
  if (path.posix.isAbsolute(relative)) {
    return /\/s?bin\/|\.(?:sh|py|bash)$/.test(relative) ? { file: relative, isElsewhere: true } : null;
  }
  if (!/\/|\.(?:sh|bash|zsh|py|m?js|ts)$/.test(relative)) return null;
  for (const from of inside ? [root] : [root, directory]) {
    const file = path.resolve(from, relative);
    if (isInside(root, file) && (await isFile(file))) return { file, isElsewhere: false };
  }
  return /\.(?:sh|bash)$/.test(relative) ? { file: relative, isElsewhere: true } : null;
};

/** Files that hold what `npm run x`, `make x` and the like run; which part of them is not looked at. */
const runnersOf = (text: string): readonly string[] => [
  ...(/\b(?:npm|yarn|pnpm|bun)\b/.test(text) ? ['package.json'] : []),
  ...(/\bmake\b/.test(text) ? ['Makefile', 'makefile', 'GNUmakefile'] : []),
  ...(/\bjust\b/.test(text) ? ['justfile', 'Justfile', '.justfile'] : []),
  ...(/\btask\b/.test(text) ? ['Taskfile.yml', 'Taskfile.yaml'] : []),
];

/** Run by the package manager itself when it installs. */
const ON_INSTALL = new Set(['preinstall', 'install', 'postinstall', 'prepare']);

/** The scripts of a package.json that a command names, and those that an installation runs. */
const scriptsNamedIn = (command: string, manifest: string): string => {
  const { value } = readJsonc(manifest);
  const scripts: unknown = (value as { readonly scripts?: unknown } | undefined)?.scripts;
  const words = new Set(wordsOf(command));
  return Object.entries(scripts ?? {})
    .filter(([name, script]) => typeof script === 'string' && (words.has(name) || ON_INSTALL.has(name)))
    .map(([, script]) => String(script))
    .join('\n');
};

const withoutComments = (script: string): string => script.replaceAll(/^[ \t]*#.*$/gm, '');
