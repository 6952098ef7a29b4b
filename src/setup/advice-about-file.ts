import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import { messagesOf } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';
import { isText } from '../core/shape.ts';
import { createFolderHint, sqliteFolderAdvice } from '../project/missing-folder.ts';
import { findSampleOf } from '../project/find-sample-of.ts';
import { isDirectory, isFile, isInside } from '../project/files.ts';
import type { Project } from '../project/types.ts';

/** What a failed start of Django means in this checkout. */
export interface StartAdvice {
  /** Instead of the general message. */
  readonly message?: string;
  readonly hint: string;
}

const OPENING = /(FileNotFoundError|PermissionError): \[Errno \d+\] [^:\n]+: '([^'\n]+)'/;
const HANDLER = /Unable to configure handler '([^'\n]+)'/;

/** A file that the settings or the logging cannot open: its folder is missing, it has a sample, or it is somebody else's. */
export const adviceAboutFile = async (error: CompanionError, project: Project): Promise<StartAdvice | undefined> => {
  const text = messagesOf(error);
  const { databaseFile } = error.data;
  const [, kind, named = ''] = isText(databaseFile) ? ['', 'sqlite3', databaseFile] : (OPENING.exec(text) ?? []);
  if (kind === undefined) return undefined;
  const { root, backend } = project;
  const file = path.resolve(backend.directory, named);
  const isOwn = isInside(root, file);
  const shown = (place: string): string => (isOwn ? path.relative(root, place) || '.' : place);
  if (kind === 'sqlite3')
    return (
      (await sqliteFolderAdvice(project, file)) ?? {
        message: `SQLite cannot open the database ${shown(file)}.`,
        hint: `\`ls -ld ${shellWord(shown(path.dirname(file)))} ${shellWord(shown(file))}\` shows whether this user may write there, and whether it is a file.`,
      }
    );
  const handler = HANDLER.exec(text)?.[1];
  const asker =
    handler !== undefined
      ? `The log handler \`${handler}\` of LOGGING`
      : error.place === null
        ? 'The project'
        : `${path.relative(root, error.place.file)}:${error.place.line}`;
  const folder = path.dirname(file);
  if (kind === 'PermissionError') {
    const place = (await isFile(file)) || (await isDirectory(file)) ? file : folder;
    return {
      message: `${asker} cannot open ${shown(file)}: this user may not.`,
      hint: `\`ls -ld ${shellWord(shown(place))}\` shows the owner. If another user created it, for example root in a container: \`sudo chown "$(id -u)" ${shellWord(shown(place))}\`.`,
    };
  }
  if (!(await isDirectory(folder)))
    return {
      message: `${asker} cannot open ${shown(file)}: the folder ${shown(folder)} does not exist.`,
      hint: createFolderHint(root, folder),
    };
  const sample = isOwn ? await findSampleOf(file) : undefined;
  return sample === undefined
    ? undefined
    : {
        message: `${asker} cannot open ${shown(file)}, which does not exist.`,
        hint: `Copy the sample and fill it in: \`cp ${shellWord(shown(sample))} ${shellWord(shown(file))}\``,
      };
};
