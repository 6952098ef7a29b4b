import path from 'node:path';

import { closestName } from '../config/closest-name.ts';
import { shellWord } from '../core/shell-word.ts';
import { messagesOf } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';
import { findSampleOf } from '../project/find-sample-of.ts';
import { findText, isDirectory, isFile, listNames } from '../project/files.ts';
import { requirementKind } from '../project/requirement-files.ts';
import type { Project } from '../project/types.ts';
import type { StartAdvice } from './advice-about-file.ts';

/** Modules that Python no longer has, and since when. */
const REMOVED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['asynchat', 'asyncore', 'distutils', 'imp', 'smtpd'].map((name) => [name, '3.12'])),
  ...Object.fromEntries(
    'aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib'
      .split(' ')
      .map((name) => [name, '3.13']),
  ),
};

/** A module that cannot be imported, and is no package that merely has to be installed. */
export const adviceAboutModule = async (error: CompanionError, project: Project): Promise<StartAdvice | undefined> => {
  const module = /No module named '?([\w.]+)'?/.exec(messagesOf(error))?.[1];
  if (module === undefined) return undefined;
  return (
    aboutRemoved(module, error, project) ??
    (await aboutOwnPackage(module, error, project)) ??
    (await aboutSample(module, error, project)) ??
    (await aboutSpelling(module, error, project)) ??
    (await aboutOtherFile(module, project))
  );
};

const aboutRemoved = (module: string, error: CompanionError, project: Project): StartAdvice | undefined => {
  const [top = ''] = module.split('.');
  const message = (what: string): string => `${what}; ${askerOf(module, error, project)}.`;
  if (top === 'pkg_resources') {
    return {
      message: message(
        '`pkg_resources` is a part of setuptools, which new virtual environments and setuptools 82 lack',
      ),
      hint: `${addition('setuptools<81', project).replace(/^./, (first) => first.toUpperCase())}, or upgrade the package that imports it.`,
    };
  }
  const version = REMOVED[top];
  if (version === undefined) return undefined;
  const older = `3.${Number(version.slice(2)) - 1}`;
  const other = top === 'distutils' ? addition('setuptools', project) : 'upgrade the package that imports it';
  return {
    message: message(`Python ${version} has removed \`${top}\``),
    hint: `Use Python ${older} or older ("backend": { "python": "python${older}" } in the configuration, and the image of the dev container), or ${other}.`,
  };
};

const ADDERS = { uv: 'uv add', poetry: 'poetry add', pdm: 'pdm add', pipenv: 'pipenv install', pip: null } as const;

/** How a package is added to what the project installs. */
const addition = (requirement: string, { root, backend: { requirements } }: Project): string => {
  const adder = requirements === null ? null : ADDERS[requirements.tool];
  if (requirements === null || adder === null) {
    const file = requirements?.files.findLast((each) => each.endsWith('.txt'));
    return `add \`${requirement}\` to ${file === undefined ? 'the requirement files' : path.relative(root, file)}`;
  }
  const folder = path.relative(root, requirements.directory);
  return `run \`${folder === '' ? '' : `cd ${shellWord(folder)} && `}${adder} ${shellWord(requirement)}\``;
};

/** Where the import is: the innermost frame that is not Python's own import machinery. */
const importerOf = ({ traceback }: CompanionError): string =>
  [...traceback.matchAll(/^ {2}File "([^"]+)"/gm)]
    .map(([, file = '']) => file)
    .findLast((file) => !/^<frozen|[\\/]importlib[\\/]/.test(file)) ?? '';

const isNamedByApps = (error: CompanionError): boolean =>
  /[\\/]django[\\/]apps[\\/](?:config|registry)\.py$/.test(importerOf(error));

/** What asks for it, as the end of a sentence. */
const askerOf = (module: string, error: CompanionError, { root }: Project): string => {
  const place = error.place === null ? '..' : `${path.relative(root, error.place.file)}:${error.place.line}`;
  if (!place.startsWith('..')) return `it is imported at ${place}`;
  if (isNamedByApps(error)) return `INSTALLED_APPS names \`${module}\``;
  const importer = /[\\/](?:site|dist)-packages[\\/]([^\\/]+)[\\/]/.exec(importerOf(error))?.[1];
  return importer === undefined ? 'a package imports it' : `the package \`${importer}\` imports it`;
};

