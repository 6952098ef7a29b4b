import type { OptionValues, Template, TemplateFile } from './template.ts';

/** As the Dev Container CLI matches it. `${localWorkspaceFolder}`, `${{ … }}` and `${VARIABLE}` belong to other tools. */
export const PLACEHOLDER = /\$\{\s*templateOption:\s*(\w+?)\s*\}/g;

/** Fills in the options; one that does not exist gives nothing, as it does there. */
export const substituteOptions = (text: string, values: OptionValues): string =>
  text.replace(PLACEHOLDER, (_, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : ''));

/** The files that `devcontainer templates apply` would write; options without a value take their default. */
export const renderTemplate = (template: Template, values: OptionValues): readonly TemplateFile[] => {
  const all = withDefaults(template, values);
  return template.files.map(({ path, text }) => ({ path, text: substituteOptions(text, all) }));
};

export const withDefaults = (template: Template, values: OptionValues): OptionValues => ({
  ...Object.fromEntries(Object.entries(template.options).map(([name, option]) => [name, option.default])),
  ...values,
});
