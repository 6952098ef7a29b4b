import { holesIn, type Hole, type Holes } from '../../shell/holes.ts';
import { isSecretName } from './judge-credential.ts';

/** Of a choice, the secrets among its options, too. */
const withOptions = (hole: Hole, holes: Holes): readonly Hole[] =>
  hole.kind === 'choice' ? (hole.options ?? []).flatMap((one) => holesIn(one, holes)) : [hole];

const secretsIn = (text: string, holes: Holes): readonly string[] =>
  holesIn(text, holes)
    .flatMap((hole) => withOptions(hole, holes))
    .flatMap(({ kind, name }) => (kind === 'secret' ? [name] : []));

const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** The token that every run has is not one that somebody has set. */
export const isOwnToken = (name: string): boolean => /^(?:secrets\.github_token|github\.token)$/i.test(name);

/** The secrets of GitHub that a value has in it, by their names. */
export const namedSecretsIn = (text: string, holes: Holes): readonly string[] => [...new Set(secretsIn(text, holes))];

/** Those that open something: a host's or a user's name is often kept as a secret, and is none. */
export const keysIn = (text: string, holes: Holes): readonly string[] =>
  namedSecretsIn(text, holes).filter((name) => opens(shortName(name)));

const opens = (name: string): boolean =>
  isSecretName(name) ||
  /(?:^|_)(?:key|pem|pat|webhook|database_url|db_url|connection_string|auth|kubeconfig)(?:$|_)/i.test(name) ||
  /token$/i.test(name);
