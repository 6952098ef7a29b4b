import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { createLink, pageAddresses, type PageAddresses, type PageLinkOptions } from '../ui/page-link.ts';
import { packageFile, readManifest } from '../version.ts';

/** A file of the checkout, given relative to its root, as a terminal makes it clickable: from where the user is, as short as it goes. */
export const fileFrom = (cwd: string, root: string, file: string): string => shorter(cwd, path.resolve(root, file));

/** Pages of findings and rules as they are printed: on the documentation site where there is one, else in the package. */
export const pagesFrom = (
  cwd: string,
  options: PageLinkOptions,
  { onSite }: Pick<PageAddresses, 'onSite'> = pageAddresses(readManifest()),
): ((docs: string) => string) => {
  const link = createLink(options);
  return (docs) => {
    const file = packageFile(docs);
    const address = onSite(docs);
    return address === null ? link(shorter(cwd, file), pathToFileURL(file).href) : link(address, address);
  };
};

const shorter = (from: string, to: string): string => {
  const relative = path.relative(from, to);
  return relative.length < to.length ? relative || '.' : to;
};
