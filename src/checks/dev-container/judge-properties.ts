import { closestName } from '../../config/closest-name.ts';
import type { Problem } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { moveJsonc } from '../../devcontainer/edit-jsonc.ts';
import {
  MOVED_PROPERTIES,
  NESTED_PROPERTIES,
  PROPERTIES,
  typeOf,
  variantOf,
  type JsonType,
  type PropertyRule,
} from '../../devcontainer/property-table.ts';

export type PropertyCode =
  | 'devcontainer-unknown-property'
  | 'devcontainer-misplaced-property'
  | 'devcontainer-property-type'
  | 'devcontainer-repeated-property'
  | 'devcontainer-ignored-property';

type PropertyProblem = Problem<PropertyCode>;
type Found = Pick<DevContainer, 'file' | 'name' | 'text' | 'properties' | 'repeated' | 'placeOf'>;

/** What the Dev Container specification does not know, or knows otherwise. */
export const judgeProperties = (found: Found): readonly PropertyProblem[] => [
  ...Object.entries(found.properties).flatMap(([name, value]) => judgeProperty(found, name, value)),
  ...found.repeated.map((path) => ({
    code: 'devcontainer-repeated-property' as const,
    message: `${found.name} gives ${path.join('.')} twice, and tools take the last one.`,
    remedy: { text: `Put both into one ${path.join('.')}.`, command: null },
    place: found.placeOf(path),
  })),
];

const judgeProperty = (found: Found, name: string, value: unknown): readonly PropertyProblem[] => {
  const rule = PROPERTIES[name];
  if (Object.hasOwn(MOVED_PROPERTIES, name)) return [misplaced(found, name)];
  if (rule === undefined || !Object.hasOwn(PROPERTIES, name)) return isNote(name) ? [] : [unknown(found, [name])];
  const wrong = wrongType(name, value, rule);
  if (wrong !== null) return [mistyped(found, wrong.path, wrong.text)];
  return [...judgeNested(found, name, value), ...judgeVariant(found, name, rule)];
};

/** Names that people give to comments and to what they switched off. */
const isNote = (name: string): boolean => /^(?:[_#]|\/\/|x-)/.test(name);

const unknown = (found: Found, path: readonly string[]): PropertyProblem => {
  const name = path.at(-1) ?? '';
  const parent = path.slice(0, -1);
  const candidates = parent.length === 0 ? Object.keys(PROPERTIES) : (NESTED_PROPERTIES[parent.join('.')] ?? []);
  const meant = closestName(name, candidates);
  const written = path.join('.');
  return {
    code: 'devcontainer-unknown-property',
    message: `${found.name} has a property ${written}, which the Dev Container specification does not know.`,
    remedy: {
      text: meant === undefined ? `Remove ${written}.` : `Write ${[...parent, meant].join('.')} for ${written}.`,
      command: null,
    },
    place: found.placeOf(path),
  };
};

const misplaced = (found: Found, name: string): PropertyProblem => {
  const to = MOVED_PROPERTIES[name] ?? [];
  const where = to.slice(0, -1).join('.');
  const canMove = moveJsonc(found.text, [name], to) !== found.text;
  return {
    code: 'devcontainer-misplaced-property',
    message: `${found.name} has ${name} at the top level, where only old versions of VS Code look for it.`,
    remedy: { text: `Move ${name} to ${where}.`, command: null },
    place: found.placeOf([name]),
    ...(canMove
      ? {
          fix: {
            by: 'edit',
            file: found.file,
            summary: `move ${name} to ${where}`,
            edit: (text) => moveJsonc(text ?? '', [name], to),
          },
        }
      : {}),
  };
};

const mistyped = (found: Found, path: readonly (string | number)[], text: string): PropertyProblem => ({
  code: 'devcontainer-property-type',
  message: `${found.name}: ${text}.`,
  remedy: { text: `Correct ${path.join('.')}.`, command: null },
  place: found.placeOf(path),
});

interface WrongType {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

const wrongType = (name: string, value: unknown, rule: PropertyRule): WrongType | null => {
  // What a variable stands for is not known here.
  if (typeof value === 'string' && value.includes('${')) return null;
  if (!rule.types.includes(typeOf(value))) return { path: [name], text: `${name} ${expected(rule.types, value)}` };
  if (rule.values !== undefined && !rule.values.includes(String(value))) {
    return { path: [name], text: `${name} must be one of ${rule.values.join(', ')}` };
  }
  const items = Object.entries(typeof value === 'object' ? (value ?? {}) : {});
  // The words of a command are always text, also where a table of commands may hold lists.
  const types = Array.isArray(value) && rule.types.includes('object') ? (['string'] as const) : rule.items;
  const wrong = items.find(([, item]) => types !== undefined && !types.includes(typeOf(item)));
  if (wrong === undefined || types === undefined) return null;
  const [key, item] = wrong;
  const path = [name, Array.isArray(value) ? Number(key) : key];
  return { path, text: `${path.join('.')} ${expected(types, item)}` };
};

const expected = (types: readonly JsonType[], value: unknown): string =>
  `must be ${types.map(withArticle).join(' or ')}, not ${withArticle(typeOf(value))}`;

const withArticle = (type: JsonType): string =>
  type === 'null' ? 'null' : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`;

const judgeNested = (found: Found, name: string, value: unknown): readonly PropertyProblem[] => {
  const known = NESTED_PROPERTIES[name];
  if (known === undefined || typeof value !== 'object' || value === null) return [];
  return Object.keys(value)
    .filter((key) => !known.includes(key) && !isNote(key))
    .map((key) => unknown(found, [name, key]));
};

const judgeVariant = (found: Found, name: string, { variants }: PropertyRule): readonly PropertyProblem[] => {
  const variant = variantOf(found.properties);
  if (variant === null || variants === undefined || variants.includes(variant)) return [];
  // An image beside a Dockerfile names what is built.
  if (name === 'image' && variant === 'dockerfile') return [];
  const from = { image: 'an image', dockerfile: 'a Dockerfile', compose: 'compose files' }[variant];
  return [
    {
      code: 'devcontainer-ignored-property',
      message: `${found.name} has ${name}, which has no effect for a container that is made from ${from}.`,
      remedy: { text: `Remove ${name}, or say the same in the ${ELSEWHERE[variant]}.`, command: null },
      place: found.placeOf([name]),
    },
  ];
};

const ELSEWHERE = { image: 'devcontainer.json', dockerfile: 'Dockerfile', compose: 'compose file' } as const;
