import type { Span } from '../../../core/placed-text.ts';
import { shellWord } from '../../../core/shell-word.ts';
import type { Finding } from '../../look/finding.ts';
import { flagOf } from '../made-with.ts';
import type { ENVIRONMENTS, WorkflowOption } from '../workflow-options.ts';

export type Environment = (typeof ENVIRONMENTS)[number];

const OF_STAGE: Readonly<Record<string, Environment>> = {
  dev: 'dev',
  test: 'uat',
  qa: 'uat',
  uat: 'uat',
  staging: 'uat',
  preprod: 'uat',
  prod: 'prod',
};

/** Which of the three environments a stage is; null: none of them, or it is not known. */
export const environmentOf = (stage: string | null): Environment | null => OF_STAGE[stage ?? ''] ?? null;

/** What a workflow says about one option, at its place. */
export interface Said {
  readonly option: WorkflowOption;
  readonly value: string;
  readonly span: Span;
}

/** An option for which workflows say different values, each at the first place that says it. */
export interface Dispute {
  readonly option: WorkflowOption;
  readonly said: readonly Said[];
}

/** `.github/workflows/deploy.yml:12` */
export const showPlace = ({ file, line }: Pick<Span, 'file' | 'line'>): string => `${file}:${line}`;

/** One value of an option is taken, with its first place; of several none is. */
export const settle = (
  all: readonly Said[],
): { readonly found: Readonly<Record<string, Finding>>; readonly disputes: readonly Dispute[] } => {
  const found: Record<string, Finding> = {};
  const disputes: Dispute[] = [];
  for (const option of new Set(all.map((one) => one.option))) {
    const said = all.filter((one) => one.option === option);
    const different = said.filter(({ value }, at) => said.findIndex((one) => one.value === value) === at);
    const [first] = different;
    if (different.length > 1) disputes.push({ option, said: different });
    else if (first !== undefined) found[option] = { value: first.value, source: showPlace(first.span) };
  }
  return { found, disputes };
};

/** The sentence about a value that devsetup does not choose. `taken`: what is written instead. */
export const describeDispute = ({ option, said }: Dispute, taken: string): string => {
  const values = said.map(({ value, span }) => `${shellWord(value)} (${showPlace(span)})`);
  return `The workflows say ${values.slice(0, -1).join(', ')} and ${values.at(-1) ?? ''}, and devsetup does not choose between them: it writes ${shellWord(taken)} unless ${flagOf(option)} says another value.`;
};
