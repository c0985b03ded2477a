import type { Express } from 'express';
import { z } from 'zod';

/** A method and a path that the app answers, such as `POST /endpoints/:id/lease`. */
export interface AppRoute {
  readonly method: string;
  readonly path: string;
}

/** A router is a function, with its layers on it. */
const layers = z.custom<{ readonly stack: readonly unknown[] }>(
  (value) => typeof value === 'function' && 'stack' in value && Array.isArray(value.stack),
);
const layer = z.object({
  route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional(),
  handle: z.unknown(),
});

/** A router that is mounted under a path does not tell which: this is the only one. */
const assets: AppRoute = { method: 'GET', path: '/assets/:version/:name' };

/** Every route of the app, read off the app itself, so that a new one is among them. */
export function routesOf(app: Express): readonly AppRoute[] {
  return routesIn(app.router).map((route) => (route.path === '/:version/:name' ? assets : route));
}

function routesIn(router: unknown): readonly AppRoute[] {
  const found = layers.safeParse(router);
  if (!found.success) return [];
  return found.data.stack.flatMap((each) => {
    const { handle, route } = layer.parse(each);
    if (route === undefined) return routesIn(handle);
    return (
      Object.keys(route.methods)
        // Which refuses the methods that are not named.
        .filter((method) => method !== '_all')
        .map((method) => ({ method: method.toUpperCase(), path: route.path }))
    );
  });
}
