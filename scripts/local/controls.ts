import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalHandler } from './alb/stand-in.ts';
import { answerJson, answerNothing, answerPage, answerSentence, redirect } from './answer.ts';
import { ClientVpnFault } from './client-vpn/fault.ts';
import type { SimulatedClientVpn } from './client-vpn/simulated-client-vpn.ts';
import type { MovableClock } from './clock.ts';
import type { PublishedEvent } from './eventbridge/published-events.ts';
import * as inputs from './control-inputs.ts';
import type { Faults } from './faults.ts';
import { localPage } from './local-page.ts';
import { RefusedRequest, isForm, readFields, refuseCrossSite } from './request-fields.ts';
import { readWorldState } from './world-state.ts';

export interface ControlledWorld {
  readonly clientVpn: SimulatedClientVpn;
  readonly faults: Faults;
  readonly clock: MovableClock;
  /** What was published, the oldest first. */
  events(): readonly PublishedEvent[];
  /** Runs what the schedule owes after the clock was moved. */
  fireDue(): Promise<void>;
  expireSessions(): void;
  /** The style sheet of the page. */
  readonly styleSheet: string;
}

interface Answer {
  readonly status: 200 | 201 | 204;
  readonly body?: unknown;
}

interface Control {
  readonly method: 'POST' | 'DELETE';
  readonly path: RegExp;
  /** @param id the part of the path that the control is about, empty where it has none */
  run(request: IncomingMessage, id: string): Promise<Answer>;
}

/** How long a move of the clock waits for the schedule: it may have been told to get no answer. */
const scheduleWaitMs = 5000;

/** The page to play with the simulated AWS, and the same controls as JSON for programs. */
export function createControls(world: ControlledWorld): LocalHandler {
  const controls = controlsOf(world);

  async function act(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const asForm = isForm(request);
    try {
      refuseCrossSite(request);
      const answer = await perform(controls, request, asForm, path);
      if (asForm) redirect(response, 303, '/local');
      else if (answer.status === 204) answerNothing(response);
      else answerJson(response, answer.status, answer.body);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      if (asForm) {
        answerSentence(response, refusal.status, refusal.sentence, {
          href: '/local',
          label: 'Back to the local stack',
        });
      } else {
        answerJson(response, refusal.status, { error: refusal.sentence, code: refusal.code });
      }
    }
  }

  return async (request, response, url, signedIn) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      await act(request, response, url.pathname);
    } else if (url.pathname === '/local' || url.pathname === '/local/') {
      answerPage(response, 200, localPage(readWorldState(world), signedIn));
    } else if (url.pathname === '/local/state') {
      answerJson(response, 200, readWorldState(world));
    } else if (url.pathname === '/local/style.css') {
      response.writeHead(200, {
        'content-type': 'text/css; charset=utf-8',
        'cache-control': 'no-cache',
      });
      response.end(world.styleSheet);
    } else {
      answerSentence(response, 404, 'There is no such page in the local stack.', {
        href: '/local',
        label: 'To the local stack',
      });
    }
  };
}

async function perform(
  controls: readonly Control[],
  request: IncomingMessage,
  asForm: boolean,
  path: string,
): Promise<Answer> {
  // A form can only POST: with "/delete" behind the path it means DELETE.
  const isFormDelete = asForm && request.method === 'POST' && path.endsWith('/delete');
  const method = isFormDelete ? 'DELETE' : request.method;
  const wanted = isFormDelete ? path.slice(0, -'/delete'.length) : path;
  const onPath = controls.filter((control) => control.path.test(wanted));
  const control = onPath.find((candidate) => candidate.method === method);
  if (control !== undefined) {
    return control.run(request, control.path.exec(wanted)?.[1] ?? '');
  }
  if (onPath.length === 0) throw new RefusedRequest(404, 'The local stack has no such control.');
  const allowed = onPath.map((candidate) => candidate.method).join(' and ');
  throw new RefusedRequest(405, `This control is used with ${allowed}.`);
}

function refusalOf(
  error: unknown,
): { readonly status: number; readonly sentence: string; readonly code?: string } | null {
  if (error instanceof RefusedRequest) return { status: error.status, sentence: error.message };
  if (!(error instanceof ClientVpnFault)) return null;
  const { code, message } = error;
  if (/NotFound$/.test(code)) return { status: 404, sentence: message, code };
  return { status: code.startsWith('InvalidParameter') ? 400 : 409, sentence: message, code };
}

