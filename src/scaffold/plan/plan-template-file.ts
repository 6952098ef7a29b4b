import type { PlannedFile } from '../planned-file.ts';
import { changeOptions } from '../template/recover-options.ts';
import { substituteOptions } from '../template/substitute-options.ts';
import type { OptionValues, TemplateFile } from '../template/template.ts';

export interface TemplateFileInput {
  readonly file: TemplateFile;
  /** What the checkout has at its place. */
  readonly before: string | null;
  /** The options the checkout's files were made with; null: they were not made from this template. */
  readonly made: OptionValues | null;
  readonly values: OptionValues;
}

/**
 * A file of the template. One that holds all lines the template brings, in their order, is devsetup's, whatever its owner added:
 * then only the lines that other options change are touched. Anything else is a conflict.
 */
export const planTemplateFile = ({ file, before, made, values }: TemplateFileInput): PlannedFile => {
  const { path } = file;
  const rendered = substituteOptions(file.text, values);
  if (before === null) return { path, action: 'create', before, after: rendered, reason: null };
  if (before === rendered) return { path, action: 'keep', before, after: before, reason: null };
  const changed = made === null ? undefined : changeOptions(file, before, made, values);
  if (changed === before) return { path, action: 'keep', before, after: before, reason: 'it has lines of your own' };
  if (changed !== undefined) return { path, action: 'update', before, after: changed, reason: 'other options' };
  return {
    path,
    action: 'conflict',
    before,
    after: rendered,
    reason: made === null ? 'devsetup did not write it' : 'lines of the template were changed or taken out of it',
  };
};
