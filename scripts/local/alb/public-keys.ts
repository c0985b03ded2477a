/**
 * Gets the key that a token names from the local stack instead of from AWS.
 *
 * @param url as a verifier asks for it: https://public-keys.auth.elb.REGION.amazonaws.com/KEY-ID
 * @returns the key as PEM
 */
export type FetchPublicKey = (url: string) => Promise<ArrayBuffer>;

/**
 * @param keysUrl where the stand-in serves the keys, with a slash at its end. A function, because
 *   the port may not be known yet.
 */
export function createPublicKeyFetcher(keysUrl: () => URL, region: string): FetchPublicKey {
  const origin = `https://public-keys.auth.elb.${region}.amazonaws.com`;
  return async (url) => {
    const asked = new URL(url);
    if (asked.origin !== origin) throw new Error(`no keys of ${asked.origin} are kept here`);
    const answer = await fetch(new URL(asked.pathname.slice(1), keysUrl()));
    if (!answer.ok) {
      throw new Error(`getting a public key of the load balancer: status ${answer.status}`);
    }
    return answer.arrayBuffer();
  };
}
