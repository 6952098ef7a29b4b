import { hasHole, withoutPadding } from '../../shell/holes.ts';

/**
 * How much a value has to look like a secret. `serving`: what deploys or migrates, and servers: any fixed password there is one that is
 * used. `making`: images and packages are made with stand-ins, so that words which say that they are stand-ins, or are known to
 * everybody, are none.
 */
export type Strictness = 'serving' | 'making';

const NOTHING =
  /^(?:|true|false|yes|no|on|off|none|null|nil|undefined|n\/?a|-+|\?+|\*+|x+|\.{2,}|_+|0|1|read|write|inherit|required|optional|unset|empty|skip|disabled|enabled|auto|default|unknown|missing|set|not[-_ ]set|hidden|masked|redacted)$/i;
/** Says of itself that it stands for something else. */
const STAND_IN =
  /dummy|place-?_?holder|change[-_ ]?(?:me|this|it)|\bchangeit\b|replace[-_ ]?(?:me|this|with)|\bexample|your[-_ ]|[-_ ]here\b|\bfake|\bmock|\bsample|foo-?bar|not[-_ ]?(?:a[-_ ]|used|needed|real|required|important|secret|so[-_ ]secret)|unused|irrelevant|ignored?\b|only[-_ ]?(?:for|used)|[-_ ]only\b|xxxx|\btodo\b|^[prs]k_test_|whatever|redacted|invalid|unsafe/i;
/** A word that says which environment or purpose the value is for: `test-key`, `dev-migration-key`, `ci_password`, `build-key`. */
const FOR_ENVIRONMENT =
  /(?:^|[-_ .])(?:tests?|smoke|validation|testing|tester|ci|ci-?cd|pytest|unittest|e2e|dry-?run|throwaway|ephemeral|temp|temporary|tmp|dev|devel|development|local|build|builds|building|buildtime|builder|collectstatic|static|compile)(?:$|[-_ .\d])|insecure|^test|^(?:dev|ci|local|build)(?:key|secret|token|pass|password|pw|pwd|user|db)\d{0,4}$/i;
const KNOWN_TO_ALL =
  /^(?:postgres(?:ql)?|pass(?:word|wd)?\d{0,4}|secret|secret[-_]?key|root|admin|user|guest|mysql|redis|rabbitmq|minio|minioadmin|django|app|dev|local|key|token|a|abc|123|1234|12345|123456|foo|bar|runner|github|docker|supersecret|super[-_]secret|s3cr3t|db|mydb|database|django[-_]secret(?:[-_]key)?|some[-_]secret(?:[-_]key)?|mysecret(?:key)?)$/i;
const REFERENCE =
  /^(?:arn:|projects\/|op:\/\/|vault:|secret\/|kv\/|ssm:|sm:\/\/|ref\+|keyvaultref:|secretref:|secretsmanager:|gcp:|file:|env:|env\.|steps\.|secrets\.|process\.env|os\.environ|https?:\/\/[^@\s]*$|git@)/i;
const PATH =
  /^(?:~|\.{0,2})\/|^[A-Za-z]:\\|\.(?:pem|key|json|ya?ml|txt|env|p12|pfx|crt|cer|sh|py|tf|asc|gpg|pub|kubeconfig|php|js|ts|xml|properties)$|^[\w.-]+\/[\w./-]+\/$/i;
