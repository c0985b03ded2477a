import { expect } from '@jest/globals';

import type { AwsClients } from '../../src/aws/clients.ts';
import { minutesAfter } from '../../src/clock.ts';
import { textOf } from '../web/page-text.ts';
import { atOnce, clientsFor, startPortal } from '../web/portal-under-test.ts';
import type { PersonKey, PortalUnderTest } from '../web/portal-under-test.ts';
import { addOffice, networksOf } from './world.ts';
import type { OfficeEndpoint } from './world.ts';

/** A portal in a world where nothing takes AWS any time, and one office after the other in it. */
export interface OfficePortal extends PortalUnderTest {
  readonly aws: AwsClients;
  /**
   * A new office, which is on, known to the portal, and needed by nobody for two thirds of its idle
   * grace of half an hour; nothing else is managed.
   */
  office(tags?: Readonly<Record<string, string>>): Promise<OfficeEndpoint>;
  /** The schedule comes once in each of these minutes. */
  pass(minutes: number): Promise<void>;
  /** The schedule comes in each of the last three of these minutes, and once in ten before them. */
  passRarely(minutes: number): Promise<void>;
  /** Sends a form as it stands on a page; the answer leads on, and what follows is over. */
  send(
    person: PersonKey,
    address: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** An administrator's form. */
  act(
    what: string,
    office: OfficeEndpoint,
    form?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** What a person reads on the office's page a moment later. */
  pageOf(person: PersonKey, office: OfficeEndpoint): Promise<string>;
  isOn(office: OfficeEndpoint): boolean;
  /** What AWS says of a connection. */
  statusOf(office: OfficeEndpoint, connectionId: string): string | undefined;
}

export async function startOfficePortal(): Promise<OfficePortal> {
  const portal = await startPortal({
    stack: atOnce,
  });
  const { clientVpn, clock, ec2, environment } = portal.stack;
  const aws = clientsFor(environment);
  let offices = 0;

  async function pass(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 1) {
      portal.later(60);
      await portal.schedule();
    }
  }

  async function passRarely(minutes: number): Promise<void> {
    for (let left = minutes - 3; left > 0; left -= 10) {
      portal.later(Math.min(left, 10) * 60);
      await portal.schedule();
    }
    await pass(3);
  }

  const send: OfficePortal['send'] = async (person, address, form = {}) => {
    const { headers, status, text } = await portal.as(person).post(address, form);
    expect({ status, said: textOf(text) }).toMatchObject({ status: 303 });
    await portal.settled();
    return String(headers['location']);
  };

  return {
    ...portal,
    aws,
    pass,
    passRarely,
    send,
    async office(tags = {}) {
      for (const { clientVpnEndpointId } of clientVpn.describeClientVpnEndpoints()) {
        clientVpn.setTags(clientVpnEndpointId, {});
      }
      offices += 1;
      const onSince = minutesAfter(clock.now(), -20);
      const office = await addOffice(portal.stack, aws, offices, { onSince, tags });
      await pass(1);
      portal.later(10);
      ec2.resetCalls();
      return office;
    },
    act: (what, { id }, form) => send('carol', `/admin/endpoints/${id}/${what}`, form),
    async pageOf(person, { id }) {
      portal.later(2);
      const { text } = await portal.as(person).get(`/endpoints/${id}`);
      await portal.settled();
      return textOf(text);
    },
    isOn: (office) => networksOf(portal.stack, office).length > 0,
    statusOf: ({ id }, connectionId) =>
      clientVpn
        .describeClientVpnConnections({ clientVpnEndpointId: id })
        .find((connection) => connection.connectionId === connectionId)?.status.code,
    async stop() {
      aws.ec2.destroy();
      aws.dynamo.destroy();
      await portal.stop();
    },
  };
}
