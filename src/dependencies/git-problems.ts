import { manifest } from './installer-commands.ts';
import type { KnownProblem } from './known-problem.ts';

/** Of packages that come from a git repository. The words are those of git itself, whichever tool runs it. */
export const GIT_PROBLEMS: readonly KnownProblem[] = [
  {
    code: 'GIT_MISSING',
    wordings: [/Cannot find command 'git'|Git executable not found|spawn git\b/],
    message: () => 'A package comes from a git repository, and git is not installed.',
    hint: () =>
      'Install it: `sudo apt-get install git` on Debian and Ubuntu; for a dev container, add it to the Dockerfile.',
  },
  {
    code: 'GIT_UNREACHABLE',
    wordings: [
      /unable to access '([^']+)': (?!The requested URL returned error)/,
      /ssh: (?:connect to host|Could not resolve hostname) ([^\s:]+)/,
    ],
    message: ({ what }) => `A package comes from a git repository, and ${what ?? 'its server'} cannot be reached.`,
    hint: () =>
      'Check the network, the proxy settings (HTTPS_PROXY, or `git config --get http.proxy`) and that this machine may reach the server, then run devsetup again.',
  },
  {
    code: 'GIT_DENIED',
    wordings: [
      /could not read (?:Username|Password) for '([^']+)'/,
      /Authentication failed for '([^']+)'/,
      /unable to access '([^']+)': The requested URL returned error: 40[13]/,
      /repository '([^']+)' not found/,
      /Permission denied \(publickey|Host key verification failed|Could not read from remote repository/,
    ],
    message: ({ what }) =>
      `A package comes from a git repository (${what ?? 'the lines above name it'}) that does not exist, or for which git has no login.`,
    hint: ({ tool, directory }) =>
      `Is its address right in ${manifest(tool)} in ${directory}? If it is private, give git a login (\`gh auth setup-git\`, or an SSH key); for a Codespace list it in devcontainer.json under customizations.codespaces.repositories.`,
  },
];
