import net from 'node:net';

/**
 * No test may leave the machine: a connection to anything but the loopback is refused before a
 * packet is sent, so that a forgotten endpoint setting fails loudly instead of reaching AWS.
 */
// eslint-disable-next-line @typescript-eslint/unbound-method -- the proxy passes the socket on
net.Socket.prototype.connect = new Proxy(net.Socket.prototype.connect, {
  apply(connect, socket, args: unknown[]): unknown {
    const host = hostOf(args);
    if (host !== null && !isLoopback(host)) {
      throw new Error(`A test tried to reach ${host}; only the loopback is allowed.`);
    }
    return Reflect.apply(connect, socket, args);
  },
});

/** `null` for a pipe, which has no host. */
function hostOf(args: readonly unknown[]): string | null {
  // net.connect() passes its arguments on as one array: [options, callback].
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return null;
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost';
  }
  return typeof args[1] === 'string' ? args[1] : null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
