import { substituteOptions } from '../template/substitute-options.ts';
import type { OptionValues } from '../template/template.ts';

export interface TemplateFill {
  /** For `${templateOption:name}`. */
  readonly values: OptionValues;
  /** The names for which `# devsetup:if name` holds. */
  readonly conditions: ReadonlySet<string>;
  /** Lines for `# devsetup:insert name`, indented as that line is; []: nothing stands there. */
  readonly blocks: Readonly<Record<string, readonly string[]>>;
}

const DIRECTIVE = /^(?<indent>\s*)# devsetup:(?<word>if|end|insert|header)(?: (?<name>\w+))?$/;

/**
 * Fills in a template of this package. Its directives are comments on lines of their own, so that the template itself is valid YAML or
 * shell: `# devsetup:if name` … `# devsetup:end`, `# devsetup:insert name`, and `# devsetup:header`, which is kept for `stampFile`.
 */
export const fillTemplate = (text: string, { values, conditions, blocks }: TemplateFill): string => {
  const lines: string[] = [];
  // The innermost condition last.
  const holds: boolean[] = [];
  for (const line of text.split('\n')) {
    const { indent = '', word, name = '' } = DIRECTIVE.exec(line)?.groups ?? {};
    if (word === 'if') holds.push(conditions.has(name));
    else if (word === 'end') holds.pop();
    else if (holds.includes(false)) continue;
    else if (word === 'insert') lines.push(...known(blocks, name).map((one) => (one === '' ? '' : `${indent}${one}`)));
    else lines.push(substituteOptions(line, values));
  }
  return lines.join('\n');
};

const known = (blocks: TemplateFill['blocks'], name: string): readonly string[] => {
  const block = blocks[name];
  if (block === undefined) throw new Error(`the template asks for a block that is not there: ${name}`);
  return block;
};
