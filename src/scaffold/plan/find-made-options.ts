import { recoverOptions } from '../template/recover-options.ts';
import type { OptionValues, Template } from '../template/template.ts';

/** The file that makes a checkout's dev container one of this template. */
export const DEV_CONTAINER = '.devcontainer/devcontainer.json';

/**
 * The options an earlier `init` made the files with, read from the files themselves: nothing is remembered beside them. null: there
 * are none, or the devcontainer.json does not hold what the template brings.
 */
export const findMadeOptions = (
  template: Template,
  texts: Readonly<Record<string, string | null>>,
): OptionValues | null => {
  const main = template.files.find(({ path }) => path === DEV_CONTAINER);
  const mainText = texts[DEV_CONTAINER] ?? null;
  const ofMain = main === undefined || mainText === null ? {} : recoverOptions(main, mainText);
  if (ofMain === undefined) return null;
  const made = template.files.reduce<OptionValues>((known, file) => {
    const text = texts[file.path] ?? null;
    return text === null ? known : (recoverOptions(file, text, known) ?? known);
  }, ofMain);
  return Object.keys(made).length === 0 ? null : made;
};
