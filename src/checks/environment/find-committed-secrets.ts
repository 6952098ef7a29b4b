import { findSecrets } from '../../config/find-secrets.ts';
import { isCommonWord } from '../../core/secret-forms.ts';
import { isPlaceholder } from '../../config/is-placeholder.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';

/** Meant to be seen, or a reference to where the secret really is. */
const PUBLIC_NAME = /PUBLIC|PUBLISHABLE|ANON/i;
const REFERENCE = /^(?:encrypted:|ENC\[|op:\/\/|vault:|arn:|ref\+|sm:\/\/|gcp:|projects\/|\$)/;
/** Says itself that it protects nothing. */
const FOR_NOTHING = /test|dev|local|insecure|example|dummy|fake|sample|secret|passw|foo|demo|guest|12345|qwerty|abcde/i;
const SHORTEST = 8;

/** Names of the variables in an env file whose values look like real secrets: what everybody's machine has is none. */
export const findCommittedSecrets = (text: string): readonly string[] =>
  [...readEnvVariables(text).values()]
    .filter(({ name, value }) => !PUBLIC_NAME.test(name) && !REFERENCE.test(value) && holdsSecret(name, value))
    .map(({ name }) => name);

const holdsSecret = (name: string, value: string): boolean =>
  findSecrets({ [name]: value }).some(
    (secret) =>
      secret.length >= SHORTEST && !isCommonWord(secret) && !isPlaceholder(secret) && !FOR_NOTHING.test(secret),
  );
