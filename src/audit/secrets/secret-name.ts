/** `dbPassword`, `DB-PASSWORD` and `db.password` are `db_password`. */
const normalize = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase();

const SECRET_WORD =
  /(?:^|_)(?:pass|passw|passwd|passwort|password|passphrase|passcode|pwd|pw|secret|secrets|token|credentials?|pat|bearer)(?:_|$)/;
/** Written without anything between: `PGPASSWORD`, `authtoken`. */
const SECRET_END = /(?:password|passwd|passphrase|token|secret|apikey|secretkey|privatekey|accesskey)(?:_base)?\d*$/;
const SECRET_KEY =
  /(?:^|_)(?:api|access|secret|private|auth|encryption|crypto|signing|signature|master|jwt|ssh|deploy|service|admin|app|account|storage|session|fernet|shared|server|client_secret|license|host|vault|storage_account|subscription|hmac|aes|django)_?key(?:_base)?\d*$/;
/** What the last words make of a secret: something about it. */
const ABOUT =
  /(?:^|_)(?:ids?|names?|file|filename|path|paths|dir|folder|url|uri|urls|arns?|length|len|size|expir\w*|exp|lifetime|ttl|timeout|delay|algorithms?|alg|headers?|prefix|suffix|types?|version|endpoint|hashers?|validators?|fields?|min|max|policy|reset|enabled|disabled|required|count|limit|age|days|hours|minutes|seconds|ref|contract|address|envs|issuer|audience|scopes?|format|store|provider|managers?|project|namespace|stdin|region|backend|class|env|var|vars|variable|mount|rotation|regex|scan\w*|scanning|host|port|user|username|login|email|key_ref|fd|source|from|action|mode|status|check|permissions?|role|realm|rule|rules|hint|prompt|map|mapping|list|label|service|server|engine|cache|db|database|table|bucket|hash)$/;
const SWITCH =
  /^(?:cache|no|not|remove|unset|clear|use|uses|using|enable|disable|require|requires|skip|persist|has|is|with|allow|mask|hide|show|check|validate|update|rotate|generate|create|set|reset|forgot|print|ignore|export)_/;
/** Ends up in what browsers load: whoever looks can read it. */
const PUBLIC =
  /(?:^|_)(?:public|publishable|anon|vite|react_app|next_public|nuxt_public|expo_public|gatsby|vue_app|ng_app|storybook)(?:_|$)|(?:^|_)site_?key$|(?:^|_)firebase_(?:web_)?api_?key$/;

/** Whether a value of this name is a password, key or token. */
export const isSecretName = (name: string): boolean => {
  const normal = normalize(name);
  if (ABOUT.test(normal) || SWITCH.test(normal) || PUBLIC.test(normal)) return false;
  return SECRET_WORD.test(normal) || SECRET_END.test(normal) || SECRET_KEY.test(normal);
};

export const isPublicName = (name: string): boolean => PUBLIC.test(normalize(name));

const SAYS_WHERE =
  /(?:^|_)(?:ids?|names?|file|path|dir|directory|folder|url|uri|urls|host|hosts|hostname|ip|ips|addr|address|servers?|port|users?|username|login|email|mail|domain|domains|region|zone|location|account|project|cluster|bucket|registry|repo|repository|image|namespace|group|resource_group|org|organization|organisation|owner|branch|env|environment|stage|version|tag|service|app|application|instance|vm|engine|db|database|schema|endpoint|delay|timeout|retries|count|interval|origin|origins|role|arn|subnets?|vpc|workdir|home|root|target|site|debug|log_level|fingerprint|public_key|pub|known_hosts|timezone|tz|workspace|stack|distribution|size|type|bastion|workers|context|title|label|container|enabled|mode|dest|destination|source|artifacts|flag|level|license_plate|values)\d*$/;
/** Of which environment or part it is: `HOST_PROD`, `REPOSITORY_BACKEND`. */
const WHOSE =
  /(?:_(?:dev|development|test|testing|qa|uat|stage|staging|prod|production|backend|frontend|web|api|main|primary))+$/;
/** An address that is itself a key: a hook, a connection with its password. */
const OPENS_DOORS =
  /hook|dsn|connection_str|conn_str|(?:database|db|redis|mongo\w*|postgres\w*|mysql|amqp|rabbit\w*|celery|broker|smtp|sentry)_ur[li]/;

/** Something kept among secrets that only says where or who: a host, a user, a region. Knowing it opens nothing. */
export const isNamedForPlace = (name: string): boolean => {
  const normal = normalize(name.split('.').at(-1) ?? name);
  return !OPENS_DOORS.test(normal) && SAYS_WHERE.test(normal.replace(WHOSE, '')) && !SECRET_END.test(normal);
};

/** `SENTRY_DSN`: it may send events and read nothing; pages for browsers contain it. */
const SENDS_ONLY = /sentry\w*_dsn|(?:^|_)dsn_?sentry/;

/** Whether something kept among secrets opens a door by itself, e.g. a password, a key, the address of a database with its password. */
export const isCredentialName = (name: string): boolean => {
  const normal = normalize(name.split('.').at(-1) ?? name);
  if (isNamedForPlace(name) || PUBLIC.test(normal) || SENDS_ONLY.test(normal)) return false;
  return isSecretName(normal) || OPENS_DOORS.test(normal) || /(?:^|_)keys?\d*$/.test(normal.replace(WHOSE, ''));
};
