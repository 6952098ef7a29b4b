import type { Holes } from '../../shell/holes.ts';

const REFERENCE = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}]*))?\}|([A-Za-z_]\w*))/g;

/**
 * Fills in `${NAME}`, `$NAME`, `${NAME:-default}`. What has no value here may still have one where compose is run, in a file `.env`:
 * it is a hole, with a default the choice of both.
 */
export const fillInVariables = (text: string, find: (name: string) => string | undefined, holes: Holes): string =>
  text.replaceAll(REFERENCE, (written, braced?: string, operator?: string, word = '', plain?: string) => {
    if (written === '$$') return '$';
    const name = braced ?? plain ?? '';
    const value = find(name);
    if (value !== undefined && value !== '') return value;
    const unknown = holes.of({ kind: 'unknown', name: `$${name}` });
    if (operator?.endsWith('-') !== true) return unknown;
    return holes.of({ kind: 'choice', name: `$${name}`, options: [unknown, fillInVariables(word, find, holes)] });
  });
