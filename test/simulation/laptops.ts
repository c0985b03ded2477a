import type { Answered } from '../../src/connect/connect-handler.ts';
import type { Agenda } from './agenda.ts';
import type { SimulatedAws } from './aws.ts';
import { randomOf } from './random.ts';
import type { EndpointSetUp } from './scenario.ts';
import type { KeptTruth } from './truth.ts';

/** The VPN clients of the people: they sign in, are let in or not, and take their time to connect. */
export interface Laptops {
  connect(person: string): void;
  disconnect(person: string): void;
}

/** AWS takes no answer of the handler after that. */
const awsWaitsMs = 30_000;
/**
 * From the answer to the connection that AWS would list: with a listing of half a minute ago, two
 * minutes are just enough.
 */
const longestSetUpMs = 75_000;

export function createLaptops(deps: {
  readonly seed: number;
  readonly setUp: EndpointSetUp;
  readonly agenda: Agenda;
  readonly aws: SimulatedAws;
  readonly truth: KeptTruth;
  /** Asks the handler, where the endpoint names one. */
  readonly ask: (person: string, told: (answered: Answered) => void) => void;
  readonly count: (what: string) => void;
}): Laptops {
  const { agenda, aws, count, setUp, truth } = deps;
  const random = randomOf(`${deps.seed} laptops`);
  /** Who is between signing in and being connected, and the number of their try. */
  const trying = new Map<string, number>();
  let tries = 0;

  function attempt(act: () => void): void {
    try {
      aws.change(act);
    } catch {
      // What AWS refuses to a laptop has not happened.
    }
  }

  function establish(person: string, letIn: boolean): void {
    attempt(() => {
      const connectionId = aws.vpn.connect(setUp.id, person);
      truth.connected({ connectionId, person, letIn });
    });
  }

  return {
    connect(person) {
      const isThere = truth.sessions.all().some((session) => session.person === person);
      if (isThere || trying.has(person)) return;
      if (setUp.connectHandler === 'none') {
        establish(person, false);
        return;
      }
      // Where nothing is associated nobody gets as far as the handler.
      if (truth.associations().every(({ status }) => status !== 'associated')) return;
      tries += 1;
      const nth = tries;
      const isOver = (): boolean => trying.get(person) !== nth;
      trying.set(person, nth);
      let answered = false;
      agenda.after(awsWaitsMs, () => {
        if (!answered && !isOver()) trying.delete(person);
      });
      deps.ask(person, ({ allowed, reason }) => {
        if (isOver()) return;
        answered = true;
        if (!allowed) {
          count(`not let in: ${reason ?? ''}`);
          trying.delete(person);
          return;
        }
        // Whom the setting lets in when the table fails is not in the table.
        const isNoted = reason === null;
        count(isNoted ? 'let in' : 'let in by the setting');
        if (isNoted) truth.settingUp(person, true);
        agenda.after(random.whole(1_000, longestSetUpMs), () => {
          truth.settingUp(person, false);
          if (isOver()) return;
          trying.delete(person);
          establish(person, isNoted);
        });
      });
    },
    disconnect(person) {
      trying.delete(person);
      truth.settingUp(person, false);
      const session = truth.sessions.all().find((each) => each.person === person);
      if (session === undefined) return;
      attempt(() => aws.vpn.disconnect(session.connectionId));
      truth.refreshSessions();
    },
  };
}
