import path from 'node:path';

export interface Substitutions {
  readonly root: string;
  /** `workspaceFolder`, where it is known. */
  readonly workspaceFolder?: string;
}

/** Fills in what is known from the checkout; variables of the host and of the container stay as they are written. */
export const substitute = (text: string, { root, workspaceFolder }: Substitutions): string =>
  text
    .replaceAll('${localWorkspaceFolder}', root)
    .replaceAll('${localWorkspaceFolderBasename}', path.basename(root))
    .replaceAll(/\$\{containerWorkspaceFolder\}/g, (written) => workspaceFolder ?? written)
    .replaceAll(/\$\{containerWorkspaceFolderBasename\}/g, (written) =>
      workspaceFolder === undefined ? written : path.posix.basename(workspaceFolder),
    );

/** True where something is left that only the host or the container knows. */
export const hasVariables = (text: string): boolean => text.includes('${');
