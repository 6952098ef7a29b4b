import type { ShellCall } from '../../shell/shell-run.ts';
import type { Audit, AuditedStep } from '../pipeline.ts';
import { readScriptArguments } from './from-arguments.ts';
import { readCloud } from './from-cloud.ts';
import { readComposeCall } from './from-compose.ts';
import { readDocker } from './from-docker.ts';
import { readEdit } from './from-edits.ts';
import { readKubernetes } from './from-kubernetes.ts';
import { readRegistryTool } from './from-registry-tools.ts';
import { assignmentsOf, mentionOfVariable, readsEnvironment, valuesOfVariables } from './from-variables.ts';
import type { Mention } from './mention.ts';
import { partOfWord, slicePart, type Part } from './part.ts';

export type Surroundings = Pick<Audit, 'holes' | 'readFile'>;

const programOf = (name: string): string => (name.split('/').at(-1) ?? name).replace(/\.exe$/, '');

/** What a command hands to programs that read their environment: its prefix, and what was exported before it. */
const variableMentions = (
  program: string,
  parts: readonly Part[],
  exported: ReadonlyMap<string, Part>,
): readonly Mention[] =>
  readsEnvironment(program, parts) ? [...exported].flatMap(([name, value]) => mentionOfVariable(name, value)) : [];

/** `IMAGE_TAG=latest docker compose up`: the variable's own place. */
const prefixMentions = ({ prefix, span }: ShellCall): readonly Mention[] =>
  [...prefix].flatMap(([name, variable]) => {
    const text = `${name}=${variable.value}`;
    const whole = variable.span ?? span;
    const part: Part = { value: text, placed: { text, segments: [] }, whole, start: 0, end: text.length, origins: [] };
    return mentionOfVariable(name, slicePart(part, name.length + 1));
  });

/** Arguments given as one unknown, e.g. `$DOCKER_OPTS`: they are no image. */
const isArguments = ({ value }: Part, { holes }: Surroundings): boolean =>
  value.length === 1 && /OPT|ARG|FLAG|PARAM/i.test(holes.get(value)?.name ?? '');

/** What the commands of a step say of images, in the order they are run. */
export const mentionsOfCalls = (
  step: AuditedStep,
  around: Surroundings,
): readonly (Mention & { readonly call: ShellCall })[] => {
  const exported = new Map<string, Part>();
  return step.calls.flatMap((call) => {
    const [head, ...all] = call.words.map(partOfWord);
    if (head === undefined) return [];
    const parts = all.filter((part) => !isArguments(part, around));
    const program = programOf(head.value);
    if (program === 'export') for (const { name, value } of assignmentsOf(parts)) exported.set(name, value);
    const isRemote = call.layers.some(({ kind }) => kind === 'remote');
    const variables = new Map([
      ...(isRemote ? [] : valuesOfVariables(step.environment)),
      ...[...exported].map(([name, { value }]) => [name, value] as const),
      ...valuesOfVariables(call.prefix),
    ]);
    const compose = readComposeCall(program, parts, call, { ...around, variables });
    const found = [
      ...readDocker(program, parts),
      ...readRegistryTool(program, parts),
      ...readKubernetes(program, parts),
      ...readCloud(program, parts),
      ...readEdit(program, parts),
      ...compose,
      ...readScriptArguments(program, head.value, parts),
      // With the compose file at hand its own references are the better evidence.
      ...(compose.length > 0 ? [] : variableMentions(program, parts, exported)),
      ...(compose.length > 0 || !readsEnvironment(program, parts) ? [] : prefixMentions(call)),
    ];
    return found.map((mention) => ({ ...mention, call }));
  });
};
