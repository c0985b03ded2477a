import type { ServerResponse } from 'node:http';
import { html, htmlPage } from './html.ts';
import type { Html } from './html.ts';

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
} as const;

export function answerPage(response: ServerResponse, status: number, page: Html): void {
  response.writeHead(status, {
    ...pageHeaders,
    'content-length': Buffer.byteLength(page.markup),
  });
  response.end(page.markup);
}

/** A page that says one sentence and leads back. */
export function answerSentence(
  response: ServerResponse,
  status: number,
  sentence: string,
  back: { readonly href: string; readonly label: string },
): void {
  answerPage(
    response,
    status,
    htmlPage(
      `${String(status)} – local stack`,
      html`<main class="narrow">
        <h1>${status}</h1>
        <p>${sentence}</p>
        <p><a class="button" href="${back.href}">${back.label}</a></p>
      </main>`,
    ),
  );
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

export function answerNothing(response: ServerResponse): void {
  response.writeHead(204, { 'cache-control': 'no-store' });
  response.end();
}

/** Leads on by GET, whatever the method was. */
export function redirect(
  response: ServerResponse,
  status: 302 | 303,
  location: string,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    location,
    'cache-control': 'no-store',
    'content-length': 0,
  });
  response.end();
}

export function answerMethodNotAllowed(response: ServerResponse, allowed: string): void {
  const sentence = `This address answers to ${allowed} only.\n`;
  response.writeHead(405, {
    allow: allowed,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(sentence),
  });
  response.end(sentence);
}
