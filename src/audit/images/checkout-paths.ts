import { hasHole } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';

/** A path below a folder of the checkout; '' and null are its root. */
export const pathBelow = (directory: string | null, file: string): string => {
  const parts: string[] = [];
  for (const part of `${file.startsWith('/') ? '' : (directory ?? '')}/${file}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
};

/** Folders of servers that hold the folders of projects. */
const ABOVE_PROJECTS =
  /^(?:\/home\/[^/]+|\/var\/(?:www|lib)|\/usr\/(?:local|src)|\/mnt\/[^/]+|\/(?:srv|opt|root|data|www)|~)(?=\/|$)/;
/** Others at the root of a server are a project's own. */
const PROJECT = /^\/[^/]+(?=\/|$)/;

/** What a folder of a server may be in the checkout that was put there, the longest first: `/srv/shop/infra` is `infra`, else the root. */
const foldersElsewhere = (folder: string): readonly string[] => {
  const isOpen = hasHole(folder.slice(0, 1));
  const above = isOpen ? folder.slice(0, 1) : (ABOVE_PROJECTS.exec(folder) ?? PROJECT.exec(folder))?.[0];
  const isProject = isOpen || !ABOVE_PROJECTS.test(folder);
  const parts = pathBelow(null, folder.slice(above?.length ?? 0))
    .split('/')
    .filter((part) => part !== '');
  const tails = parts.map((_, index) => parts.slice(index).join('/')).slice(isProject ? 0 : 1);
  return [...tails.filter((tail) => !hasHole(tail)), ''];
};

/** The paths of the checkout that a command may mean by one it is given, the likeliest first. */
export const checkoutPaths = ({ directory, elsewhere, layers }: ShellCall, file: string): readonly string[] => {
  const isRemote = layers.some(({ kind }) => kind === 'remote');
  if (!isRemote) return [pathBelow(directory, file)];
  const isWhole = /^[/~]/.test(file) || hasHole(file.slice(0, 1));
  const slash = file.lastIndexOf('/');
  const [folder, name] = isWhole ? [file.slice(0, slash), file.slice(slash + 1)] : [elsewhere, file];
  return foldersElsewhere(folder).map((one) => pathBelow(one, name));
};
