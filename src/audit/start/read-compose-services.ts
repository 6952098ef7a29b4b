import { placeInstead, joinPlaced, slicePlaced, type PlacedText, type Span } from '../../core/placed-text.ts';
import type { Variable } from '../../shell/shell-run.ts';
import { entriesOf, fieldOf, textAt, textsOf } from '../../workflows/read/fields.ts';
import type { YamlValue } from '../../workflows/workflow.ts';
import { commandOf, type Command, type ContainerStart, type Copied } from './container-start.ts';
import { folderOf, joinPath } from './join-path.ts';
import { readDocuments } from '../model/yaml-documents.ts';

export interface ComposeService {
  readonly name: string;
  /** It starts only where one of them is asked for. */
  readonly profiles: readonly string[];
  /** Services that are started with it. */
  readonly needs: readonly string[];
  /** The service that it adds to; the file: null is its own. */
  readonly base: { readonly service: string; readonly file: string | null } | null;
  /** Paths of the checkout, later ones count first. */
  readonly envFiles: readonly string[];
  readonly start: ContainerStart;
}

export interface ComposeContent {
  readonly services: readonly ComposeService[];
  /** Files whose services belong to it, with their places. */
  readonly included: readonly { readonly file: string; readonly span: Span }[];
}

/** The services of a compose file, with how they start. `folder`: what its paths are relative to. */
export const readComposeServices = (file: string, text: string, folder = folderOf(file)): ComposeContent => {
  const [root = null] = readDocuments(file, text);
  const services = [...entriesOf(fieldOf(root, 'services')).values()];
  // Others wait until it has ended: it is run once.
  const waitedFor = new Set(
    services.flatMap(({ value }) =>
      [...entriesOf(fieldOf(value, 'depends_on')).values()].flatMap((one) =>
        textAt(one.value, 'condition')?.value === 'service_completed_successfully' ? [one.key] : [],
      ),
    ),
  );
  const included = itemsOf(fieldOf(root, 'include')).flatMap((item) =>
    (item.kind === 'scalar' ? textsOf(item) : textsOf(fieldOf(item, 'path'))).flatMap(({ value, span }) => {
      const path = joinPath(folder, value);
      return path === null ? [] : [{ file: path, span }];
    }),
  );
  const found = services.map(({ key, keySpan, value }): ComposeService => {
    const restart = textAt(value, 'restart')?.value ?? null;
    return {
      name: key,
      profiles: textsOf(fieldOf(value, 'profiles')).map((one) => one.value),
      needs: namesIn(fieldOf(value, 'depends_on')),
      base: baseOf(fieldOf(value, 'extends'), folder),
      envFiles: envFilesOf(fieldOf(value, 'env_file'), folder),
      start: {
        what: `service ${key}`,
        entrypoint: readCommand(fieldOf(value, 'entrypoint')),
        command: readCommand(fieldOf(value, 'command')),
        mounted: mountsOf(value, folder),
        variables: variablesOf(fieldOf(value, 'environment')),
        image: textAt(value, 'image')?.value ?? null,
        build: buildOf(fieldOf(value, 'build'), folder),
        kind:
          waitedFor.has(key) || (/migrat/i.test(key) && (restart === null || /^(?:no|on-failure)/.test(restart)))
            ? 'once'
            : 'kept',
        span: keySpan,
      },
    };
  });
  return { services: found, included };
};

const itemsOf = (value: YamlValue | null): readonly YamlValue[] => (value?.kind === 'list' ? value.items : []);

/** A list of names, or a mapping by them. */
const namesIn = (value: YamlValue | null): readonly string[] =>
  value?.kind === 'map' ? [...value.entries.keys()] : textsOf(value).map((one) => one.value);

const baseOf = (value: YamlValue | null, folder: string): ComposeService['base'] => {
  if (value === null) return null;
  if (value.kind === 'scalar') return { service: value.scalar.value, file: null };
  const file = textAt(value, 'file')?.value ?? null;
  const service = textAt(value, 'service')?.value;
  return service === undefined ? null : { service, file: file === null ? null : joinPath(folder, file) };
};

