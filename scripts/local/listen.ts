import type { Server } from 'node:http';

/** Something that whoever starts the local stack can put right; its message is all they need. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
}

/** Longer than clients keep an idle connection: else one uses it in the moment in which it is closed. */
const keepAliveMs = 120_000;

/**
 * Listens on the loopback.
 *
 * @param port 0 for any free one
 * @param setting the environment variable to change when the port is taken
 * @returns the port
 * @throws {LocalStackError} when the port is taken or not allowed
 */
export async function listen(server: Server, port: number, setting: string): Promise<number> {
  server.keepAliveTimeout = keepAliveMs;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(
        new LocalStackError(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is in use; set ${setting} to a free one.`
            : `Port ${port} cannot be used (${error.code ?? error.message}); set ${setting} to another one.`,
          { cause: error },
        ),
      );
    };
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listening on a TCP port');
  return address.port;
}

/** Stops listening and cuts what is still connected. One that never listened is left as it is. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeAllConnections();
  });
}
