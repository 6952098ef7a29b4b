import type { Finding } from '../look/finding.ts';
import type { OptionValues, TemplateOption } from '../template/template.ts';

/** The value of one option of the template, and where it is from. */
export interface Choice {
  readonly option: string;
  readonly value: string;
  /** null: nothing says, it is the template's default. */
  readonly source: string | null;
  readonly by: 'flag' | 'made' | 'found' | 'default';
}

export interface ChoiceSources {
  readonly template: { readonly options: Readonly<Record<string, TemplateOption>> };
  /** Of flags and answers. */
  readonly asked: OptionValues;
  /** The options the checkout's files were made with. */
  readonly made: OptionValues | null;
  readonly found: Readonly<Record<string, Finding>>;
  /** Where the options of the checkout's files were read; by default the dev container's. */
  readonly madeIn?: string;
}

/** Where manage.py is now decides, not where it was. */
const WHERE_IT_IS = 'backendFolder';

/** The flag, else the choice of an earlier `init`, else what the checkout says, else the template's default. */
export const chooseOptions = ({
  template,
  asked,
  made,
  found,
  madeIn = '.devcontainer',
}: ChoiceSources): readonly Choice[] =>
  Object.entries(template.options).map(([option, { default: fallback }]): Choice => {
    const flag = asked[option];
    if (flag !== undefined) return { option, value: flag, source: null, by: 'flag' };
    const finding = found[option];
    const earlier = made?.[option];
    if (earlier !== undefined && (option !== WHERE_IT_IS || finding === undefined))
      return { option, value: earlier, source: madeIn, by: 'made' };
    if (finding !== undefined) return { option, ...finding, by: 'found' };
    return { option, value: fallback, source: null, by: 'default' };
  });
