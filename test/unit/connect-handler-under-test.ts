import type { AuditWriter } from '../../src/audit/audit-log.ts';
import type { ConnectDenials } from '../../src/audit/connect-denials.ts';
import { createConnectHandler } from '../../src/connect/connect-handler.ts';
import type {
  Answered,
  ConnectHandler,
  ConnectHandlerDependencies,
  ConnectSettings,
} from '../../src/connect/connect-handler.ts';
import type { Catalogue } from '../../src/vpn/catalogue.ts';
import { aCatalogue } from '../builders/connect.ts';
import { createManualTimers } from '../builders/manual-timers.ts';
import type { ManualTimers } from '../builders/manual-timers.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { createMemoryConnectDenials } from '../fakes/memory-connect-denials.ts';
import type { MemoryConnectDenials } from '../fakes/memory-connect-denials.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

export interface HandlerUnderTest {
  readonly answer: ConnectHandler;
  readonly stores: MemoryStores;
  readonly audit: MemoryAuditLog;
  readonly denials: MemoryConnectDenials;
  readonly log: RecordingLog;
  readonly clock: StoppedClock;
  readonly timers: ManualTimers;
  readonly answered: readonly Answered[];
}

export const portalUrl = 'https://vpn.example.com';

/** The handler over stores in memory, with the sample endpoint listed and no conditions. */
export async function startHandler(
  options: {
    readonly catalogue?: Catalogue | null;
    readonly settings?: Partial<ConnectSettings>;
    readonly endpoints?: (stores: MemoryStores) => Partial<ConnectHandlerDependencies['endpoints']>;
    readonly readCatalogue?: ConnectHandlerDependencies['catalogue']['get'];
    readonly onAnswered?: (answered: Answered) => void;
    readonly appendAudit?: AuditWriter['append'];
    readonly appendDenial?: ConnectDenials['append'];
  } = {},
): Promise<HandlerUnderTest> {
  const { catalogue = aCatalogue() } = options;
  const clock = createStoppedClock();
  const stores = createMemoryStores();
  if (catalogue !== null) await stores.catalogue.put(catalogue, catalogue.schedule);
  const audit = createMemoryAuditLog();
  const denials = createMemoryConnectDenials(clock);
  const log = createRecordingLog();
  const timers = createManualTimers();
  const answered: Answered[] = [];
  const answer = createConnectHandler({
    endpoints: { ...stores.endpoints, ...options.endpoints?.(stores) },
    catalogue: { get: options.readCatalogue ?? (() => stores.catalogue.get()) },
    audit: { append: options.appendAudit ?? ((entry) => audit.append(entry)) },
    denials: { append: options.appendDenial ?? ((denial) => denials.append(denial)) },
    clock,
    log,
    startTimer: timers.startTimer,
    settings: { onFailure: 'deny', portalUrl, language: 'en', ...options.settings },
    onAnswered: options.onAnswered ?? ((each) => answered.push(each)),
  });
  return { answer, stores, audit, denials, log, clock, timers, answered };
}

/** Never resolves, as a table that has gone. */
export const hanging = (): Promise<never> => new Promise(() => undefined);