/** The repository is that package: manage.py is that of a test project or an example in it. */
const aboutOwnPackage = async (
  module: string,
  error: CompanionError,
  project: Project,
): Promise<StartAdvice | undefined> => {
  const { root, backend } = project;
  const [top = ''] = module.split('.');
  for (const folder of [root, path.join(root, 'src')]) {
    const own = path.join(folder, top);
    if (folder === backend.directory || !(await isPackage(own))) continue;
    const manifests = await Promise.all(['setup.py', 'setup.cfg'].map((name) => isFile(path.join(root, name))));
    const manifest = path.join(root, 'pyproject.toml');
    const isBuilt = ((await findText(manifest)) ?? '').includes('[build-system]');
    const files = [...(backend.requirements?.files ?? []).filter((file) => file !== manifest), manifest];
    const shown = JSON.stringify(files.map((file) => path.relative(root, file)));
    const keep = isBuilt
      ? `, or let every run do it: "backend": { "requirements": ${shown} } in the configuration`
      : '';
    return {
      message: `\`${top}\` is the folder ${path.relative(root, own)} of this repository, which is not on Python's path; ${askerOf(module, error, project)}.`,
      hint:
        isBuilt || manifests.includes(true)
          ? `Install the checkout as a package: \`${shellWord(backend.python.interpreter)} -m pip install -e ${shellWord(root)}\`${keep}.`
          : `Add ${path.relative(root, folder) || 'the root of the checkout'} to PYTHONPATH in .env, or let manage.py add it to \`sys.path\`.`,
    };
  }
  return undefined;
};

/** A module of the project that is kept out of git, with a sample next to it. */
const aboutSample = async (
  module: string,
  error: CompanionError,
  project: Project,
): Promise<StartAdvice | undefined> => {
  const { root, backend } = project;
  const file = `${path.join(backend.directory, ...module.split('.'))}.py`;
  const nextTo = error.place === null ? [] : [path.join(path.dirname(error.place.file), path.basename(file))];
  for (const place of new Set([file, ...nextTo])) {
    const sample = await findSampleOf(place);
    if (sample === undefined) continue;
    const [from, to] = [sample, place].map((each) => path.relative(root, each)) as [string, string];
    return {
      message: `${to} does not exist; ${askerOf(module, error, project)}.`,
      hint: `Copy the sample and fill it in: \`cp ${shellWord(from)} ${shellWord(to)}\``,
    };
  }
  const parent = path.dirname(file);
  const ignored = await isIgnored(file, project);
  if (!ignored || !(await isDirectory(parent))) return undefined;
  return {
    message: `${path.relative(root, file)} does not exist, and .gitignore keeps it out of git; ${askerOf(module, error, project)}.`,
    hint: 'Write it with the names that the settings take from it, or let the settings do without: `try: from … import * except ImportError: pass`.',
  };
};