const envFilesOf = (value: YamlValue | null, folder: string): readonly string[] =>
  (value?.kind === 'list' ? value.items : value === null ? [] : [value]).flatMap((item) => {
    const written = item.kind === 'scalar' ? item.scalar.value : textAt(item, 'path')?.value;
    return (written === undefined ? null : joinPath(folder, written)) ?? [];
  });

/** `$$NAME` reaches the shell as `$NAME`. */
const unescapeDollars = (text: PlacedText): PlacedText => {
  if (!text.text.includes('$$')) return text;
  const parts: PlacedText[] = [];
  let from = 0;
  for (const { index } of text.text.matchAll(/\$\$/g)) {
    parts.push(slicePlaced(text, from, index), placeInstead('$', slicePlaced(text, index, index + 2)));
    from = index + 2;
  }
  return joinPlaced([...parts, slicePlaced(text, from)]);
};

const readCommand = (value: YamlValue | null): Command | null => {
  const command = commandOf(value, unescapeDollars);
  return command?.form === 'text' ? { form: 'text', text: joinLines(command.text) } : command;
};

/** YAML makes a blank of a line's end. Compose drops a backslash before it, within double quotes, too: a shell would keep that there. */
const joinLines = (text: PlacedText): PlacedText => {
  const parts: PlacedText[] = [];
  let from = 0;
  let quote = '';
  for (let at = 0; at < text.text.length; at += 1) {
    const character = text.text[at] ?? '';
    if (character === '\\' && quote !== "'") {
      if (quote === '"' && /\s/.test(text.text[at + 1] ?? '')) {
        parts.push(slicePlaced(text, from, at));
        from = at + 1;
      }
      at += 1;
    } else if (quote === '') quote = /["']/.test(character) ? character : '';
    else if (character === quote) quote = '';
  }
  return parts.length === 0 ? text : joinPlaced([...parts, slicePlaced(text, from)]);
};

const mountsOf = (service: YamlValue, folder: string): readonly Copied[] => {
  const volumes = fieldOf(service, 'volumes');
  if (volumes?.kind !== 'list') return [];
  return volumes.items.flatMap((item) => {
    const [from, to] =
      item.kind === 'scalar'
        ? item.scalar.value.split(':')
        : [textAt(item, 'source')?.value, textAt(item, 'target')?.value];
    const path = from !== undefined && from.startsWith('.') ? joinPath(folder, from) : null;
    return path === null || to === undefined ? [] : [{ from: path, to }];
  });
};

const variablesOf = (environment: YamlValue | null): ReadonlyMap<string, Variable> => {
  const pairs: (readonly [string, string | null, Variable['span']])[] =
    environment?.kind === 'list'
      ? textsOf(environment).map(({ value, span }) => {
          const at = value.indexOf('=');
          return at < 0 ? [value, null, span] : [value.slice(0, at), value.slice(at + 1), span];
        })
      : [...entriesOf(environment).values()].map(({ key, keySpan, value }) => [
          key,
          value.kind === 'scalar' && value.scalar.value !== '' ? value.scalar.value : null,
          keySpan,
        ]);
  // What compose fills in is not known.
  return new Map(
    pairs.flatMap(([name, value, span]) => (value === null || value.includes('$') ? [] : [[name, { value, span }]])),
  );
};

const buildOf = (value: YamlValue | null, folder: string): ContainerStart['build'] => {
  if (value === null) return null;
  const written = value.kind === 'scalar' ? value.scalar.value : (textAt(value, 'context')?.value ?? '.');
  const context = joinPath(folder, written);
  if (context === null) return null;
  const file = joinPath(context, textAt(value, 'dockerfile')?.value ?? 'Dockerfile');
  return file === null ? null : { file, context, target: textAt(value, 'target')?.value ?? null };
};
