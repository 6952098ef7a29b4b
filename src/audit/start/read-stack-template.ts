import { createSource, offsetsOf, type SourceFile } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { entriesOf, fieldOf, spanOfValue, textAt, textOf } from '../../workflows/read/fields.ts';
import type { YamlValue } from '../../workflows/workflow.ts';
import { partOfWord } from '../images/part.ts';
import { readOptions, valuesOf } from '../images/read-options.ts';
import { readDocuments } from '../model/yaml-documents.ts';
import type { AuditedStep } from '../pipeline.ts';
import { unknownStart, type ContainerStart } from './container-start.ts';
import { joinPath } from './join-path.ts';
import { containerOf, type ContainerNames } from './read-workloads.ts';

const NAMES: ContainerNames = {
  name: 'Name',
  image: 'Image',
  value: 'Value',
  entrypoint: 'EntryPoint',
  command: 'Command',
  variables: 'Environment',
};

/** The containers that services of ECS keep running by a template of CloudFormation. */
export const readStackTemplate = (file: string, text: string): readonly ContainerStart[] => {
  if (!text.includes('AWS::ECS::Service')) return [];
  const source = createSource(file, withoutPrivateUse(text));
  return readDocuments(file, text).flatMap((root) => {
    const resources = [...entriesOf(fieldOf(root, 'Resources')).values()];
    const ofType = (type: string): typeof resources =>
      resources.filter(({ value }) => textAt(value, 'Type')?.value === `AWS::ECS::${type}`);
    // A task that no service runs may be run once.
    const kept = new Set(
      ofType('Service').flatMap(
        ({ value }) => referredTo(fieldOf(fieldOf(value, 'Properties'), 'TaskDefinition')) ?? [],
      ),
    );
    return ofType('TaskDefinition')
      .filter(({ key }) => kept.has(key))
      .flatMap(({ value }) => itemsOf(fieldOf(fieldOf(value, 'Properties'), 'ContainerDefinitions')))
      .flatMap((one) => containerIn(one, source));
  });
};

const itemsOf = (value: YamlValue | null): readonly YamlValue[] => (value?.kind === 'list' ? value.items : []);

/** `!Ref Task`, `Ref: Task` */
const referredTo = (value: YamlValue | null): string | null =>
  textOf(value)?.value ?? textAt(value, 'Ref')?.value ?? null;

const containerIn = (value: YamlValue, source: SourceFile): readonly ContainerStart[] =>
  containerOf(value, 'kept', NAMES).map((start) => {
    // What CloudFormation fills in is not known.
    const image = isPlain(fieldOf(value, NAMES.image), source) ? start.image : '$image';
    return isPlain(fieldOf(value, NAMES.entrypoint), source) && isPlain(fieldOf(value, NAMES.command), source)
      ? { ...start, image }
      : { ...unknownStart({ file: start.what, span: start.span }), image };
  });

/** `!Ref X`, `!If [A, B, C]`; what `!Sub` fills in is a part of a text. */
const FUNCTION = /!(?!Sub\b)[\w:]+\s+$/;

/** Nothing but texts, and no function in the place of one. */
const isPlain = (value: YamlValue | null, source: SourceFile): boolean => {
  if (value === null) return true;
  const { start } = offsetsOf(source, spanOfValue(value));
  if (value.kind === 'map' || FUNCTION.test(source.text.slice(Math.max(0, start - 40), start))) return false;
  return value.kind === 'scalar' || value.items.every((item) => item.kind === 'scalar' && isPlain(item, source));
};

/** The templates of the checkout that a step makes a stack of. */
export const templatesOf = ({ action, with: given, calls }: AuditedStep): readonly string[] => {
  const ofAction =
    action === 'aws-actions/aws-cloudformation-github-deploy' ? (given.get('template')?.value ?? '') : '';
  const file = joinPath('', ofAction);
  return [...(file === null || file === '' ? [] : [file]), ...calls.flatMap(templatesOfCall)];
};

const WITH_VALUE = new Set('-t --template --template-file --template-body --stack-name'.split(' '));

/** `aws cloudformation deploy --template-file FILE`, `aws cloudformation update-stack --template-body file://FILE`, `sam deploy -t FILE` */
const templatesOfCall = ({ words, directory }: ShellCall): readonly string[] => {
  const [program, group, verb] = words.map(({ value }) => value);
  const isStack =
    program === 'aws' &&
    group === 'cloudformation' &&
    /^(?:deploy|create-stack|update-stack|create-change-set)$/.test(verb ?? '');
  if (!isStack && !(program === 'sam' && group === 'deploy')) return [];
  const options = readOptions(words.slice(1).map(partOfWord), WITH_VALUE);
  return valuesOf(options, '-t', '--template', '--template-file', '--template-body').flatMap(({ value }) => {
    const file = directory === null ? null : joinPath(directory, value.replace(/^file:\/\//, ''));
    return file === null ? [] : [file];
  });
};
