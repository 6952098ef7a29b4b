// Arguments: port, host. Whoever connects to this port here is connected to the same port of that host.
import { connect, createServer } from 'node:net';
import process from 'node:process';

const [, , port, host] = process.argv;

createServer((client) => {
  const server = connect({ port: Number(port), host });
  client.pipe(server);
  server.pipe(client);
  for (const end of [client, server]) {
    end.on('error', () => {
      client.destroy();
      server.destroy();
    });
  }
}).listen(Number(port), '127.0.0.1');
