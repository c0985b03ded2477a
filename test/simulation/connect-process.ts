import type { Clock } from '../../src/clock.ts';
import { createConnectHandler } from '../../src/connect/connect-handler.ts';
import type { Answered } from '../../src/connect/connect-handler.ts';
import type { StartTimer } from '../../src/connect/timer.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryTable } from '../fakes/memory-stores.ts';
import type { Agenda } from './agenda.ts';
import type { SimulatedAws } from './aws.ts';
import type { SimulatedProcess } from './call.ts';
import { createSimulatedPort } from './client-vpn-port.ts';
import type { Gate } from './gate.ts';
import { randomOf } from './random.ts';
import type { Variant } from './variant.ts';

/** The client connect handler: AWS starts it for each client that has signed in. */
export interface ConnectProcesses {
  /** @param told once it has answered; never, where it dies */
  ask(person: string, told: (answered: Answered) => void): void;
}

export interface ConnectProcessDependencies {
  readonly seed: number;
  readonly agenda: Agenda;
  readonly clock: Clock;
  readonly aws: SimulatedAws;
  readonly gate: Gate;
  readonly table: MemoryTable;
  readonly audit: MemoryAuditLog;
  readonly variant: Variant;
  readonly onFailure: 'allow' | 'deny';
  readonly run: (process: SimulatedProcess, work: () => Promise<unknown>) => void;
  readonly wake: (process: SimulatedProcess) => void;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function createConnectProcesses(
  deps: ConnectProcessDependencies,
  endpointId: EndpointId,
): ConnectProcesses {
  const { agenda, audit, aws, clock, gate, run, seed, table, variant } = deps;
  let serial = 0;

  function timerOf(process: SimulatedProcess): StartTimer {
    return (seconds) => {
      let stopped = false;
      const over = new Promise<void>((resolve) => {
        agenda.after(seconds * 1000, () => {
          if (stopped || !process.life.alive) return;
          resolve();
          deps.wake(process);
        });
      });
      return {
        over,
        stop: () => {
          stopped = true;
        },
      };
    };
  }

  return {
    ask(person, told) {
      serial += 1;
      const name = `handler ${serial}`;
      const process: SimulatedProcess = {
        name,
        kind: 'connect',
        life: { alive: true },
        random: randomOf(`${seed} ${name}`),
        startedAt: agenda.now(),
        personId: person,
        // It reads two things at once, and its time runs out while it waits.
        releases: false,
        sequential: false,
        pending: 0,
        finished: false,
      };
      const { catalogue, endpoints: stored } = createMemoryStores(gate.table(process), table);
      const clientVpn = createSimulatedPort(aws, gate, process);
      const newId = (): string => name;
      const { endpoints } = variant({ clientVpn, endpoints: stored }, { newId, kind: 'connect' });
      const answer = createConnectHandler({
        endpoints,
        catalogue,
        audit: { append: (entry) => gate.audit(process, () => void audit.append(entry)) },
        denials: { append: () => gate.audit(process, () => undefined) },
        clock,
        log: silent,
        startTimer: timerOf(process),
        settings: {
          onFailure: deps.onFailure,
          portalUrl: 'https://vpn.example.com',
          language: 'en',
        },
        onAnswered: told,
      });
      run(process, () =>
        answer({
          'connection-id': `cvpn-connection-${serial.toString(16).padStart(17, '0')}`,
          'endpoint-id': endpointId,
          'common-name': '',
          username: person,
          'schema-version': 'v3',
        }),
      );
    },
  };
}
