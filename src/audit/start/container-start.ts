import { joinPlaced, placeInstead, slicePlaced, type PlacedText, type Span } from '../../core/placed-text.ts';
import type { Variable } from '../../shell/shell-run.ts';
import { textOf, textsOf } from '../../workflows/read/fields.ts';
import type { YamlValue } from '../../workflows/workflow.ts';

/** A command as a list of words, or as a text that a shell reads. */
export type Command =
  | { readonly form: 'words'; readonly words: readonly PlacedText[] }
  | { readonly form: 'text'; readonly text: PlacedText };

/** Files of the checkout in an image or a mounted folder. */
export interface Copied {
  /** In the checkout. */
  readonly from: string;
  /** In the container, absolute. */
  readonly to: string;
}

/** How an image starts, as its Dockerfile says. */
export interface ImageStart {
  readonly entrypoint: Command | null;
  readonly command: Command | null;
  readonly directory: string;
  readonly copied: readonly Copied[];
  readonly variables: ReadonlyMap<string, Variable>;
  /** Scripts of its build that write files. */
  readonly writing: readonly PlacedText[];
  /** The image that is not built in this file and may say more; null: everybody's, e.g. `python:3.12`. */
  readonly base: string | null;
  readonly span: Span;
}

/** What a deployment starts. */
export interface ContainerStart {
  /** `service web`, `init container migrate`, `Dockerfile` */
  readonly what: string;
  /** What is written next to the image; null: the image's own counts. */
  readonly entrypoint: Command | null;
  readonly command: Command | null;
  readonly mounted: readonly Copied[];
  readonly variables: ReadonlyMap<string, Variable>;
  /** The name of its image, as it is written; null: it is built, or not known. */
  readonly image: string | null;
  /** The Dockerfile that it is built from. */
  readonly build: { readonly file: string; readonly context: string; readonly target: string | null } | null;
  /** `kept`: it serves. `init`: it is run before each of those. `once`: it is run to its end, and others wait for that. */
  readonly kind: 'kept' | 'init' | 'once';
  /** Where it is declared. */
  readonly span: Span;
}

/** What a file starts that cannot be read. */
export const unknownStart = ({ file, span }: { readonly file: string; readonly span: Span }): ContainerStart => ({
  what: file,
  entrypoint: null,
  command: null,
  mounted: [],
  variables: new Map(),
  image: null,
  build: null,
  kind: 'kept',
  span,
});

/** A list of words, or one text. */
export const commandOf = (value: YamlValue | null, readText: (text: PlacedText) => PlacedText): Command | null => {
  if (value?.kind === 'list') return { form: 'words', words: textsOf(value).map(({ placed }) => readText(placed)) };
  const text = textOf(value);
  return text === null ? null : { form: 'text', text: readText(text.placed) };
};

/** Of a command, for comparison. */
export const shownCommand = (command: Command | null): string =>
  command === null
    ? ''
    : command.form === 'text'
      ? command.text.text
      : JSON.stringify(command.words.map(({ text }) => text));

const EMPTY: PlacedText = { text: '', segments: [] };

/** Words as a shell reads them unchanged. */
export const quoteWords = (words: readonly PlacedText[]): PlacedText =>
  joinPlaced(
    words.flatMap((word, index) => {
      const parts = word.text.split("'");
      let from = 0;
      const quoted = parts.flatMap((part, at) => {
        const inner = slicePlaced(word, from, from + part.length);
        from += part.length + 1;
        return [placeInstead(at === 0 ? "'" : `'\\''`, word), part === '' ? EMPTY : inner];
      });
      return [...(index === 0 ? [] : [placeInstead(' ', word)]), ...quoted, placeInstead("'", word)];
    }),
  );
