// Arguments: the compiled advisory-lock.js and target.js, a database URL, an optional file to write when `fn` is aborted. Takes the lock, says so, stays.
const [, , lockModule, targetModule, url] = process.argv;
const { withMigrationLock } = await import(lockModule);
const { parseDatabaseUrl } = await import(targetModule);
await withMigrationLock(parseDatabaseUrl(url).target, { timeoutSeconds: 10, version: '9.9.9' }, async () => {
  console.log('locked');
  await new Promise(() => setInterval(() => {}, 1000));
});
