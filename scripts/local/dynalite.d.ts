/** The part of dynalite that the local stack uses; the package has no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** A folder; without it everything is kept in memory. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** Not listening yet. Closing the server closes the database too. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
