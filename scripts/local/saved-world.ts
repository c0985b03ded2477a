import { addSampleWorld, sampleAccountId, sampleRegion } from './sample-world.ts';
import { createSimulatedClientVpn } from './client-vpn/simulated-client-vpn.ts';
import type { SimulatedClientVpn } from './client-vpn/simulated-client-vpn.ts';
import type { Timings } from './client-vpn/moment.ts';
import type { MovableClock } from './clock.ts';
import { damagedFile, readSavedFile, writeSavedFile } from './saved-file.ts';

/** A simulated Client VPN whose state outlives the process. */
export interface SavedWorld {
  readonly clientVpn: SimulatedClientVpn;
  /** Writes the state if it has changed since it was written last. */
  save(): void;
}

/**
 * The world of the last run, or the sample world where there was none.
 *
 * @param file `null` keeps everything in memory
 * @throws {LocalStackError} when the file is damaged
 */
export function openWorld(clock: MovableClock, timings: Timings, file: string | null): SavedWorld {
  const place = { clock, timings, region: sampleRegion, accountId: sampleAccountId };
  const saved = file === null ? null : readSavedFile(file);
  const clientVpn = saved === null ? createSimulatedClientVpn(place) : restored(saved);
  if (saved === null) addSampleWorld(clientVpn);
  let written = '';

  function restored(snapshot: unknown): SimulatedClientVpn {
    try {
      return createSimulatedClientVpn({ ...place, restore: snapshot });
    } catch (error) {
      throw damagedFile(file ?? '', error);
    }
  }

  return {
    clientVpn,
    save() {
      if (file === null) return;
      const snapshot = clientVpn.snapshot();
      const text = JSON.stringify(snapshot);
      if (text === written) return;
      writeSavedFile(file, snapshot);
      written = text;
    },
  };
}
