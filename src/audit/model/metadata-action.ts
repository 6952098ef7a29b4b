import type { Holes } from '../../shell/holes.ts';
import { withoutPadding } from '../../shell/holes.ts';

/** One line of `with.tags` of docker/metadata-action: `type=sha,format=long,prefix=`. */
interface TagRule {
  readonly type: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export interface MetadataInput {
  /** `with`, evaluated. */
  readonly images: string;
  readonly tags: string;
  readonly flavor: string;
  readonly isOfTag: boolean;
  /** Nothing that starts it is about a Git tag. */
  readonly isNeverOfTag: boolean;
  readonly isScheduled: boolean;
  readonly holes: Holes;
}

/** Lines of a list that is also split at nothing else; comments and empty lines left out. */
const linesOf = (text: string): readonly string[] =>
  withoutPadding(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** `a=b,"c=d,e"`: commas inside double quotes part nothing. */
const fieldsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:"[^"]*"|[^,"])+/g)].map(([field]) => field.trim().replaceAll('"', ''));

const parseRule = (line: string): TagRule => {
  const pairs = fieldsOf(line).map((field): readonly [string, string] => {
    const at = field.indexOf('=');
    return at < 0 ? ['value', field] : [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()];
  });
  const attributes = new Map(pairs);
  return { type: attributes.get('type') ?? 'raw', attributes };
};

/** As its documentation gives them: the set where no tags are asked for. */
const DEFAULT_RULES = ['type=schedule', 'type=ref,event=branch', 'type=ref,event=tag', 'type=ref,event=pr'].map(
  parseRule,
);

/** The first of the tags is the version: by these, the highest first. */
const PRIORITIES: Readonly<Record<string, number>> = {
  schedule: 1000,
  semver: 900,
  pep440: 900,
  match: 800,
  edge: 700,
  ref: 600,
  raw: 200,
  sha: 100,
};

/** `{{branch}}-{{sha}}` in a raw value or an affix. */
const fillTemplate = (text: string, holes: Holes): string =>
  text.replaceAll(/\{\{\s*([\w.]+)[^}]*\}\}/g, (_match, name: string) => {
    if (/^sha$|^commit_date$/.test(name)) return holes.of({ kind: 'commit', name: 'github.sha', length: 7 });
    if (/^branch$|^base_ref$/.test(name)) return holes.of({ kind: 'branch', name: 'github.ref_name' });
    if (/^(?:date|nowformat|run_id)$/i.test(name)) return holes.of({ kind: 'run', name });
    if (/^(?:tag|version|raw|major|minor|patch)$/.test(name))
      return holes.of({ kind: 'git-tag', name: 'github.ref_name' });
    return holes.of({ kind: 'unknown', name });
  });

const valueOf = ({ type, attributes }: TagRule, input: MetadataInput): string | null => {
  const { holes, isOfTag } = input;
  const tag = holes.of({ kind: 'git-tag', name: 'github.ref_name' });
  switch (type) {
    case 'sha': {
      const isLong = attributes.get('format') === 'long';
      return holes.of({ kind: 'commit', name: 'github.sha', ...(isLong ? {} : { length: 7 }) });
    }
    case 'semver':
    case 'pep440':
    case 'match':
      // A value of its own needs no tag.
      return input.isNeverOfTag && !attributes.has('value') ? null : tag;
    case 'ref':
      if (attributes.get('event') === 'tag') return isOfTag ? tag : null;
      if (attributes.get('event') === 'pr') return null;
      return isOfTag ? null : holes.of({ kind: 'branch', name: 'github.ref_name' });
    case 'schedule':
      return input.isScheduled ? fillTemplate(attributes.get('pattern') ?? 'nightly', holes) : null;
    case 'edge':
      return isOfTag ? null : 'edge';
    default:
      return fillTemplate(attributes.get('value') ?? '', holes);
  }
};

const affixOf = (
  rule: TagRule,
  name: 'prefix' | 'suffix',
  flavor: ReadonlyMap<string, string>,
  holes: Holes,
): string => {
  const ofType = name === 'prefix' && rule.type === 'sha' ? 'sha-' : undefined;
  return fillTemplate(rule.attributes.get(name) ?? flavor.get(name) ?? ofType ?? '', holes);
};

/** The tags of an image that the action gives out, the version's first. */
const tagsOf = (input: MetadataInput): readonly string[] => {
  const written = linesOf(input.tags).map(parseRule);
  const rules = written.length > 0 ? written : DEFAULT_RULES;
  const flavor = new Map(linesOf(input.flavor).flatMap((line) => [...parseRule(line).attributes]));
  const found = rules
    .filter(({ attributes }) => attributes.get('enable') !== 'false')
    .flatMap((rule) => {
      const value = valueOf(rule, input);
      if (value === null || value === '') return [];
      const tag = affixOf(rule, 'prefix', flavor, input.holes) + value + affixOf(rule, 'suffix', flavor, input.holes);
      return [
        { tag, type: rule.type, priority: Number(rule.attributes.get('priority') ?? PRIORITIES[rule.type] ?? 0) },
      ];
    })
    .sort((a, b) => b.priority - a.priority);
  const latest = flavor.get('latest') ?? 'auto';
  // By itself only for a Git tag, and if the version is one: `raw` and `sha` are none.
  const isReleased = input.isOfTag && /^(?:semver|pep440|match|ref)$/.test(found[0]?.type ?? '');
  const addsLatest = latest === 'true' || (latest === 'auto' && isReleased);
  return [...new Set([...found.map(({ tag }) => tag), ...(addsLatest ? ['latest'] : [])])];
};

/** The image names, `name=…,enable=…` forms too. */
const imagesOf = (text: string): readonly string[] =>
  linesOf(text).flatMap((line) => {
    if (!line.includes('=')) return line.split(',').map((image) => image.trim());
    const { attributes } = parseRule(line);
    return attributes.get('enable') === 'false' ? [] : [attributes.get('name') ?? attributes.get('value') ?? ''];
  });

/** The outputs of docker/metadata-action, found out without running it: `tags` one a line, `version`, `json` as unknown text. */
export const metadataOutputs = (input: MetadataInput): ReadonlyMap<string, string> => {
  const tags = tagsOf(input);
  const images = imagesOf(input.images).filter((image) => image !== '');
  const references = images.length === 0 ? tags : images.flatMap((image) => tags.map((tag) => `${image}:${tag}`));
  return new Map([
    ['tags', references.join('\n')],
    ['tag-names', tags.join('\n')],
    ['version', tags[0] ?? ''],
  ]);
};
