/**
 * Text in which the runner finds no command, even if a checkout wrote it. It looks for `::` after the white space at the start of a
 * line, and for the older `##[…]` anywhere in it.
 */
export const neutralise = (text: string): string =>
  text.replaceAll(/^([\s\u0085]*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');

/** The same for a JSON document: its values stay the same. */
export const neutraliseJson = (json: string): string => json.replaceAll('##[', String.raw`#\u0023[`);

/** What prints text for people where these are the variables: in a GitHub job, the runner reads stdout and stderr. */
export const printableIn = (env: Readonly<Record<string, string | undefined>>): ((text: string) => string) =>
  env['GITHUB_ACTIONS'] === 'true' ? neutralise : (text) => text;
