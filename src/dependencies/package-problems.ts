import { findMissingLibrary, libraryAdvice } from '../core/system-libraries.ts';
import { isPython, LOGIN, manifest, RELOCK, type Installer } from './installer-commands.ts';
import { nameAlone, named, type KnownProblem } from './known-problem.ts';

/** What these tools say in the same words. */
const SILENT_ABOUT_MORE: Readonly<Partial<Record<Installer, string>>> = {
  pip: ' pip says the same of a package that has no file for this Python and this system.',
  pdm: ' PDM says the same of a registry that cannot be reached, or that refuses.',
  pipenv:
    ' Pipenv says the same of a registry that cannot be reached, of a certificate that is not trusted, and of a package that has no file for this Python: `pipenv lock --verbose` shows more.',
};

/** Of single packages: their versions, their files and their builds. */
export const PACKAGE_PROBLEMS: readonly KnownProblem[] = [
  {
    code: 'PYTHON_UNSUITABLE',
    wordings: [
      /current Python version \([^)]+\) does not satisfy (Python\S+)/i,
      /Current Python version \([^)]+\) is not allowed by the project \(([^)]+)\)/i,
      /which is incompatible with the project's Python requirement: `([^`]+)`/,
      /requested Python version \([^)]*\) does not satisfy (Python\S+)/i,
      /don't work on all Python versions in the range[^\n]*\n\s+python(\S+)/,
      /Can't resolve python interpreter/,
      /No interpreter found for (Python [^\n]+?) in /,
      /requires-python[^\n]*(?:incompatible|not compatible|doesn't match)/i,
      /Requires-Python ([^;\n]+)/,
      /requires a different Python: [^\n]*?not in '([^']+)'/,
      /Python ([\d.]+) was not found/,
      /requires Python (\S+), so it will not be/i,
      /doesn't satisfy requires-python ([^\n]+)/i,
      /Your Pipfile requires "?python_(?:full_)?version"? ?"?([\d.]+)/i,
    ],
    message: ({ what }) => `The packages need another Python${what === undefined ? '' : ` (${what.trim()})`}.`,
    hint: () =>
      'Name a Python that fits in `backend.python` of the configuration, or install one (`pyenv install VERSION`, or the image of the dev container), then run devsetup again. If `requires-python` or the version of one package is what is wrong, correct that.',
  },
  {
    code: 'NODE_UNSUITABLE',
    wordings: [
      /EBADENGINE[^]*?Required: ({[^\n]*})/,
      /The engine "node" is incompatible[^\n]*Expected version "([^"]+)"/,
      /ERR_PNPM_UNSUPPORTED_ENGINE[^]*?Expected version: ([^\n]+)/,
      /EBADDEVENGINES[^]*?Invalid semver version "([^"]+)" does not match "[^"]+" for "runtime"/,
      /Unsupported engine/,
    ],
    message: ({ what }) => `The packages need another Node${what === undefined ? '' : ` (${what.trim()})`}.`,
    hint: () =>
      'Install a Node that fits (`nvm install VERSION`, or the image of the dev container), then run devsetup again.',
  },
  {
    code: 'PACKAGE_MANAGER_UNSUITABLE',
    wordings: [
      /This project is configured to use (\S+)/,
      /EBADDEVENGINES[^]*?Invalid devEngines\.packageManager[^]*?required: ({[^\n]*})/,
    ],
    message: ({ what }) => `package.json asks for another package manager (${what}).`,
    hint: ({ directory }) =>
      `Install that one, or correct \`packageManager\` or \`devEngines\` in ${directory}/package.json.`,
  },
  {
    code: 'COREPACK_OUTDATED',
    wordings: [/No compatible signature found in package metadata|Cannot find matching keyid/],
    message: () =>
      'Corepack cannot verify the package manager that it downloads: it does not know the key that the registry signs with.',
    hint: ({ tool }) =>
      `Update it: \`npm install --global corepack@latest\`; or install ${tool} itself: \`npm install --global ${tool}\`.`,
  },
  {
    code: 'SYSTEM_LIBRARY_MISSING',
    wordings: [
      /(fatal error: [^\n]+\.h(?:pp)?['"]?(?:: No such file| file not found))/,
      /(pg_config) executable not found/,
      /(Can not find valid pkg-config name|mysql_config)/,
      /([Dd]ependency ["'][\w.+-]+["'] (?:is required but )?not found)/,
      /(cannot find -l[\w.+-]+)/,
      /(No package '[^']+' found|Package '?[\w.+-]+'?(?:, required by|  ?was not found))/,
      /([a-z0-9]+[-_]config)['"]?(?:: not found|: command not found| not found| --\w+ \w+' returned|[^\n]{0,60}No such file)/,
      /No such file or directory: '([a-z0-9]+[-_]config)'/,
      /headers or library files could not be found for (\w+)/,
      /Could not find directory of OpenSSL installation/,
    ],
    message: ({ output }) =>
      `A package has to be compiled, and ${libraryIn(output)?.name ?? 'a library'} is not installed with its headers.`,
    hint: ({ output }) => {
      const missing = libraryIn(output);
      const binary = /pg_config|libpq-fe\.h/.test(output) ? ' Or use psycopg2-binary in the place of psycopg2.' : '';
      return missing === undefined
        ? 'Install its development package; the lines above name it.'
        : `${libraryAdvice(missing)}${binary}`;
    },
  },
  {
    code: 'COMPILER_MISSING',
    wordings: [
      /No such file or directory: '[^']*(?:gcc|g\+\+|cc|c\+\+|clang)'/,
      /not found: make|make: not found/,
      /command '?(?:gcc|cc|x86_64-linux-gnu-gcc)'? failed: No such file/,
      /linker `?cc`? not found/,
      /Unknown compiler\(s\)/,
      /error: Microsoft Visual C\+\+/i,
    ],
    message: () => 'A package has to be compiled, and there is no compiler.',
    hint: ({ tool }) =>
      `Install it: \`sudo apt-get install build-essential${isPython(tool) ? ' python3-dev' : ' python3'}\` on Debian and Ubuntu; of a dev container, in its Dockerfile.`,
  },
  {
    code: 'COMPILER_MISSING',
    wordings: [
      /can't find Rust compiler|Cargo, the Rust package manager, is not installed|No such file or directory: '[^']*(?:cargo|rustc)'/,
    ],
    message: () => 'A package has to be compiled, and there is no Rust compiler.',
    hint: () =>
      'Install it: `sudo apt-get install cargo` on Debian and Ubuntu; or ask for a version of the package that has a wheel for this Python.',
  },
  {
    code: 'NOT_WRITABLE',
    wordings: [
      /Permission denied: '([^']+)'/,
      /EACCES: permission denied, \w+ '([^']+)'/,
      /Permission denied \(os error 13\) at path "([^"]+)"/,
      /Permission denied|EACCES|AccessDenied|EPERM/,
    ],
    message: ({ what, directory }) => `${what ?? directory} cannot be written by this user.`,
    hint: ({ directory }) =>
      `Give the files back to you: \`sudo chown -R "$(id -u):$(id -g)" ${directory}\`, then run devsetup again.`,
  },
  {
    code: 'PACKAGE_TOO_NEW',
    wordings: [
      /YN0016[^\n]*?│ (\S+?)(?:@npm)?:[^\n]*quarantined/,
      /ERR_PNPM_NO_MATURE_MATCHING_VERSION[^\n]*? ([@\w./-]+@\S+)/,
    ],
    message: ({ what }) => `${named(what, 'A package')} is younger than the age that the package manager asks for.`,
    hint: ({ tool }) =>
      tool === 'yarn'
        ? 'Wait, ask for an older version, or list it under `npmPreapprovedPackages` in .yarnrc.yml (`npmMinimalAgeGate` is the age).'
        : 'Wait, ask for an older version, or list it under `minimumReleaseAgeExclude` in pnpm-workspace.yaml.',
  },
  {
    code: 'NO_WHEEL',
    wordings: [
      /Because (\S+) has no wheels with a matching/,
      /Distribution `(\S+)[^`]*` can't be installed because it doesn't have a source distribution or wheel/,
      /Unable to find installation candidates for ([^\n]+)/,
      /EBADPLATFORM[^]*?Unsupported platform for (\S+):/,
      /error (\S+): The platform "[^"]+" is incompatible/,
      /None of the wheel tags match/i,
    ],
    message: ({ what, tool }) =>
      `${named(what?.trim(), 'A package')} has no file for this system or this ${isPython(tool) ? 'Python' : 'Node'}.`,
    hint: ({ what, tool, directory }) =>
      `Ask for a version of it that has one (its page at the registry lists the files), or use a ${isPython(tool) ? 'Python' : 'Node'} that it has files for: correct ${manifest(tool)} in ${directory}${tool === 'pip' ? '' : `, then run \`${RELOCK[tool]}\``} (${nameAlone(what)}).`,
  },
  {
    code: 'REQUIREMENTS_CONFLICT',
    wordings: [
      /because of the following conflicts|ResolutionImpossible|because these package versions have\s+conflicting dependencies/,
      /depends on [^]*?(?:is forbidden|(?:are|is) incompatible)[^]*?version solving failed/,
      /we can conclude that your requirements and[^\n]*are incompatible/,
      /ERESOLVE/,
      /And because [^\n]*unsatisfiable/,
    ],
    message: () => 'Two requirements exclude each other.',
    hint: ({ tool, directory }) =>
      `The lines above name both. Loosen one of them in ${manifest(tool)} in ${directory}${tool === 'pip' ? '' : `, then run \`${RELOCK[tool]}\``}.`,
  },
  {
    code: 'PACKAGE_NOT_FOUND',
    wordings: [
      /there (?:is|are) no versions? of (\S+?)(?: and|,)/i,
      /Could not find a version that satisfies\s+the requirement\s+(\S+) \(from\s+versions: (?!none)/,
      /ETARGET[^]*?No matching version found for (\S+?)\.?\n/,
      /ERR_PNPM_NO_MATCHING_VERSION[^\n]*?for (\S+)/,
      /Couldn't find any versions for "([^"]+)"/,
      /YN0082[^\n]*?│ (\S+?): No candidates/,
      /No version matching "[^"]+" found for specifier "([^"]+)"/,
    ],
    message: ({ what }) => `There is no such version: ${named(what, 'of a package')}.`,
    hint: ({ what, tool, directory }) =>
      `Correct the version of ${nameAlone(what)} in ${manifest(tool)} in ${directory}${tool === 'pip' ? '' : `, then run \`${RELOCK[tool]}\``}. If another package asks for it, the lines above say which.`,
  },
  {
    code: 'PACKAGE_NOT_FOUND',
    wordings: [
      /Because (\S+) was not found in the package registry/,
      /No\s+matching\s+distribution\s+found\s+for\s+(\S+)/,
      /depends on (\S+ \([^)]*\)) which doesn't match any versions/,
      /E404[^]*?requested resource '([^']+)'/,
      /ERR_PNPM_FETCH_404[^]*?\n(\S+) is not in the npm registry/,
      /YN0035[^\n]*?│ (\S+?): Package not found/,
      /Couldn't find package "([^"]+)"/,
      /error Error: \S+\/([^/\s]+): Not found/,
      /\n(?:error: )?(\S+) failed to resolve/,
      /Unable to find candidates for (\S+?)\.?\s/i,
      /Unable to find a resolution for (\S+)\n/,
      /E404|ERR_PNPM_FETCH_404|No solution found|No matching distribution found|no versions of /i,
    ],
    message: ({ what }) => `The package registry has no ${named(what, 'such package')}.`,
    hint: ({ what, tool, directory }) =>
      `Is the name of ${nameAlone(what)} right in ${manifest(tool)} in ${directory}? If it is a private package, the address of its registry or the login for it is missing (a registry may say "not found" for "not allowed"): ${LOGIN[tool]}.${SILENT_ABOUT_MORE[tool] ?? ''}`,
  },
  {
    code: 'VENV_MODULE_MISSING',
    wordings: [/ensurepip is not available|No module named venv/i],
    message: () => 'This Python cannot create virtual environments.',
    hint: () => 'Install its venv module (Debian: python3-venv) or uv.',
  },
  {
    code: 'BUILD_FAILED',
    wordings: [
      /npm error path \S*node_modules\/(\S+)\nnpm error command failed/,
      /ELIFECYCLE/,
      /YN0009[^\n]*?│ (\S+) couldn't be built/,
      /error (\S*node_modules\/\S+): Command failed/,
      /install script from "([^"]+)" exited/,
      /Failed to build [`']([^`']+)[`']/,
      /Failed building wheel for (\S+)/,
      /(?:metadata-generation-failed|subprocess-exited-with-error)/,
    ],
    message: ({ what }) => `${named(what, 'A package')} is built on this machine, and its own build fails.`,
    hint: ({ what, tool, directory }) =>
      `The lines above are what its build says. A version of ${nameAlone(what)} that fits this ${isPython(tool) ? 'Python has a wheel' : 'Node needs no build'}: try a newer one in ${manifest(tool)} in ${directory}.${tool === 'pipenv' ? ' `pipenv lock --verbose` shows more of what the build says.' : ''}`,
  },
  {
    code: 'INSTALLER_BROKEN',
    wordings: [
      /\[((?:Attribute|Import|ModuleNotFound|Name|Type)Error\]: [^\n]+)/,
      /File "[^"]*site-packages\/(?:pip|poetry|pdm|pipenv)\/[^]*\n((?:Attribute|Import|ModuleNotFound|Name|Type)Error: [^\n]+)/,
    ],
    message: ({ what, tool }) => `${tool} itself fails (${what?.replace(']', '')}).`,
    hint: ({ tool }) =>
      `It does not fit the versions of the libraries that it is installed with; nothing in the project is wrong. Install ${tool} again in another version.`,
  },
];

const libraryIn = (output: string): ReturnType<typeof findMissingLibrary> => findMissingLibrary(output, 'build');
