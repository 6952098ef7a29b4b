import net from 'node:net';

export interface TcpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Something that is not PostgreSQL on a port: `onConnection` says how it behaves. */
export const startTcpServer = async (onConnection: (socket: net.Socket) => void): Promise<TcpServer> => {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
