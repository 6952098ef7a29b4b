import path from 'node:path';

import { asRecord, isText } from '../core/shape.ts';
import { renderPlace } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';
import type { Project } from '../project/types.ts';
import type { StartAdvice } from './advice-about-file.ts';

/** An installed package raised it: the code to correct is not the project's. */
export const adviceAboutPackage = (error: CompanionError, { root }: Project): StartAdvice | undefined => {
  const { name, version, python, isImport } = asRecord(error.data['package']);
  if (!isText(name) || !isText(python)) return undefined;
  const shown = isText(version) ? `${name} ${version}` : name;
  const what = `${error.type === null ? '' : `${error.type}: `}${error.message.trim().split('\n')[0] ?? ''}`;
  const used = error.place === null ? undefined : path.relative(root, renderPlace(error.place));
  const isConfiguration = /(?:ImproperlyConfigured|KeyError|ValidationError)$/.test(error.type ?? '');
  if (isImport === true && !isConfiguration) {
    const at = used === undefined ? '' : `; it is imported at ${used}`;
    return {
      message: `The package ${shown} cannot be imported with Python ${python} (${what})${at}.`,
      hint: `The package does not fit this Python, or another package that it uses. Use a version of ${name} that supports Python ${minorOf(python)}, or a Python that ${shown} supports ("backend": { "python": "…" } in the configuration).`,
    };
  }
  // What settings pass to a package is more often the fault than the package.
  if (error.code === 'SETTINGS_FAILED' && used !== undefined) return undefined;
  return {
    hint:
      used === undefined
        ? `The package ${shown} raises this, not the code of the project: correct the settings it reads, or use a version of it that fits the other packages.`
        : `The package ${shown} raises this. Check what the project passes to it at ${used}, and the settings it reads.`,
  };
};

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');
