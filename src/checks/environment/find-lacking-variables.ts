import { isPlaceholder } from '../../config/is-placeholder.ts';
import type { VariableLine } from '../../config/read-env-lines.ts';
import type { SettingsScan } from './settings/scan-settings.ts';

export interface LackingFacts {
  /** Of the sample, without those that are commented out. */
  readonly sample: ReadonlyMap<string, VariableLine>;
  /** Set anywhere: in an env file, by the process, perhaps by compose. */
  readonly isSet: (name: string) => boolean;
  readonly scan: Pick<SettingsScan, 'lookups' | 'handled'> | null;
  /** What Django looked up in vain; null where it did not start. */
  readonly unset: ReadonlySet<string> | null;
  /** Variables that compose files take from `.env` and have no default for. */
  readonly interpolated: ReadonlyMap<string, string>;
  /** Reported by another check already. */
  readonly reported: ReadonlySet<string>;
}

export interface LackingVariable {
  readonly name: string;
  /** Who asks: a file of the settings with its line, or a compose file. */
  readonly asker: { readonly file: string; readonly line: number | null };
  /** The sample's value can be taken over as it is: no placeholder, and not the address of something. */
  readonly isUsable: boolean;
  /** Without it something fails or runs with an empty value; otherwise it is None, which may be meant. */
  readonly isNeeded: boolean;
}

/**
 * Variables of the sample that nobody sets although somebody asks for them, and has no default. A sample lists much that most people
 * never set; what nobody asks for, or what the code can do without on purpose, is no finding.
 */
export const findLackingVariables = (facts: LackingFacts): readonly LackingVariable[] =>
  [...facts.sample.values()].flatMap(({ name, value }): readonly LackingVariable[] => {
    if (value === '' || facts.isSet(name) || facts.reported.has(name)) return [];
    const isUsable = !isPlaceholder(value) && !value.includes('://');
    const compose = facts.interpolated.get(name);
    if (compose !== undefined) return [{ name, asker: { file: compose, line: null }, isUsable, isNeeded: true }];
    const { scan, unset } = facts;
    if (scan === null || scan.handled.has(name) || (unset !== null && !unset.has(name))) return [];
    const lookups = scan.lookups.filter((lookup) => lookup.name === name);
    if (lookups.some(({ otherwise }) => otherwise === 'default' || otherwise === 'optional')) return [];
    // Where Django has not said what it looks up, only what is looked up in any case counts.
    const asker = lookups.find(({ always }) => always || unset !== null);
    if (asker === undefined) return [];
    const isNeeded = asker.otherwise === 'raises' || isUsable;
    return [{ name, asker: { file: asker.file, line: asker.line }, isUsable, isNeeded }];
  });

const REFERENCE = /(?<!\$)\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** `${NAME}` and `$NAME` of a compose file; those with a default or a message of their own left out. */
export const findInterpolated = (text: string): readonly string[] =>
  [...text.replaceAll(/(^|\s)#.*$/gm, '').matchAll(REFERENCE)].flatMap(([, braced, plain]) => braced ?? plain ?? []);
