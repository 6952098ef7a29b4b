import { createKnownTexts } from '../../core/known-texts.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { baseName } from './django-command.ts';

interface Tool {
  /** The program, without its path. */
  readonly program: RegExp;
  /** One of these words makes it a migration; a word of `not` makes it something else. */
  readonly verb: RegExp;
  readonly not?: RegExp;
  /** A word that the command needs before the verb: `prisma migrate deploy`, `supabase db push`. */
  readonly after?: RegExp;
}

/** Migration tools other than Django's. Options are no verbs. */
const TOOLS: readonly Tool[] = [
  { program: /^alembic$/, verb: /^upgrade$/, not: /^(?:--sql|check|current|history)$/ },
  { program: /^(?:flask|quart)$/, after: /^db$/, verb: /^upgrade$/, not: /^--sql$/ },
  { program: /^aerich$/, verb: /^upgrade$/ },
  { program: /^yoyo(?:-migrate)?$/, verb: /^apply$/ },
  { program: /^piccolo$/, after: /^migrations$/, verb: /^forwards?$/ },
  {
    program: /^(?:rails|rake|hanami)$/,
    verb: /^(?:\w+:)?db:(?:migrate|prepare|setup|schema:load)(?::(?!status|down|abort)\w+)?$/,
  },
  { program: /^hanami$/, after: /^db$/, verb: /^migrate$/ },
  { program: /^artisan$/, verb: /^(?:migrate(?::fresh|:refresh)?|tenants:migrate)$/, not: /^--pretend$/ },
  {
    program: /^(?:console|doctrine(?:-migrations)?)$/,
    verb: /^(?:doctrine:migrations:|migrations:)?(?:migrate|m:m)$/,
    not: /^--dry-run$/,
  },
  { program: /^phinx$/, verb: /^migrate$/, not: /^--dry-run$/ },
  { program: /^prisma$/, after: /^(?:migrate|db)$/, verb: /^(?:deploy|push)$/ },
  { program: /^knex$/, verb: /^migrate:(?:latest|up)$/ },
  { program: /^(?:typeorm|typeorm-ts-node-(?:commonjs|esm))$/, verb: /^migrations?:run$/ },
  { program: /^(?:sequelize|sequelize-cli)$/, verb: /^db:migrate(?::all)?$/ },
  { program: /^(?:mikro-orm|mikro-orm-esm)$/, verb: /^(?:migration:up|schema:update)$/ },
  { program: /^drizzle-kit$/, verb: /^(?:migrate|push)(?::\w+)?$/ },
  { program: /^(?:node-pg-migrate|db-migrate|migrate-mongo|umzug|postgrator)$/, verb: /^up$/, not: /^--dry-run$/ },
  { program: /^(?:payload|medusa|ace|adonis|strapi|directus)$/, verb: /^(?:migrate|db:migrate|migrations?:run)$/ },
  { program: /^supabase$/, after: /^(?:db|migration)$/, verb: /^(?:push|up)$/, not: /^--dry-run$/ },
  { program: /^flyway$/, verb: /^migrate$/ },
  { program: /^liquibase$/, verb: /^update(?:-?count|-?to-?tag)?$/i },
  { program: /^(?:mvnw?|gradlew?)$/, verb: /^(?::?[\w-]+:)*(?:flyway:?migrate|liquibase:?update|flywayMigrate)$/ },
  { program: /^goose$/, verb: /^(?:up|up-to|up-by-one)$/ },
  { program: /^(?:migrate|golang-migrate|sql-migrate|dbmate|tern|geni|shmig|soda)$/, verb: /^(?:up|goto|migrate)$/ },
  { program: /^buffalo$/, after: /^(?:pop|db)$/, verb: /^migrate$/ },
  { program: /^atlas$/, after: /^(?:migrate|schema)$/, verb: /^apply$/, not: /^--dry-run$/ },
  {
    program: /^(?:diesel|sqlx|refinery|sea-orm-cli)$/,
    verb: /^(?:run|migrate|up|setup)$/,
    after: /^(?:migration|migrate|database|db)$/,
  },
  { program: /^(?:dotnet|ef|dotnet-ef)$/, after: /^database$/, verb: /^update$/ },
  { program: /^(?:mix|ecto)$/, verb: /^(?:ecto\.migrate|ecto\.setup|ash\.migrate)$/ },
  { program: /^sqitch$/, verb: /^deploy$/ },
];

