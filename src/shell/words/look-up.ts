import type { ParameterExpansionPart } from 'unbash';

import { showHoles } from '../holes.ts';
import type { Origin } from '../shell-run.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { unknownVariable } from './known-variables.ts';

export interface Found {
  readonly value: string;
  readonly origins: readonly Origin[];
  /** Something has given it a value. */
  readonly isSet: boolean;
}

/** The value of a variable as one text. */
export const lookUp = (
  name: string,
  { shell, layers }: Place,
  { holes }: Machine,
  part: ParameterExpansionPart | null,
): Found => {
  if (name === '0' || name === 'BASH_SOURCE') {
    return { value: shell.file ?? holes.of({ kind: 'unknown', name: '$0' }), origins: [], isSet: true };
  }
  if (name === 'PWD' && shell.directory !== null) return { value: shell.directory || '.', origins: [], isSet: true };
  if (/^\d+$/.test(name) && shell.args !== null) {
    const word = shell.args[Number(name) - 1];
    return { value: word?.value ?? '', origins: word?.origins ?? [], isSet: true };
  }
  if (name === '@' || name === '*') {
    const value = shell.args?.map((word) => word.value).join(' ');
    return { value: value ?? holes.of({ kind: 'unknown', name: '$@' }), origins: [], isSet: value !== undefined };
  }
  if (name === '#') {
    const count = shell.args?.length;
    return { value: count?.toString() ?? holes.of({ kind: 'unknown', name: '$#' }), origins: [], isSet: true };
  }
  const cell = shell.variables.get(name);
  if (cell === undefined) {
    const isOnRunner = layers.every(({ kind }) => kind !== 'remote' && kind !== 'container');
    const hole = unknownVariable(name, isOnRunner);
    return { value: holes.of(hole), origins: [{ name: `$${name}`, span: null }], isSet: hole.kind !== 'unknown' };
  }
  const origins = [{ name: `$${name}`, span: cell.span }, ...cell.origins];
  const index = part?.index?.value;
  if (index !== undefined && cell.list !== null) {
    const item = cell.list.at(Number(index));
    const value = /^[@*]$/.test(index) ? cell.list.join(' ') : /^-?\d+$/.test(index) ? item : undefined;
    return {
      value: value ?? holes.of({ kind: 'unknown', name: showHoles(part?.text ?? name, holes) }),
      origins,
      isSet: true,
    };
  }
  return { value: cell.value, origins, isSet: true };
};
