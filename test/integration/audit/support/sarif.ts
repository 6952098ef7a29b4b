/**
 * What a log breaks of SARIF 2.1.0 (OASIS, section 3): the properties that are required, and that regions, levels and addresses have
 * the form they must. Written from the standard; unknown properties are told, too.
 */
export const sarifViolations = (log: unknown): readonly string[] => check(log, LOG, 'log');

type Rule =
  | 'string'
  | 'uri'
  | 'absolute-uri'
  | 'positive'
  | 'index'
  | { readonly one: readonly unknown[] }
  | { readonly list: Shape | Rule }
  | { readonly map: Shape | Rule }
  | Shape;

interface Shape {
  readonly required: Readonly<Record<string, Rule>>;
  readonly optional?: Readonly<Record<string, Rule>>;
}

const isShape = (rule: Rule): rule is Shape => typeof rule === 'object' && 'required' in rule;

const LEVEL: Rule = { one: ['none', 'note', 'warning', 'error'] };
const MESSAGE: Shape = { required: { text: 'string' }, optional: { markdown: 'string' } };
const ARTIFACT: Shape = { required: { uri: 'uri' }, optional: { uriBaseId: 'string' } };
const REGION: Shape = {
  required: { startLine: 'positive' },
  optional: { startColumn: 'positive', endLine: 'positive', endColumn: 'positive' },
};
const PHYSICAL: Shape = { required: { artifactLocation: ARTIFACT }, optional: { region: REGION } };
const RESULT: Shape = {
  required: {
    ruleId: 'string',
    ruleIndex: 'index',
    level: LEVEL,
    message: MESSAGE,
    locations: { list: { required: { physicalLocation: PHYSICAL } } },
  },
  optional: {
    relatedLocations: {
      list: { required: { physicalLocation: PHYSICAL }, optional: { id: 'index', message: MESSAGE } },
    },
    partialFingerprints: { map: 'string' },
    suppressions: {
      list: { required: { kind: { one: ['inSource', 'external'] } }, optional: { justification: 'string' } },
    },
    fixes: {
      list: {
        required: {
          artifactChanges: {
            list: {
              required: {
                artifactLocation: ARTIFACT,
                replacements: {
                  list: {
                    required: { deletedRegion: REGION },
                    optional: { insertedContent: { required: { text: 'string' } } },
                  },
                },
              },
            },
          },
        },
        optional: { description: MESSAGE },
      },
    },
  },
};
const DESCRIPTOR: Shape = {
  required: { id: 'string' },
  optional: {
    name: 'string',
    shortDescription: MESSAGE,
    help: MESSAGE,
    helpUri: 'absolute-uri',
    defaultConfiguration: { required: { level: LEVEL } },
  },
};
const DRIVER: Shape = {
  required: { name: 'string' },
  optional: { semanticVersion: 'string', informationUri: 'absolute-uri', rules: { list: DESCRIPTOR } },
};
const RUN: Shape = {
  required: { tool: { required: { driver: DRIVER } } },
  optional: {
    columnKind: { one: ['utf16CodeUnits', 'unicodeCodePoints'] },
    originalUriBaseIds: { map: { required: {}, optional: { uri: 'absolute-uri', description: MESSAGE } } },
    results: { list: RESULT },
  },
};
const LOG: Shape = {
  required: { version: { one: ['2.1.0'] }, runs: { list: RUN } },
  optional: { $schema: 'absolute-uri' },
};

const check = (value: unknown, rule: Rule, path: string): readonly string[] => {
  if (typeof rule === 'string') return SCALARS[rule](value) ? [] : [`${path} is no ${rule}: ${JSON.stringify(value)}`];
  if (isShape(rule)) return checkShape(value, rule, path);
  if ('one' in rule) return rule.one.includes(value) ? [] : [`${path} is none of ${rule.one.join(', ')}`];
  if ('list' in rule) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item: unknown, index) => check(item, rule.list, `${path}[${index}]`));
  }
  return Object.entries(value as object).flatMap(([key, item]) => check(item, rule.map, `${path}.${key}`));
};

const checkShape = (value: unknown, { required, optional = {} }: Shape, path: string): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [`${path} is no object`];
  const known = { ...required, ...optional };
  return [
    ...Object.keys(required).flatMap((key) => (key in value ? [] : [`${path} lacks ${key}`])),
    ...Object.entries(value).flatMap(([key, item]) => {
      const rule = known[key];
      return rule === undefined ? [`${path} has ${key}`] : check(item, rule, `${path}.${key}`);
    }),
  ];
};

const isAbsolute = (value: string): boolean => {
  try {
    return new URL(value).href !== '';
  } catch {
    // The constructor takes nothing else.
    return false;
  }
};

const SCALARS: Readonly<Record<Extract<Rule, string>, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string' && value !== '',
  uri: (value) => typeof value === 'string' && !/[\s"<>\\^`{|}]/.test(value),
  'absolute-uri': (value) => typeof value === 'string' && isAbsolute(value),
  positive: (value) => Number.isInteger(value) && (value as number) > 0,
  index: (value) => Number.isInteger(value) && (value as number) >= 0,
};
