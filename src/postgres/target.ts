/** Everything about where a database is; none of it connects. */
export * from './database-target.ts';
export { parseDatabaseUrl } from './parse-database-url.ts';
export { libpqSystem, type LibpqSystem } from './libpq-system.ts';
export { secretsOf, targetFromDjango } from './target-from-django.ts';