/** Programs that run another one with its words behind theirs. */
const RUNNERS =
  /^(?:npx|bunx|pnpx|npm|pnpm|yarn|bun|bundle|php|ruby|node|deno|go|python[\d.]*|poetry|uv|pipenv|dotenv|dotenvx|env-cmd|spring|foreman|symfony|with-env|wait-for-it(?:\.sh)?|dockerize)$/;
const RUNNER_WORD = /^(?:exec|dlx|x|run|tool|-m|--|-y|--yes|--no-install|--no|--silent|-s|console)$/;

/** Programs that show or search words of a command and do not run it. */
const MENTIONS = /^(?:echo|printf|cat|grep|sed|awk|test|\[|:|true|false|export|git|gh|curl|wget)$/;

/** The tool's name without path, scope, version and extension: `./node_modules/.bin/knex`, `prisma@5`, `node_modules/typeorm/cli.js`. */
const toolName = (word: string): string => {
  const [, packaged] = /(?:^|\/)node_modules\/(?!\.bin\/)(?:@[\w-]+\/)?([\w-]+)\//.exec(word) ?? [];
  return (
    packaged ??
    baseName(word)
      .replace(/(?<=.)@[\w.^~-]*$/, '')
      .replace(/\.(?:js|ts|phar|exe|bat|cmd|sh|py)$/, '')
  );
};

const INTERPRETERS = /^(?:node|tsx|ts-node(?:-esm)?|bun|deno|python[\d.]*|php|ruby)$/;
/** A program of the project that is called by what it does, and by nothing else: `server/migrate.ts`, `run_migrations.py`. */
const OWN_PROGRAM =
  /^(?:run|apply)?[-_]?(?:db|database)?[-_]?migrat(?:e|ions?)[-_]?(?:db|database)?\.(?:[cm]?[jt]s|py|php|rb)$/i;
/** Of a program that is called `migrate`: it does something else. */
export const MEANS_NO_UPGRADE =
  /^(?:down|undo|rollback|revert|create|make|new|generate|check|list|status|pending|plan|--?(?:dry-run|check|list|status|plan|down))$/i;

const ownProgramOf = (words: readonly string[]): string | null => {
  const at = words.findIndex((word) => INTERPRETERS.test(baseName(word)));
  if (at < 0 || at > 3) return null;
  const file = words.findIndex((word, index) => index > at && /\.\w+$/.test(word) && !word.startsWith('-'));
  if (file < 0 || !OWN_PROGRAM.test(baseName(words[file] ?? ''))) return null;
  return words.slice(file + 1).some((word) => MEANS_NO_UPGRADE.test(word))
    ? null
    : `${baseName(words[at] ?? '')} ${words[file] ?? ''}`;
};

/** Most programs are none of the tools. */
const ANY_TOOL = new RegExp(TOOLS.map(({ program }) => program.source).join('|'));

/** `readOtherMigration` of a call, found once. */
export const otherMigrationOf = ({ words, text }: Pick<ShellCall, 'words' | 'text'>): string | null =>
  KNOWN.of(text, () => readOtherMigration(words.map(({ value }) => withoutPadding(value))));

const KNOWN = createKnownTexts<string | null>();

/**
 * What a command migrates with a tool that is not Django's: `alembic upgrade`, `rails db:migrate`. null: it does not, as far as its words
 * show it. The words are those of a call, the program first.
 */
export const readOtherMigration = (words: readonly string[]): string | null => {
  if (MENTIONS.test(baseName(words[0] ?? ''))) return null;
  let at = 0;
  while (at < words.length - 1 && RUNNERS.test(baseName(words[at] ?? ''))) {
    at += 1;
    while (RUNNER_WORD.test(words[at] ?? '')) at += 1;
  }
  const own = ownProgramOf(words);
  if (own !== null) return own;
  const program = toolName(words[at] ?? '');
  if (!ANY_TOOL.test(program)) return null;
  const rest = words.slice(at + 1);
  if (rest.some((word) => /^(?:--help|-h|--version|status|--status)$/.test(word))) return null;
  for (const { program: isTool, after, verb, not } of TOOLS) {
    if (!isTool.test(program) || (not !== undefined && rest.some((word) => not.test(word)))) continue;
    const from = after === undefined ? 0 : rest.findIndex((word) => after.test(word)) + 1;
    if (after !== undefined && from === 0) continue;
    const found = rest.slice(from).find((word) => verb.test(word));
    if (found === undefined) continue;
    return [program, ...(from === 0 ? [] : [rest[from - 1]]), found].join(' ');
  }
  return null;
};
