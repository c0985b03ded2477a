import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalStackError } from './listen.ts';
import { systemErrorCode } from './system-error.ts';

/** Where the local stack keeps its world between runs. */
export interface DataFolder {
  readonly worldFile: string;
  readonly clockFile: string;
  readonly dynamoDbFolder: string;
  /** Lets the next stack have it. */
  release(): void;
}

/**
 * Takes the folder for this process, making it where it is missing.
 *
 * @throws {LocalStackError} when another process uses it: two writers would damage the database
 */
export function takeDataFolder(folder: string): DataFolder {
  const lockFile = join(folder, 'in-use-by');
  try {
    mkdirSync(folder, { recursive: true });
    const owner = ownerOf(lockFile);
    if (owner !== null && owner !== process.pid && isRunning(owner)) {
      throw new LocalStackError(
        `The folder ${folder} is in use by process ${owner}; stop that one, or set LOCAL_DATA to another folder.`,
      );
    }
    writeFileSync(lockFile, `${String(process.pid)}\n`);
  } catch (error) {
    if (error instanceof LocalStackError) throw error;
    const why = systemErrorCode(error) ?? String(error);
    throw new LocalStackError(
      `The folder ${folder} cannot be used (${why}); set LOCAL_DATA to another one, or to "memory".`,
      { cause: error },
    );
  }
  return {
    worldFile: join(folder, 'world.json'),
    clockFile: join(folder, 'clock.json'),
    dynamoDbFolder: join(folder, 'dynamodb'),
    release() {
      rmSync(lockFile, { force: true });
    },
  };
}

function ownerOf(lockFile: string): number | null {
  try {
    const owner = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
    return Number.isSafeInteger(owner) && owner > 0 ? owner : null;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return systemErrorCode(error) === 'EPERM';
  }
}
