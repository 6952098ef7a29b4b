import path from 'node:path';

import { CONFIG_FILES } from './defaults.ts';

/** Where a hint asks for a setting; not the configuration of another program. */
const PHRASE = /(?<=\b(?:in|into|of|to) )(?:the configuration\b(?! (?:file|of)\b)|devsetup\.config\.jsonc)/g;

/** A hint with the file in which to write the setting it asks for. `file` is `Config.file`: null where there is none yet. */
export const nameConfiguration = (hint: string, file: string | null): string => {
  const name = path.basename(file ?? CONFIG_FILES[0]);
  return hint.replaceAll(PHRASE, name === 'package.json' ? '"devsetup" in package.json' : name);
};
