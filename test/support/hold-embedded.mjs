// Arguments: the compiled embedded.js, a folder, and optionally `once` or `persistent`. Starts a server, prints its process id, stays.
const [, , module, directory, mode] = process.argv;
const { startEmbedded } = await import(module);
const server = await startEmbedded({ directory, persistent: mode === 'persistent' });
process.stdout.write(`${server.pid}\n`);
if (mode === 'once') await server.stop();
else setInterval(() => {}, 1000);
