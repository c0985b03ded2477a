import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { answerMethodNotAllowed, answerPage, answerSentence, redirect } from '../answer.ts';
import { html, htmlPage } from '../html.ts';
import type { Html } from '../html.ts';
import { RefusedRequest, readFields, refuseCrossSite } from '../request-fields.ts';
import type { SamplePerson } from './people.ts';
import { sessionCookieName } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import type { TokenSigner } from './token-signer.ts';

export const signInPath = '/local/sign-in';

/** In place of the identity provider: says who one is by picking a sample person. */
export interface SignIn {
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

const signInForm = z.object({ person: z.string(), return: z.string().default('/') });

export function createSignIn(deps: {
  readonly people: readonly SamplePerson[];
  readonly sessions: Sessions;
  readonly signer: TokenSigner;
}): SignIn {
  const { people, sessions, signer } = deps;

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    refuseCrossSite(request);
    const form = await readFields(request, signInForm);
    const person = people.find((candidate) => candidate.key === form.person);
    if (person === undefined) {
      const names = people.map((candidate) => candidate.key).join(', ');
      throw new RefusedRequest(
        400,
        `There is no person "${form.person}". Choose one of: ${names}.`,
      );
    }
    const session = sessions.open({ person, accessToken: signer.signAccessToken(person) });
    redirect(response, 303, localPath(form.return), {
      // AWS marks it Secure too. This listener speaks plain HTTP, where many clients would then
      // neither keep the cookie nor send it back.
      'set-cookie': `${sessionCookieName}=${session}; Path=/; HttpOnly`,
    });
  }

  return {
    async handle(request, response, url) {
      if (request.method === 'GET' || request.method === 'HEAD') {
        answerPage(response, 200, page(people, localPath(url.searchParams.get('return') ?? '/')));
        return;
      }
      if (request.method !== 'POST') {
        answerMethodNotAllowed(response, 'GET, HEAD, POST');
        return;
      }
      try {
        await signIn(request, response);
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error;
        answerSentence(response, error.status, error.message, {
          href: signInPath,
          label: 'Sign in · サインイン',
        });
      }
    },
  };
}

/** The path where it leads on this server, and the front page for any other address. */
function localPath(wanted: string): string {
  // Parsed as a browser would: that tells "/\evil.example" and "/<tab>/evil.example" apart from
  // a path, which looking at the first characters does not.
  const here = 'http://local.invalid';
  if (!wanted.startsWith('/') || !URL.canParse(wanted, here)) return '/';
  const url = new URL(wanted, here);
  const path = `${url.pathname}${url.search}${url.hash}`;
  // The pathname itself may begin with two slashes and would then name another host.
  return url.origin === here && !path.startsWith('//') ? path : '/';
}

function page(people: readonly SamplePerson[], returnPath: string): Html {
  return htmlPage(
    'Sign in – local stack',
    html`<main class="narrow">
      <h1>Sign in <span lang="ja">サインイン</span></h1>
      <p>
        This page stands in for your identity provider. Pick somebody to be.<br />
        <span lang="ja"
          >ID プロバイダーの代わりのページです。誰としてサインインするかを選んでください。</span
        >
      </p>
      <form method="post" action="${signInPath}">
        <input type="hidden" name="return" value="${returnPath}" />
        <ul class="people">
          ${people.map(
            (person) =>
              html`<li>
                <button name="person" value="${person.key}">
                  <strong>${person.displayName}</strong>
                  <span
                    >${person.role.english} · <span lang="ja">${person.role.japanese}</span></span
                  >
                  <span class="faint">${person.email}</span>
                </button>
              </li>`,
          )}
        </ul>
      </form>
      <p class="faint">
        <a href="/local">The simulated AWS · <span lang="ja">AWS のシミュレーション</span></a>
      </p>
    </main>`,
  );
}
