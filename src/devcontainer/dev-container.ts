import type { Place } from '../core/check.ts';
import type { ComposeProject } from './compose-project.ts';

/** A mistake of syntax, e.g. a missing comma, at its place. */
export interface SyntaxMistake {
  readonly message: string;
  readonly place: Place;
}

/** One devcontainer.json of the checkout, read strictly: comments and trailing commas as the specification allows, nothing else. */
export interface DevContainer {
  /** Absolute. */
  readonly file: string;
  /** The text as it stands, for edits that keep comments. */
  readonly text: string;
  readonly mistakes: readonly SyntaxMistake[];
  /** What could be read of it, also where there are mistakes. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The place of a property, by path; its file's first line where it is not there. */
  placeOf(path: readonly (string | number)[]): Place;
  /** `dockerComposeFile` as absolute paths, existing or not; [] without. */
  readonly composeFiles: readonly string[];
  /** Those files, merged; null without `dockerComposeFile`. */
  readonly compose: ComposeProject | null;
  /** The name of the service the container is made from; null without compose. */
  readonly service: string | null;
}

/** `.devcontainer/devcontainer.json`, `.devcontainer.json`, else the first of `.devcontainer/<name>/devcontainer.json`; undefined: none. */
export const findDevContainer = async (_root: string): Promise<DevContainer | undefined> => undefined;
