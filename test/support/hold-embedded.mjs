// Arguments: the compiled embedded.js, a folder, and optionally `once`. Starts a server, prints its process id, stays.
const [, , module, directory, once] = process.argv;
const { startEmbedded } = await import(module);
const server = await startEmbedded({ directory, persistent: false });
console.log(server.pid);
if (once === 'once') await server.stop();
else setInterval(() => {}, 1000);
