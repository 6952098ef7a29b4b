import { findMissingLibrary, libraryAdvice } from '../core/system-libraries.ts';
import { shellWord } from '../core/shell-word.ts';
import { byHand, isPython, LOGIN, manifest, relock, type Installer } from './installer-commands.ts';
import { MISSING_ARCHIVE } from './missing-archive.ts';
import { ignoredVersion, noneFits, nothingInIndex, otherPythons } from './search-results.ts';
import { builtPackage, nameAlone, named, placed, placeOf, type Found, type KnownProblem } from './known-problem.ts';
import { findRange } from './source-files.ts';
import { wantedMajor } from '../project/version-wish.ts';

/** What these tools say in the same words. */
const SILENT_ABOUT_MORE: Readonly<Partial<Record<Installer, string>>> = {
  pip: ' pip says the same of a package that has no file for this Python and this system.',
  pdm: ' PDM says the same of a registry that cannot be reached, or that refuses.',
  pipenv:
    ' Pipenv says the same of a registry that cannot be reached, of a certificate that is not trusted, and of a package that has no file for this Python: `pipenv lock --verbose` shows more.',
};

const PYTHON_UNSUITABLE: KnownProblem = {
  code: 'PYTHON_UNSUITABLE',
  wordings: [
    /current Python version \([^)]+\) does not satisfy (?<what>Python\S+)(?: and (?<of>\S+) depends on)?/i,
    /Current Python version \([^)]+\) is not allowed by the project \(([^)]+)\)/i,
    /which is incompatible with the project's Python requirement: `([^`]+)`/,
    /requested Python version \([^)]*\) does not satisfy (?<what>Python\S+)(?: and (?<of>\S+) depends on)?/,
    /don't work on all Python versions in the range[^\n]*\n\s+python(?<what>\S+)(?: \(from <Candidate (?<of>\S+))?/,
    /Can't resolve python interpreter/,
    /No interpreter found for (Python [^\n]+?) in /,
    /requires-python[^\n]*(?:incompatible|not compatible|doesn't match)/i,
    ignoredVersion,
    /Package '(?<of>[^']+)' requires a different Python: [^\n]*?not in '(?<what>[^']+)'/,
    /Python ([\d.]+) was not found/,
    /- (?<of>\S+) requires Python (?<what>\S+), so it will not be/i,
    /doesn't satisfy requires-python ([^\n]+)/i,
  ],
  message: (found) => {
    const range = found.what?.trim().replace(/^Python\s*/, '');
    const asks =
      found.of === undefined
        ? `The packages need another Python${range === undefined ? '' : ` (${range})`}`
        : `${placed(found.of, 'A package', found)} needs another Python (${range})`;
    return `${asks}${found.python ? `, and this is Python ${found.python}` : ''}.`;
  },
  hint: ({ what, of, ...found }) => {
    const minor = /3\.\d+/.exec(what ?? '')?.[0];
    const correct =
      of === undefined
        ? 'If `requires-python` or the version of one package is what is wrong, correct that.'
        : `Or correct ${nameAlone(of)} in ${placeOf(of, { what, of, ...found })}: to a version that works on this Python, or its name if it is misspelt.`;
    return `Name a Python that fits in \`backend.python\` of the configuration, or install one (\`pyenv install ${minor ?? 'VERSION'}\`, or the image of the dev container), then run devsetup again. ${correct}`;
  },
};