const isIgnored = async (file: string, { root, backend }: Project): Promise<boolean> => {
  const texts = await Promise.all(
    [...new Set([root, backend.directory])].map((folder) => findText(path.join(folder, '.gitignore'))),
  );
  const name = path.basename(file);
  return texts.some((text) => text?.split('\n').some((line) => line.trim().replace(/^.*\//, '') === name) ?? false);
};

/** The checkout has it under a name that differs a little, or in a folder that is not on the path. */
const aboutSpelling = async (
  module: string,
  error: CompanionError,
  project: Project,
): Promise<StartAdvice | undefined> => {
  const { root, backend } = project;
  const parts = module.split('.');
  const at = await firstMissing(backend.directory, parts);
  const wanted = parts[at] ?? '';
  if (at === 0 && (await isRequired(wanted, project))) return undefined;
  const folder = path.join(backend.directory, ...parts.slice(0, at));
  const prefix = parts
    .slice(0, at)
    .map((part) => `${part}.`)
    .join('');
  const asker = isNamedByApps(error)
    ? `INSTALLED_APPS names \`${module}\``
    : `\`${module}\` cannot be imported (${askerOf(module, error, project)})`;
  const close = closestName(wanted, await listModules(folder));
  if (close !== undefined && close !== wanted) {
    return {
      message: `${asker}, and the checkout has \`${prefix}${close}\`.`,
      hint: `If that is meant, write \`${[prefix + close, ...parts.slice(at + 1)].join('.')}\`.`,
    };
  }
  const elsewhere = at === 0 ? await findElsewhere(wanted, backend.directory, root) : undefined;
  if (elsewhere === undefined) return undefined;
  const inside = path.relative(backend.directory, elsewhere);
  return {
    message: `${asker}, and the checkout has it in ${path.relative(root, elsewhere)}, which is not on Python's path.`,
    hint: inside.startsWith('..')
      ? `Add ${path.relative(root, path.dirname(elsewhere))} to PYTHONPATH in .env, or move it next to manage.py.`
      : `Write \`${inside.split(path.sep).join('.')}\`, or let manage.py add ${path.dirname(inside)} to \`sys.path\`.`,
  };
};

/** Which part of `a.b.c` is not there. */
const firstMissing = async (directory: string, parts: readonly string[]): Promise<number> => {
  for (const [at] of parts.entries()) {
    if (!(await isDirectory(path.join(directory, ...parts.slice(0, at + 1))))) return at;
  }
  return parts.length - 1;
};

/** Modules and packages of a folder. */
const listModules = async (folder: string): Promise<readonly string[]> => {
  const names = await listNames(folder);
  const found = await Promise.all(
    names.map(async (name) => {
      if (/^[a-z_]\w*\.py$/i.test(name)) return name === 'manage.py' ? [] : [name.slice(0, -3)];
      return (await isPackage(path.join(folder, name))) ? [name] : [];
    }),
  );
  return found.flat();
};

const isPackage = async (folder: string): Promise<boolean> => {
  const files = await Promise.all(
    ['__init__.py', 'apps.py', 'models.py'].map((name) => isFile(path.join(folder, name))),
  );
  return files.includes(true);
};

/** In a folder next to manage.py or of the root. */
const findElsewhere = async (name: string, ...places: readonly string[]): Promise<string | undefined> => {
  for (const place of new Set(places)) {
    for (const folder of await listNames(place)) {
      const candidate = path.join(place, folder, name);
      if (!folder.startsWith('.') && folder !== 'node_modules' && (await isPackage(candidate))) return candidate;
    }
  }
  return undefined;
};

/** A requirement file mentions it: then it is a package that is not installed. */
const isRequired = async (name: string, { backend }: Project): Promise<boolean> => {
  const files = [...(backend.requirements?.files ?? []), ...(backend.requirements?.inputs ?? [])];
  const texts = await Promise.all([...new Set(files)].map((file) => findText(file)));
  const words = wordsFor(name);
  return texts.some((text) => text !== undefined && words.test(text));
};

const wordsFor = (module: string): RegExp =>
  new RegExp(`(?<![\\w-])(?:django-|python-|py)?${module.replaceAll(/[-_]/g, '[-_]?')}(?![\\w-])`, 'i');

/** A requirement file that is not among those that are installed lists the package: to install them again changes nothing. */
const aboutOtherFile = async (module: string, { root, backend }: Project): Promise<StartAdvice | undefined> => {
  const { requirements } = backend;
  if (requirements?.tool !== 'pip') return undefined;
  const words = wordsFor(module.split('.')[0] ?? '');
  const folders = new Set([...requirements.files.map((file) => path.dirname(file)), backend.directory, root]);
  for (const folder of folders) {
    const names = (await listNames(folder)).filter((name) =>
      /(?:requirements?|reqs).*\.txt$/i.test(path.join(path.basename(folder), name)),
    );
    for (const file of names.map((name) => path.join(folder, name))) {
      if (requirements.inputs.includes(file) || requirementKind(file) === 'constraints') continue;
      const lines = ((await findText(file)) ?? '').split('\n').map((line) => line.replace(/#.*$/, ''));
      const at = lines.findIndex((line) => words.test(line));
      if (at === -1) continue;
      const [listed, ...installed] = [file, ...requirements.files].map((each) => path.relative(root, each));
      const setting = JSON.stringify([...installed, listed]);
      return {
        hint: `${listed}:${at + 1} lists ${words.exec(lines[at] ?? '')?.[0]}, and only ${installed.join(', ')} is installed. Install both: "backend": { "requirements": ${setting} } in the configuration.`,
      };
    }
  }
  return undefined;
};
