import path from 'node:path';

/** A program that keeps interpreters which all projects of a user share. */
export interface VersionManager {
  readonly name: string;
  /** Holds a folder for each version. */
  readonly folder: string;
  /** The interpreters below the folder of a version, in the order in which they are tried. */
  readonly interpreters: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Where each of them keeps its interpreters, by its own variables; [] where nothing tells the user's home. */
export const versionManagers = (variables: Variables): readonly VersionManager[] => {
  const home = variables['HOME'];
  const data = variables['XDG_DATA_HOME'] ?? (home === undefined ? undefined : path.join(home, '.local/share'));
  const manager = (
    name: string,
    root: string | undefined,
    below: string,
    interpreters: readonly string[] = ['bin/python3', 'bin/python'],
  ): readonly VersionManager[] =>
    root === undefined || !path.isAbsolute(root) ? [] : [{ name, folder: path.join(root, below), interpreters }];
  const atHome = (folder: string): string | undefined => (home === undefined ? undefined : path.join(home, folder));
  const inData = (folder: string): string | undefined => (data === undefined ? undefined : path.join(data, folder));
  return [
    ...manager('pyenv', variables['PYENV_ROOT'] ?? atHome('.pyenv'), 'versions'),
    ...manager('asdf', variables['ASDF_DATA_DIR'] ?? atHome('.asdf'), 'installs/python'),
    ...manager('mise', variables['MISE_DATA_DIR'] ?? inData('mise'), 'installs/python'),
    ...manager('rye', variables['RYE_HOME'] ?? atHome('.rye'), 'py', ['bin/python3', 'install/bin/python3']),
    ...manager('uv', variables['UV_PYTHON_INSTALL_DIR'] ?? inData('uv/python'), '.'),
  ];
};
