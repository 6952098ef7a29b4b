import { createSupportsHyperlinks } from 'supports-hyperlinks';

import { hasShape, isText } from '../core/shape.ts';

export interface PageLinkOptions {
  /** What the text is written to. */
  readonly stream: { readonly isTTY?: boolean };
  /** Without colour there are no other escape sequences either. */
  readonly color: boolean;
}

/** Makes text a link (OSC 8) on a terminal that knows them; elsewhere it stays as it is. */
export const createLink = ({ stream, color }: PageLinkOptions): ((text: string, address: string) => string) =>
  color && createSupportsHyperlinks(stream)
    ? (text, address) => `\u001B]8;;${address}\u001B\\${text}\u001B]8;;\u001B\\`
    : (text) => text;

/** Where a page (`docs/rules/x.md`) is on the web, by what this package's manifest says. */
export interface PageAddresses {
  /** On the documentation site; null: there is none. */
  onSite(docs: string): string | null;
  /** The same, else the file of this version on the host of the repository; null: that is not known either. */
  onWeb(docs: string): string | null;
}

export const pageAddresses = (manifest: Readonly<Record<string, unknown>>): PageAddresses => {
  const { homepage, version } = manifest;
  const site = typeof homepage === 'string' && homepage.startsWith('https://') ? homepage.replace(/\/$/, '') : null;
  const onSite = (docs: string): string | null =>
    site === null ? null : `${site}/${docs.replace(/^docs\//, '').replace(/\.md$/, '')}`;
  const repository = repositoryOf(manifest);
  const folder = repository === null ? undefined : FILES[new URL(repository).hostname];
  return {
    onSite,
    onWeb: (docs) =>
      onSite(docs) ?? (folder === undefined ? null : `${repository}/${folder}/v${String(version)}/${docs}`),
  };
};

/** Where these hosts show the files of a tag. */
const FILES: Readonly<Record<string, string>> = {
  'github.com': 'blob',
  'gitlab.com': '-/blob',
  'bitbucket.org': 'src',
  'codeberg.org': 'src/tag',
};

/** https://docs.npmjs.com/cli/configuring-npm/package-json#repository */
const repositoryOf = ({ repository }: Readonly<Record<string, unknown>>): string | null => {
  const given: unknown = hasShape({ url: isText })(repository) ? repository.url : repository;
  if (!isText(given)) return null;
  const address = given
    .replace(/^git\+/, '')
    .replace(/^(?:github:)?(?=[\w.-]+\/[\w.-]+$)/, 'https://github.com/')
    .replace(/^gitlab:/, 'https://gitlab.com/')
    .replace(/^bitbucket:/, 'https://bitbucket.org/')
    .replace(/\.git$/, '');
  return address.startsWith('https://') && URL.canParse(address) ? address : null;
};
