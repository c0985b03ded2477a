import autocannon from 'autocannon';

export const clients = 200;

export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  readonly requests: number;
}

/**
 * Asks for a page from 200 clients at once, each with its own token.
 *
 * @throws when an answer is not 200: what is fast because it refuses is not to be counted
 */
export async function load(
  url: string,
  tokens: readonly string[],
  much: { readonly seconds: number } | { readonly requests: number },
): Promise<Load> {
  let next = 0;
  const result = await autocannon({
    url,
    connections: clients,
    ...('seconds' in much ? { duration: much.seconds } : { amount: much.requests }),
    timeout: 30,
    setupClient(client) {
      const token = tokens[next % Math.max(1, tokens.length)];
      next += 1;
      client.setHeaders(token === undefined ? {} : { 'x-amzn-oidc-data': token });
    },
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of the answers of ${url} were not 200`);
  return {
    requestsPerSecond: result.requests.total / result.duration,
    p99Milliseconds: result.latency.p99,
    requests: result.requests.total,
  };
}
