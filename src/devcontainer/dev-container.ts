import path from 'node:path';

import type { Place } from '../core/check.ts';
import { asTexts, isRecord } from '../core/shape.ts';
import { readComposeProject, type ComposeProject } from '../project/compose/compose-project.ts';
import { filterAsync, findText, isFile, listNames, shown } from '../project/files.ts';
import { readJsonc, type JsonPath } from '../project/read-jsonc.ts';
import { hasVariables, substitute } from './substitute.ts';

/** A mistake of syntax, e.g. a missing comma, at its place. */
export interface SyntaxMistake {
  readonly message: string;
  readonly place: Place;
}

/** One devcontainer.json of the checkout, read strictly: comments and trailing commas as its tools allow, nothing else. */
export interface DevContainer {
  /** Absolute. */
  readonly file: string;
  /** Relative to the root, for messages. */
  readonly name: string;
  /** The text as it stands, for edits that keep comments. */
  readonly text: string;
  readonly mistakes: readonly SyntaxMistake[];
  /** What could be read of it, also where there are mistakes. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Properties that are given twice, by path. */
  readonly repeated: readonly JsonPath[];
  /** The place of a property, by path; its file's first line where it is not there. */
  placeOf(path: JsonPath): Place;
  /** `dockerComposeFile` as absolute paths, existing or not; [] without. */
  readonly composeFiles: readonly string[];
  /** Those of them that do not exist. */
  readonly missingFiles: readonly string[];
  /** Those files, merged; null without `dockerComposeFile`, or where its paths depend on the machine. */
  readonly compose: ComposeProject | null;
  /** The name of the service the container is made from; null without compose. */
  readonly service: string | null;
}

/** `.devcontainer/devcontainer.json`, `.devcontainer.json`, then each `.devcontainer/<name>/devcontainer.json`: absolute paths. */
export const listDevContainers = async (root: string): Promise<readonly string[]> => {
  const folder = path.join(root, '.devcontainer');
  const below = (await listNames(folder)).map((name) => path.join(folder, name, 'devcontainer.json'));
  return filterAsync([path.join(folder, 'devcontainer.json'), `${folder}.json`, ...below], isFile);
};

/** The first of them, or the one that is named by its absolute path; undefined: none. */
export const findDevContainer = async (root: string, named?: string): Promise<DevContainer | undefined> => {
  const file = named ?? (await listDevContainers(root))[0];
  const text = file === undefined ? undefined : await findText(file);
  return file === undefined || text === undefined ? undefined : readDevContainer(root, file, text);
};

/** Whether a devcontainer.json, by its path from the root, is meant by its path, its folder, or the name of that. */
export const isMeant = (name: string, asked: string): boolean => {
  const wanted = path.posix.normalize(asked.replaceAll('\\', '/')).replace(/\/$/, '');
  const folder = path.posix.dirname(name);
  return [name, folder, path.posix.basename(folder)].includes(wanted);
};

/** The same of a text that its file does not hold yet; `planned`: what other files will hold, by their absolute path. */
export const readDevContainer = async (
  root: string,
  file: string,
  text: string,
  planned?: ReadonlyMap<string, string>,
): Promise<DevContainer> => {
  const name = shown(root, file);
  const { value, mistakes, positionOf, repeated } = readJsonc(text);
  const properties = isRecord(value) ? value : {};
  const composeFiles = await findComposeFiles(root, file, properties['dockerComposeFile']);
  const known = composeFiles.filter((found) => !hasVariables(found));
  const { service, runServices } = properties;
  return {
    file,
    name,
    text,
    properties,
    repeated,
    mistakes: [...mistakes, ...(mistakes.length === 0 && !isRecord(value) ? [NO_OBJECT] : [])].map(
      ({ message, position }) => ({ message, place: { file: name, ...position } }),
    ),
    placeOf: (where) => ({ file: name, ...(positionOf(where) ?? { line: 1, column: 1 }) }),
    composeFiles: known,
    missingFiles: await filterAsync(known, async (found) => planned?.has(found) !== true && !(await isFile(found))),
    compose:
      known.length === 0 || known.length < composeFiles.length
        ? null
        : await readComposeProject({
            root,
            files: known,
            named: asTexts([service, runServices].flat()),
            copies: planned,
          }),
    service: composeFiles.length > 0 && typeof service === 'string' ? substitute(service, { root }) : null,
  };
};

const NO_OBJECT = { message: 'an object in braces is expected', position: { line: 1, column: 1 } };

const findComposeFiles = async (root: string, file: string, named: unknown): Promise<readonly string[]> => {
  // An empty list stands for what compose itself would take at the root.
  if (Array.isArray(named) && named.length === 0) {
    const override = path.join(root, 'docker-compose.override.yml');
    return [path.join(root, 'docker-compose.yml'), ...((await isFile(override)) ? [override] : [])];
  }
  return [named]
    .flat()
    .filter((name) => typeof name === 'string')
    .map((name) => path.resolve(path.dirname(file), substitute(name, { root })));
};