const TEMPLATE = /[<>]|\$\(|\$\{|^\$|^%\w+%$|\{\{|\}\}|^\{|^\[|^@|^#|`|^\w+\(.*\)?$|^__\w+__$/;
/** `DB_PASSWORD`: the name of another variable. */
const VARIABLE = /^(?:[A-Z][A-Z\d]*_[A-Z\d_]+|[A-Z]{2,}(?:TOKEN|PASSWORD|SECRET|KEY))$/;
/** `db-password:latest`, `my-app-secret`: what a store of secrets calls it. */
const STORED = /^[\w./-]+:(?:latest|\d{1,4})$/;
const NAME_OF_SECRET =
  /^[a-z][a-z\d]*(?:[-_][a-z\d]+)*[-_](?:secrets?|tokens?|password|pass|credentials?|creds|keys?|cred|config|auth|tls|pull|dsn)(?:[-_][a-z]+)?$|^(?:secrets?|tokens?|passwords?|credentials?)[-_][a-z]+(?:[-_][a-z]+)*$|^(?:regcred|dockerconfigjson)$/;
const SENTENCE = /^\S+\s+\S+\s+\S/;

/** What stands for no value in a text that is only known in parts, or stands for a secret to be given later. */
const isOpen = (value: string): boolean =>
  value.includes('\n') ||
  hasHole(value) ||
  NOTHING.test(value) ||
  REFERENCE.test(value) ||
  PATH.test(value) ||
  TEMPLATE.test(value) ||
  VARIABLE.test(value) ||
  value.startsWith('=') ||
  /^[A-Za-z_]\w*=[^=]/.test(value) ||
  isMonotonous(value) ||
  /^\d{1,4}$/.test(value) ||
  /^\d+(?:\.\d+)+$/.test(value);

/** `0000…0001`, `aaaaaaaa` */
const isMonotonous = (value: string): boolean => value.length >= 8 && new Set(value).size <= 2;

/** Whether a value that a name of a secret is given is the secret itself. */
export const isCredential = (name: string, raw: string, strictness: Strictness): boolean => {
  const value = withoutPadding(raw).trim();
  if (isOpen(value) || SENTENCE.test(value) || STORED.test(value)) return false;
  if (value.replaceAll(/[-_]/g, '').toLowerCase() === name.replaceAll(/[^A-Za-z\d]/g, '').toLowerCase()) return false;
  if (isPlaceholder(value)) return false;
  if (isNameOfSecret(name, value)) return false;
  if (strictness === 'serving') return true;
  return !KNOWN_TO_ALL.test(value) && !FOR_ENVIRONMENT.test(value) && !NAME_OF_SECRET.test(value);
};

/** It says that it stands for something else, or which environment it is for. A generated value with such a prefix is a secret. */
const isPlaceholder = (value: string): boolean =>
  STAND_IN.test(value) || (FOR_ENVIRONMENT.test(value) && !hasGeneratedPart(value));

/** What a person types in order: `1234567890`, `0123456789abcdef`. */
const IN_ORDER = /0?12345(?:6(?:7(?:89?)?)?)?0?|abcdef?/gi;

/** `3f9a1c2b…`, `#2f!k9(x…`: no person thinks of that. `password1234`, `passw0rd` and what is in order are thought of. */
const hasGeneratedPart = (value: string): boolean => {
  const digits = (text: string): number => text.replaceAll(/\D/g, '').length;
  const isGenerated = (whole: string): boolean => {
    const part = whole.replaceAll(IN_ORDER, '');
    return part.length >= 8 && digits(part) >= 2 && /[a-z]/i.test(part) && !/^[a-z]+\d{1,4}$/i.test(part);
  };
  return value.split(/[^A-Za-z\d]+/).some(isGenerated) || (digits(value) >= 3 && /(?:[!@#$%^&*(=+)].*){3}/.test(value));
};

const isNameOfSecret = (name: string, value: string): boolean =>
  NAME_OF_SECRET.test(value) && /secrets?$|credentials?$|token$|pull/i.test(name) && !/key$/i.test(name);

/** Whether what is taken if a secret is not there is a password all the same: a weak one is no better for that. */
export const isFallbackCredential = (raw: string, strictness: Strictness): boolean => {
  const value = withoutPadding(raw).trim();
  if (isOpen(value) || SENTENCE.test(value) || STORED.test(value)) return false;
  if (strictness === 'serving') return true;
  return ![STAND_IN, FOR_ENVIRONMENT, NAME_OF_SECRET].some((pattern) => pattern.test(value));
};