/** Of single packages: their versions, their files and their builds. */
export const PACKAGE_PROBLEMS: readonly KnownProblem[] = [
  PYTHON_UNSUITABLE,
  {
    code: 'NODE_UNSUITABLE',
    // Each of them warns in nearly the same words, and continues.
    wordings: [
      /code EBADENGINE[^]*?(?:Not compatible with your version of node\/npm: (?<of>\S+))[^]*?Required: (?<what>{[^\n]*})/,
      /error (?<of>\S+): The engine "node" is incompatible[^\n]*Expected version "(?<what>[^"]+)"/,
      /ERR_PNPM_UNSUPPORTED_ENGINE[^]*?incompatible with "(?<of>[^"]+)"[^]*?Expected version: (?<what>[^\n]+)/,
      /EBADDEVENGINES[^]*?Invalid semver version "([^"]+)" does not match "[^"]+" for "runtime"/,
    ],
    message: (found) => {
      const range = nodeRange(found);
      const place = findRange(found.files, range);
      const runs = RUNNING_NODE.exec(found.output)?.[1];
      const who = place ?? (found.of === undefined || found.of.startsWith('/') ? 'package.json' : `\`${found.of}\``);
      return `${who} asks for another Node (${range})${runs === undefined ? '' : `, and this is Node ${runs}`}.`;
    },
    hint: (found) =>
      `Install a Node that fits (\`nvm install ${wantedMajor(nodeRange(found)) ?? 'VERSION'}\`, or the image of the dev container), then run devsetup again. The migrations do not need the frontend: \`npx devsetup --skip frontend-dependencies\` runs without it.`,
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
    compiles: true,
    message: (found) => {
      const name = libraryIn(found.output)?.name ?? 'a library that it needs';
      return `${built(found)} has to be compiled, and the headers of ${name.endsWith('client') ? `the ${name}` : name} are missing.`;
    },
    hint: (found) => {
      const missing = libraryIn(found.output);
      const isLibpq = /pg_config|libpq-fe\.h/.test(found.output);
      const name = builtPackage(found);
      const binary =
        isLibpq && name === 'psycopg2'
          ? ` Or use psycopg2-binary in the place of psycopg2 in ${placeOf(name, found)}.`
          : '';
      return missing === undefined
        ? 'Install its development package; the lines above name it.'
        : `${libraryAdvice(missing, 'build')}${binary}`;
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
    compiles: true,
    message: (found) => `${built(found)} has to be compiled, and there is no compiler.`,
    hint: ({ tool }) =>
      `Install it: \`sudo apt-get install build-essential${isPython(tool) ? ' python3-dev' : ' python3'}\` on Debian and Ubuntu; for a dev container, add it to the Dockerfile.`,
  },
  {
    code: 'COMPILER_MISSING',
    wordings: [
      /can't find Rust compiler|Cargo, the Rust package manager, is not installed|No such file or directory: '[^']*(?:cargo|rustc)'/,
    ],
    compiles: true,
    message: (found) => `${built(found)} has to be compiled, and there is no Rust compiler.`,
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
      `Give the files back to you: \`sudo chown -R "$(id -u):$(id -g)" ${shellWord(directory)}\`, then run devsetup again.`,
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
    code: 'PACKAGE_NOT_FOUND',
    wordings: [nothingInIndex],
    message: ({ what }) => `Poetry finds no file at all of ${named(what, 'the packages')} in its package index.`,
    hint: ({ output, files, ...found }) =>
      `The index, a mirror or a proxy does not answer in the form that Poetry asks for${output.split('candidates for').length > 2 ? ' (it is the same for several packages)' : ''}; the packages and poetry.lock need not be wrong. ${byHand('poetry source show', found)} names the index. If it cannot be corrected, let pip install: ${pipInstead(files)}`,
  },
  {
    code: 'NO_WHEEL',
    wordings: [
      /Because (\S+) has no wheels with a matching/,
      /Distribution `(\S+)[^`]*` can't be installed because it doesn't have a source distribution or wheel/,
      noneFits,
      /EBADPLATFORM[^]*?Unsupported platform for (\S+):/,
      /error (\S+): The platform "[^"]+" is incompatible/,
      /None of the wheel tags match/i,
    ],
    message: (found) =>
      `${placed(found.what, 'A package', found)} has no file for this system or this ${isPython(found.tool) ? 'Python' : 'Node'}.`,
    hint: (found) =>
      `Ask for a version of it that has one (its page at the registry lists the files), or use a ${isPython(found.tool) ? 'Python' : 'Node'} that it has files for: correct ${placeOf(found.what, found)}${thenRelock(found)} (${nameAlone(found.what)}).`,
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
    hint: (found) =>
      `The lines above name both. Loosen one of them in ${manifest(found.tool)} in ${found.directory}${thenRelock(found)}.`,
  },
  MISSING_ARCHIVE,
  {
    code: 'PACKAGE_NOT_FOUND',
    wordings: [
      /there (?:is|are) no versions? of (\S+?)(?: and|,)/i,
      /Because only \S+ (?:is|are) available and [^\n]*?(?:require|depends on) ([^\s,]+),/,
      /Could not find a version that satisfies\s+the requirement\s+(\S+) \(from\s+versions: (?!none)/,
      /ETARGET[^]*?No matching version found for (\S+?)\.?\n/,
      /ERR_PNPM_NO_MATCHING_VERSION[^\n]*?for (\S+)/,
      /Couldn't find any versions for "([^"]+)"/,
      /YN0082[^\n]*?│ (\S+?): No candidates/,
      /No version matching "[^"]+" found for specifier "([^"]+)"/,
    ],
    message: (found) => `There is no such version: ${placed(found.what, 'of a package', found)}.`,
    hint: (found) =>
      `Correct the version of ${nameAlone(found.what)} in ${placeOf(found.what, found)}${thenRelock(found)}. If another package asks for it, the lines above say which.`,
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
    message: (found) => `The package registry has no ${placed(found.what, 'such package', found)}.`,
    hint: (found) =>
      `Is the name of ${nameAlone(found.what)} right in ${placeOf(found.what, found)}? If it is a private package, the address of its registry or the login for it is missing (a registry may say "not found" for "not allowed"): ${LOGIN[found.tool]}.${SILENT_ABOUT_MORE[found.tool] ?? ''}${otherPythons(found)}`,
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
    compiles: true,
    message: (found) => `${built(found)} is built on this machine, and its own build fails.`,
    hint: (found) =>
      `Try a newer version of ${builtPackage(found) ?? nameAlone(found.what)} in ${placeOf(builtPackage(found) ?? found.what, found)}${thenRelock(found)}: ${isPython(found.tool) ? 'one that fits this Python has a wheel and is not built' : 'one that fits this Node may need no build'}. Or use ${isPython(found.tool) ? 'an older Python (`backend.python` of the configuration)' : 'an older Node'}.${found.tool === 'pipenv' ? ` ${byHand('pipenv lock --verbose', found)} shows more of what the build says.` : ''}`,
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
  // Pipenv warns of it and continues: it is the reason only where nothing else is.
  { ...PYTHON_UNSUITABLE, wordings: [/Your Pipfile requires "?python_(?:full_)?version"? ?"?([\d.]+)/i] },
];

/** The package that is being built, with the place where it is asked for. */
const built = (found: Found): string => placed(builtPackage(found) ?? found.what, 'A package', found);

/** pip reads `[project]`; what is in `[tool.poetry]` alone Poetry has to write out. */
const pipInstead = (files: Found['files']): string =>
  files.some(({ text }) => /^\[tool\.poetry\.dependencies\]/m.test(text) && !/^dependencies\s*=/m.test(text))
    ? '`poetry export --output requirements.txt` (poetry-plugin-export) writes the locked versions to a file; name it in `backend.requirements` of the configuration.'
    : '`"backend": { "installer": "pip" }` in the configuration. poetry.lock then stays as it is, and its versions are not used.';

const thenRelock = (found: Found): string => (found.tool === 'pip' ? '' : `, then run ${relock(found)}`);

/** npm prints what it asks for as JSON. */
const nodeRange = ({ what }: Found): string =>
  /"node":"([^"]+)"/.exec(what ?? '')?.[1] ?? what?.trim() ?? 'another version';

const RUNNING_NODE = /(?:"node":"|Got:? "?|does not match ")v?(\d+\.\d+\.\d+)/;

const libraryIn = (output: string): ReturnType<typeof findMissingLibrary> => findMissingLibrary(output, 'build');
