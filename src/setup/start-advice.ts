import path from 'node:path';

import { asRecord, isText } from '../core/shape.ts';
import { findMissingLibrary, libraryAdvice } from '../core/system-libraries.ts';
import { messagesOf } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';
import type { Project } from '../project/types.ts';
import { adviceAboutFile, type StartAdvice } from './advice-about-file.ts';
import { adviceAboutDriver } from './advice-about-driver.ts';
import { adviceAboutModule } from './advice-about-module.ts';
import { adviceAboutPackage } from './advice-about-package.ts';
import { adviceAboutService } from './advice-about-service.ts';

/** What can be said about it beyond exception and place; undefined: nothing. */
export const startAdvice = async (error: CompanionError, project: Project): Promise<StartAdvice | undefined> =>
  aboutLibrary(error) ??
  aboutBuild(error) ??
  (await adviceAboutDriver(error, project)) ??
  (await adviceAboutService(error, project, ' while Django starts')) ??
  (await adviceAboutFile(error, project)) ??
  (await adviceAboutModule(error, project)) ??
  aboutEmptySetting(error, project) ??
  aboutWords(error) ??
  adviceAboutPackage(error, project) ??
  aboutPlace(error, project);

const aboutLibrary = (error: CompanionError): StartAdvice | undefined => {
  const library = findMissingLibrary(messagesOf(error), 'load');
  if (library === undefined) return undefined;
  const [cause = ''] = error.message.split('\n');
  return {
    message: `The system library ${library.name} is not installed: ${cause}`,
    hint: libraryAdvice(library, 'load'),
  };
};

/** Native code that this interpreter cannot load. */
const OTHER_BUILD =
  /undefined symbol|invalid ELF header|wrong ELF class|incompatible architecture|No module named '([\w.]+)\._[\w.]+'|cannot import name '_\w+' from '[\w.]+' \([^)]*(?:site|dist)-packages/;

const aboutBuild = (error: CompanionError): StartAdvice | undefined =>
  OTHER_BUILD.test(messagesOf(error)) && isOfPackage(error)
    ? {
        hint: 'The native part of a package does not fit this Python. Install the packages again: `npx devsetup --only backend-dependencies --force`; if that changes nothing, remove the virtual environment, so that devsetup creates it again.',
      }
    : undefined;

/** The last frame is in an installed package. */
const isOfPackage = ({ traceback }: CompanionError): boolean =>
  /(?:site|dist)-packages/.test(traceback.match(/^ {2}File ".*$/gm)?.at(-1) ?? '');

/** A value that Django cannot do without is empty, or no list: the variable it is read from, or what stands in the settings. */
const aboutEmptySetting = (error: CompanionError, { root }: Project): StartAdvice | undefined => {
  const [, name, wanted] =
    /The ([A-Z_]+) setting must (not be empty|be a list or a tuple)/.exec(messagesOf(error)) ?? [];
  if (name === undefined) return undefined;
  const { file, line, source } = asRecord(asRecord(error.data['setting'])['place']);
  if (wanted !== 'not be empty') {
    const at = isText(file) ? ` (${path.relative(root, file)}:${String(line)}: ${String(source)})` : '';
    return {
      message: `The setting ${name} is not a list${at}.`,
      hint: `Make it a list in the settings. An environment variable is text, or None if it is not set: os.environ.get("${name}", "").split(",")`,
    };
  }
  if (!isText(file))
    return { hint: `Give ${name} a value: set it in the settings, or set the variable that they read it from.` };
  return {
    message: `The setting ${name} is empty (${path.relative(root, file)}:${String(line)}: ${String(source)}).`,
    hint: `Give ${name} a value: set the variable that this line reads, for example in .env, or write a value for development there.`,
  };
};

/** Nothing is known but where the project's own code failed. */
const aboutPlace = ({ code, place, traceback }: CompanionError, { root }: Project): StartAdvice | undefined => {
  if (code !== 'APPS_FAILED' || place === null) return undefined;
  const isOwn = !/(?:site|dist)-packages/.test(traceback.match(/^ {2}File ".*$/gm)?.at(-1) ?? '');
  const at = `${path.relative(root, place.file)}:${place.line}`;
  return { hint: isOwn ? `Fix the code at ${at}.` : `Check what the code at ${at} asks for.` };
};

/** What Django and Python say, in so many words, and what to do about it. */
const WORDS: readonly (readonly [RegExp, (words: readonly string[]) => string])[] = [
  [
    /AUTH_USER_MODEL refers to model '([\w]+)\.(\w+)' that has not been installed/,
    ([, app, model]) =>
      `Add the app with the label \`${app}\` to INSTALLED_APPS, or correct AUTH_USER_MODEL: its models.py must define ${model}.`,
  ],
  [
    /Model class ([\w.]+)\.models\.\w+ doesn't declare an explicit app_label/,
    ([, app]) =>
      `Add \`${app}\` to INSTALLED_APPS, or import the model by the name that INSTALLED_APPS has for its app.`,
  ],
  [
    /Application labels aren't unique, duplicates: (\w+)/,
    ([, label]) =>
      `INSTALLED_APPS names two apps with the label \`${label}\`: remove one, or give it another label in its AppConfig.`,
  ],
  [
    /Apps aren't loaded yet/,
    () =>
      'Models are imported before the apps are loaded, often by an `__init__.py`, the settings or an AppConfig: move that import into `ready()` or into the function that needs it.',
  ],
  [
    /partially initialized module '([\w.]+)'/,
    ([, module]) =>
      `\`${module}\` is imported while it is being imported: move one of the two imports into the function that needs it.`,
  ],
  [
    /cannot import name '(\w+)' from '(django[\w.]*)'/,
    ([, name, module]) =>
      `The installed Django has no \`${module}.${name}\`: the code there was written for another version. Upgrade the package it is in, or pin Django in the requirement files.`,
  ],
];

const aboutWords = (error: CompanionError): StartAdvice | undefined => {
  const text = messagesOf(error);
  for (const [pattern, hint] of WORDS) {
    const match = pattern.exec(text);
    if (match !== null) return { hint: hint(match) };
  }
  return undefined;
};
