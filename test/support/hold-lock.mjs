// Arguments: the compiled advisory-lock.js and target.js, a database URL. Takes the lock, says so, stays.
const [, , lockModule, targetModule, url] = process.argv;
const { withMigrationLock } = await import(lockModule);
const { parseDatabaseUrl } = await import(targetModule);
await withMigrationLock(parseDatabaseUrl(url).target, { timeoutSeconds: 10, version: '9.9.9' }, async () => {
  process.stdout.write('locked\n');
  await new Promise(() => setInterval(() => {}, 1000));
});
