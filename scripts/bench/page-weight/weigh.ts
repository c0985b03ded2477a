import { get } from 'node:http';

export interface Weight {
  /** As they come over the wire, compressed where the portal compresses them; without their heads. */
  readonly bytes: number;
  readonly files: readonly { readonly address: string; readonly bytes: number }[];
  /** Scripts that a browser would wait for before it paints. */
  readonly blockingScripts: readonly string[];
}

/**
 * A page with everything that a browser loads for it the first time: stylesheets, icon, scripts and
 * the scripts that those import.
 *
 * @param headers who is asking
 * @throws for an answer that is not 200
 */
export async function weighPage(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<Weight> {
  const page = await load(url, headers);
  const html = page.text;
  const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  const files = new Map([[url.pathname, page.bytes]]);
  const wanted = [
    ...tagsOf(html, 'link').filter((tag) => /\brel="(?:stylesheet|icon)"/.test(tag)),
    ...scripts,
    ...tagsOf(html, 'img'),
  ].flatMap((tag) => /\b(?:href|src)="([^"]+)"/.exec(tag)?.[1] ?? []);
  for (let address = wanted.pop(); address !== undefined; address = wanted.pop()) {
    const target = new URL(address, url);
    if (files.has(target.pathname)) continue;
    const { bytes, text } = await load(target, headers);
    files.set(target.pathname, bytes);
    if (!target.pathname.endsWith('.js')) continue;
    for (const [, name = ''] of text.matchAll(/^import\b[^;]*?'(\.[^']+)';$/gm)) {
      wanted.push(new URL(name, target).pathname);
    }
  }
  return {
    bytes: [...files.values()].reduce((sum, bytes) => sum + bytes, 0),
    files: [...files].map(([address, bytes]) => ({ address, bytes })),
    blockingScripts: scripts.filter((tag) => !/\btype="module"|\b(?:defer|async)\b/.test(tag)),
  };
}

function tagsOf(html: string, name: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'g'))].map(([tag]) => tag);
}

/** Twice: compressed, as a browser asks for it, and to be read. */
async function load(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly bytes: number; readonly text: string }> {
  const compressed = await bodyOf(url, { ...headers, 'accept-encoding': 'gzip, deflate, br' });
  const plain = await bodyOf(url, headers);
  return { bytes: compressed.length, text: plain.toString('utf8') };
}

function bodyOf(url: URL, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`${url.pathname} answers ${String(response.statusCode)}`));
      });
    }).once('error', reject);
  });
}
