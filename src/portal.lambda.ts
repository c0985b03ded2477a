import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { ALBEvent, ALBResult, Context } from 'aws-lambda';
import serverless from 'serverless-http';

import { portalEnvironment, readEnvironment } from './config/environment.ts';
import { createPortalServices } from './services.ts';
import { createApp } from './web/app.ts';
import { filesIn } from './web/files.ts';

/*
 * The portal as the load balancer's Lambda target: the same app in another host. The bundle carries
 * the templates beside it.
 */

const longestWaitMilliseconds = 5_000;
/**
 * The load balancer takes 1 MB from a function, the answer's head and the JSON around it included.
 * Source: Elastic Load Balancing User Guide, "Lambda functions as targets", on limits.
 */
const longestAnswerBytes = 900_000;
const environment = readEnvironment(portalEnvironment);
const services = createPortalServices(environment, undefined, 'frozen');
const views = path.join(import.meta.dirname, 'views');
const app = createApp(
  services,
  environment,
  filesIn(views, path.join(import.meta.dirname, 'idiomorph.js')),
  { longestAnswerBytes },
);
// What is compressed or not text travels in base64.
const handle = serverless(app, { provider: 'aws', binary: isBinary });

export async function handler(event: ALBEvent, context: Context): Promise<ALBResult> {
  const response = await handle(withOneCookieHeader(event), context);
  // Between two events the process is frozen, so a pass that has been begun is finished first. One
  // that AWS keeps waiting is left: woken up later it finds its time over, and asks for nothing. For
  // those who listen nobody waits.
  await Promise.race([
    services.background.idle(),
    delay(longestWaitMilliseconds, undefined, { ref: false }),
  ]);
  return response as ALBResult;
}

/** Crumbs of a cookie are joined by a semicolon, not by the comma that other headers get. */
function withOneCookieHeader(event: ALBEvent): ALBEvent {
  const { multiValueHeaders } = event;
  const crumbs = multiValueHeaders?.['cookie'];
  if (crumbs === undefined) return event;
  return { ...event, multiValueHeaders: { ...multiValueHeaders, cookie: [crumbs.join('; ')] } };
}

function isBinary(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return headers['content-encoding'] !== undefined;
}
