import { PLACEHOLDER, substituteOptions } from './substitute-options.ts';
import type { OptionValues, TemplateFile } from './template.ts';

/**
 * The options a file was made with, read from the file itself; undefined: it was not made from this template, or it does not hold all
 * lines of the template in their order any more. Lines of its owner may stand between them. `known`: what other files show already.
 */
export const recoverOptions = (
  template: TemplateFile,
  text: string,
  known: OptionValues = {},
): OptionValues | undefined => {
  const lines = linesOf(text);
  const values: Record<string, string> = { ...known };
  let next = 0;
  for (const line of linesOf(template.text)) {
    const pattern = patternOf(line, values);
    const at = lines.findIndex((candidate, index) => index >= next && pattern.expression.test(candidate));
    if (at === -1) return undefined;
    const found = pattern.expression.exec(lines[at] ?? '') ?? [];
    for (const [index, name] of pattern.names.entries()) values[name] = found[index + 1] ?? '';
    next = at + 1;
  }
  return values;
};

/** What stands in quotes, or before the end of a line. */
const VALUE = '([^\'"${}]*?)';

/** What a line of the template may have become; `names`: the options its groups stand for. */
const patternOf = (
  line: string,
  known: OptionValues,
): { readonly expression: RegExp; readonly names: readonly string[] } => {
  const names: string[] = [];
  // Splitting by an expression with a group gives text and group in turn.
  const parts = line.split(PLACEHOLDER).map((part, index) => {
    if (index % 2 === 0) return escape(part);
    const value = known[part];
    if (value !== undefined) return escape(value);
    const earlier = names.indexOf(part);
    if (earlier !== -1) return `\\${earlier + 1}`;
    names.push(part);
    return VALUE;
  });
  return { expression: new RegExp(`^${parts.join('')}$`), names };
};

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * The file as it should be with other options: lines the template brought change, lines of its owner stay where they are.
 * undefined: it does not hold all lines of the template in their order any more.
 */
export const changeOptions = (
  template: TemplateFile,
  text: string,
  from: OptionValues,
  to: OptionValues,
): string | undefined => {
  const before = linesOf(substituteOptions(template.text, from));
  const after = linesOf(substituteOptions(template.text, to));
  let next = 0;
  const changed = linesOf(text).map((line) => {
    if (next >= before.length || line !== before[next]) return line;
    next += 1;
    return after[next - 1] ?? '';
  });
  return next === before.length ? changed.join('\n') : undefined;
};

const linesOf = (text: string): readonly string[] => text.split('\n');
