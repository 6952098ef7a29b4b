import type { ParameterExpansionPart } from 'unbash';

import { hasHole, showHoles } from '../holes.ts';
import type { Origin } from '../shell-run.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { choiceOf } from '../machine/join-shells.ts';
import { noteSetting } from '../machine/note-setting.ts';
import { changeText, globPattern, removeAffix, sliceText } from './change-text.ts';
import { lookUp } from './look-up.ts';

export interface Expanded {
  readonly value: string;
  readonly origins: readonly Origin[];
}

/** `${X}` and what can be done with it there. */
export const expandParameter = (part: ParameterExpansionPart, place: Place, machine: Machine): Expanded => {
  const { holes } = machine;
  const { parameter, operation } = part;
  const text = showHoles(part.text, holes);
  const found = lookUp(parameter, place, machine, part);
  const unknown = { value: holes.of({ kind: 'unknown', name: text }), origins: found.origins };
  if (part.prefix !== undefined) return indirect(part, place, machine) ?? unknown;
  if (operation === undefined) return found;
  const change = (rule: (value: string) => string | null): Expanded => ({
    value: changeText(found.value, text, holes, rule),
    origins: found.origins,
  });
  switch (operation.type) {
    case 'Default': {
      const operand = machine.evaluateOne(operation.operand, place);
      const origins = [...found.origins, ...operand.origins];
      const { operator } = operation;
      if (operator.includes('?')) return found;
      if (/^:?[-=]$/.test(operator)) {
        noteSetting({ kind: 'default', name: parameter, word: operand, layers: place.layers }, machine);
      }
      if (operator.includes('+')) {
        if (found.isSet === true && found.value !== '' && !hasHole(found.value))
          return { value: operand.value, origins };
        if (found.isSet === true && found.value === '' && operator === ':+') return { value: '', origins };
        return { value: choiceOf([operand.value, ''], text, holes), origins };
      }
      const value = withDefault(found, operator, operand.value, text, machine);
      if (operator.includes('=')) {
        place.shell.variables.set(parameter, { list: null, value, span: operand.span, origins });
      }
      return { value, origins };
    }
    case 'Slice': {
      const offset = operation.offset.value.trim();
      const length = operation.length?.value.trim();
      if (!/^-?\d*$/.test(offset) || !/^-?\d*$/.test(length ?? '')) return unknown;
      return change((value) => sliceText(value, Number(offset), length === undefined ? null : Number(length), holes));
    }
    case 'Remove': {
      const pattern = machine.evaluateOne(operation.operand, place).value;
      return change((value) => removeAffix(value, operation.operator, pattern));
    }
    case 'Replace': {
      const pattern = globPattern(machine.evaluateOne(operation.pattern, place).value, true);
      const replacement = machine.evaluateOne(operation.replacement, place).value;
      return change((value) => {
        if (pattern === null || hasHole(value)) return null;
        return replaceAll(value, pattern, operation.operator, replacement);
      });
    }
    case 'CaseModification':
      return change((value) => {
        if (operation.operator === ',,') return value.toLowerCase();
        if (operation.operator === '^^') return value.toUpperCase();
        const first = value.slice(0, 1);
        return (operation.operator === ',' ? first.toLowerCase() : first.toUpperCase()) + value.slice(1);
      });
    default:
      return operation.type === 'Transform' ? found : unknown;
  }
};

const withDefault = (
  found: Expanded & { readonly isSet?: boolean },
  operator: string,
  fallback: string,
  name: string,
  { holes, takesDefaults }: Machine,
): string => {
  const counts = (value: string): boolean => value !== '' || !operator.includes(':');
  if (found.isSet !== true) return takesDefaults ? fallback : choiceOf([found.value, fallback], name, holes);
  const hole = found.value.length === 1 ? holes.get(found.value) : undefined;
  if (hole?.kind === 'choice') {
    return choiceOf(
      (hole.options ?? []).map((option) => (counts(option) ? option : fallback)),
      name,
      holes,
    );
  }
  // A value of which nothing is known may be empty; a commit, a run's number or the text around a hole is not.
  if (hole?.kind === 'unknown') return choiceOf([found.value, fallback], name, holes);
  return counts(found.value) ? found.value : fallback;
};

const replaceAll = (value: string, pattern: string, operator: string, replacement: string): string | null => {
  const source = operator === '/#' ? `^(?:${pattern})` : operator === '/%' ? `(?:${pattern})$` : pattern;
  if (source === '') return value;
  try {
    return value.replace(new RegExp(source, operator === '//' ? 'g' : ''), () => replacement);
  } catch {
    // A pattern that is none to JavaScript.
    return null;
  }
};

/** `${!NAME}`: the variable whose name is known. */
const indirect = (part: ParameterExpansionPart, place: Place, machine: Machine): Expanded | null => {
  if (part.prefix !== '!' || part.operation !== undefined || part.index !== undefined) return null;
  const { value, origins } = lookUp(part.parameter, place, machine, null);
  if (!/^[A-Za-z_]\w*$/.test(value)) return null;
  const found = lookUp(value, place, machine, null);
  return { value: found.value, origins: [...origins, ...found.origins] };
};
