import type { ConnectionId, EndpointId } from '../../src/vpn/ids.ts';
import { routeKey } from '../../src/vpn/route.ts';
import type { Agenda } from './agenda.ts';
import type { SimulatedAws } from './aws.ts';
import type { Call, Step } from './call.ts';
import type { Laptops } from './laptops.ts';
import type { Pauses } from './pauses.ts';
import type { PortalProcess } from './processes.ts';
import type { Scenario, WorldAct } from './scenario.ts';
import { calm } from './weather.ts';
import type { Fault, WeatherRates } from './weather.ts';
import type { KeptTruth } from './truth.ts';

export interface WorldActsDependencies {
  readonly scenario: Scenario;
  readonly agenda: Agenda;
  readonly aws: SimulatedAws;
  readonly truth: KeptTruth;
  readonly pauses: Pauses;
  readonly laptops: Laptops;
  readonly portal: (index: number) => PortalProcess;
  readonly killPortal: (index: number) => void;
  readonly trip: (operation: Call['operation'], fault: Fault) => void;
  readonly dryRun: () => void;
  readonly setWeather: (rates: WeatherRates) => void;
  readonly observe: (step: Step) => void;
  readonly disturb: (what: string) => void;
}

/** Somebody who has come in the middle of something leaves after so long. */
const stayMs = 12 * 60_000;

/** What comes from outside: people, their laptops, the console, and AWS's own moods. */
export function createWorldActs(deps: WorldActsDependencies): (act: WorldAct) => void {
  const { agenda, aws, laptops, scenario, truth } = deps;
  const { id, subnets } = scenario.endpoint;
  let weatherUntil = 0;

  /** What AWS refuses to the console has not happened. */
  function attempt(act: () => void): boolean {
    try {
      aws.change(act);
      return true;
    } catch {
      return false;
    }
  }

  function inTheConsole(change: () => void): boolean {
    deps.disturb('console');
    return attempt(change);
  }

  return (act) => {
    let touchedRoute: string | null = null;
    let tookNetwork = false;
    switch (act.kind) {
      case 'request':
        deps.portal(act.portal).request(act.person, act.minutes);
        break;
      case 'release':
        deps.portal(act.portal).release(act.person);
        break;
      case 'look':
        deps.portal(act.portal).look();
        break;
      case 'connect':
        laptops.connect(act.person);
        if (act.moment !== undefined) {
          agenda.after(stayMs, () => {
            laptops.disconnect(act.person);
          });
        }
        break;
      case 'disconnect':
        laptops.disconnect(act.person);
        break;
      case 'silence':
        truth.setSilent(act.person, act.silent);
        break;
      case 'hold':
      case 'release-hold':
      case 'stop':
        deps.portal(act.portal).administer(act.admin, act);
        break;
      case 'terminate': {
        const connectionId = anyConnection(act.nth);
        if (connectionId === undefined) break;
        deps.portal(act.portal).administer(act.admin, { kind: 'terminate', connectionId });
        break;
      }
      case 'pause':
        deps.pauses.set({ until: new Date(agenda.now() + act.minutes * 60_000) });
        break;
      case 'resume':
        deps.pauses.set(null);
        break;
      case 'dry-run':
        deps.dryRun();
        break;
      case 'kill':
        deps.disturb('killed');
        deps.killPortal(act.portal);
        break;
      case 'trip':
        deps.trip(act.operation, act.fault);
        break;
      case 'weather':
        weatherUntil = Math.max(weatherUntil, act.untilMs);
        deps.setWeather(act.rates);
        agenda.at(act.untilMs, () => {
          if (agenda.now() >= weatherUntil) deps.setWeather(calm);
        });
        break;
      case 'slow-association':
        aws.vpn.delayNextAssociation(subnetOf(act.subnet), act.seconds);
        break;
      case 'failing-association':
        aws.vpn.failNextAssociation(subnetOf(act.subnet), 'No address was free.', act.times);
        break;
      case 'console-associate':
        inTheConsole(() => {
          const subnetId = subnetOf(act.subnet);
          aws.vpn.associateClientVpnTargetNetwork({ clientVpnEndpointId: id, subnetId });
        });
        break;
      case 'console-disassociate':
        tookNetwork = consoleDisassociate(subnetOf(act.subnet), id);
        break;
      case 'console-add-route': {
        const { destinationCidr } = act;
        const subnetId = subnetOf(act.subnet);
        const added = inTheConsole(() => {
          aws.vpn.createClientVpnRoute({
            clientVpnEndpointId: id,
            destinationCidrBlock: destinationCidr,
            targetVpcSubnetId: subnetId,
            description: `to ${destinationCidr}`,
          });
        });
        if (added) touchedRoute = routeKey({ destinationCidr, subnetId });
        break;
      }
      case 'console-delete-route': {
        const routes = truth.manualRoutes();
        const route = routes[act.nth % Math.max(1, routes.length)];
        if (route === undefined) break;
        const deleted = inTheConsole(() => {
          aws.vpn.deleteClientVpnRoute({
            clientVpnEndpointId: id,
            destinationCidrBlock: route.destinationCidr,
            targetVpcSubnetId: route.subnetId,
          });
        });
        if (deleted) touchedRoute = routeKey(route);
        break;
      }
    }
    deps.observe({ kind: 'world', touchedRoute, tookNetwork });
  };

  /** As an administrator's page lists them, those that ended a while ago too. */
  function anyConnection(nth: number): ConnectionId | undefined {
    const listed = aws.connections.now();
    return listed[nth % Math.max(1, listed.length)]?.id;
  }

  function subnetOf(index: number): (typeof subnets)[number] {
    const subnet = subnets[index % subnets.length];
    if (subnet === undefined) throw new Error('a scenario without subnets');
    return subnet;
  }

  function consoleDisassociate(subnetId: string, clientVpnEndpointId: EndpointId): boolean {
    const association = truth.associations().find((each) => each.subnetId === subnetId);
    if (association === undefined) return false;
    const taken = inTheConsole(() => {
      aws.vpn.disassociateClientVpnTargetNetwork({
        clientVpnEndpointId,
        associationId: association.id,
      });
    });
    truth.refreshSessions();
    return taken;
  }
}