function controlsOf(world: ControlledWorld): readonly Control[] {
  const { clientVpn, clock, faults } = world;
  const done: Answer = { status: 204 };
  const silence = (id: string, silent: boolean): Answer => {
    if (clientVpn.setSilent(id, silent)) return done;
    throw new RefusedRequest(404, `There is no live connection ${id}.`);
  };

  return [
    {
      method: 'POST',
      path: /^\/local\/connections$/,
      async run(request) {
        const { endpointId, username } = await readFields(request, inputs.connectionInput);
        return { status: 201, body: { connectionId: clientVpn.connect(endpointId, username) } };
      },
    },
    {
      method: 'DELETE',
      path: /^\/local\/connections\/([^/]+)$/,
      run(_request, id) {
        if (!clientVpn.disconnect(id)) {
          throw new RefusedRequest(404, `There is no live connection ${id}.`);
        }
        return Promise.resolve(done);
      },
    },
    {
      method: 'POST',
      path: /^\/local\/connections\/([^/]+)\/silence$/,
      run: (_request, id) => Promise.resolve(silence(id, true)),
    },
    {
      method: 'DELETE',
      path: /^\/local\/connections\/([^/]+)\/silence$/,
      run: (_request, id) => Promise.resolve(silence(id, false)),
    },
    {
      method: 'POST',
      path: /^\/local\/clock$/,
      async run(request) {
        const { advanceMinutes } = await readFields(request, inputs.clockInput);
        clock.advance(advanceMinutes);
        await Promise.race([world.fireDue(), delay(scheduleWaitMs, undefined, { ref: false })]);
        return { status: 200, body: { now: clock.now().toISOString() } };
      },
    },
    {
      method: 'POST',
      path: /^\/local\/faults$/,
      async run(request) {
        const fault = await readFields(request, inputs.faultInput);
        faults.add(fault);
        return { status: 201, body: fault };
      },
    },
    {
      method: 'DELETE',
      path: /^\/local\/faults$/,
      run() {
        faults.clear();
        return Promise.resolve(done);
      },
    },
    {
      method: 'POST',
      path: /^\/local\/associations$/,
      async run(request) {
        const { endpointId, subnetId } = await readFields(request, inputs.associationInput);
        const { associationId } = clientVpn.associateClientVpnTargetNetwork({
          clientVpnEndpointId: endpointId,
          subnetId,
        });
        return { status: 201, body: { associationId } };
      },
    },
    {
      method: 'DELETE',
      path: /^\/local\/associations\/([^/]+)$/,
      run(_request, associationId) {
        clientVpn.disassociateClientVpnTargetNetwork({
          clientVpnEndpointId: endpointOf(clientVpn, associationId),
          associationId,
        });
        return Promise.resolve(done);
      },
    },
    {
      method: 'POST',
      path: /^\/local\/routes$/,
      async run(request) {
        const route = await readFields(request, inputs.routeInput);
        clientVpn.createClientVpnRoute({
          clientVpnEndpointId: route.endpointId,
          destinationCidrBlock: route.destinationCidr,
          targetVpcSubnetId: route.subnetId,
          description: route.description,
        });
        return { status: 201, body: route };
      },
    },
    {
      method: 'POST',
      path: /^\/local\/failed-associations$/,
      async run(request) {
        const planned = await readFields(request, inputs.failedAssociationInput);
        clientVpn.failNextAssociation(planned.subnetId, planned.message, planned.times);
        return { status: 201, body: planned };
      },
    },
    {
      method: 'POST',
      path: /^\/local\/slow-associations$/,
      async run(request) {
        const planned = await readFields(request, inputs.slowAssociationInput);
        clientVpn.delayNextAssociation(planned.subnetId, planned.seconds);
        return { status: 201, body: planned };
      },
    },
    {
      method: 'DELETE',
      path: /^\/local\/sessions$/,
      run() {
        world.expireSessions();
        return Promise.resolve(done);
      },
    },
  ];
}

function endpointOf(clientVpn: SimulatedClientVpn, associationId: string): string {
  const endpoint = clientVpn
    .describeClientVpnEndpoints()
    .find(({ clientVpnEndpointId }) =>
      clientVpn
        .describeClientVpnTargetNetworks({ clientVpnEndpointId })
        .some((association) => association.associationId === associationId),
    );
  if (endpoint === undefined) {
    throw new RefusedRequest(404, `There is no association ${associationId}.`);
  }
  return endpoint.clientVpnEndpointId;
}
