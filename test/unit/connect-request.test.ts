import { describe, expect, it } from '@jest/globals';

import { readRequest } from '../../src/connect/connect-request.ts';
import { aConnectRequest, connectEvents } from '../builders/connect.ts';
import { alice, sampleIds } from '../builders/endpoint-for-person.ts';

const { v1, v2, v3 } = connectEvents;
const groupsOf = (groups: unknown): unknown => {
  const read = readRequest({ ...v3, groups });
  return read.ok ? read.request.groups : null;
};
const fieldsOf = (event: unknown): unknown => {
  const read = readRequest(event);
  return read.ok ? null : read.malformed.fields;
};

describe('a request', () => {
  it('is read in its newest version', () => {
    expect(readRequest(v3)).toEqual({ ok: true, request: aConnectRequest() });
  });

  it('has no version of the AWS client in the second, not even where one is sent', () => {
    const request = aConnectRequest({ schemaVersion: 'v2', clientVersion: '' });
    expect(readRequest(v2)).toEqual({ ok: true, request });
    expect(readRequest({ ...v2, 'aws-client-version': '9.9' })).toEqual({ ok: true, request });
  });

  it('has no groups either in the first, not even where some are sent', () => {
    const request = aConnectRequest({ schemaVersion: 'v1', groups: [], clientVersion: '' });
    expect(readRequest(v1)).toEqual({ ok: true, request });
    expect(readRequest({ ...v1, groups: 'engineering' })).toEqual({ ok: true, request });
  });

  it('names the person by the user name, else by the common name', () => {
    const personOf = (names: object): unknown => {
      const read = readRequest({ ...v3, ...names });
      return read.ok ? read.request.person : null;
    };
    expect(personOf({})).toBe(alice.name);
    expect(personOf({ username: '' })).toBe('laptop-7');
    expect(personOf({ username: null })).toBe('laptop-7');
    expect(personOf({ username: 'N/A' })).toBe('laptop-7');
    expect(personOf({ username: undefined })).toBe('laptop-7');
    expect(personOf({ 'common-name': '' })).toBe(alice.name);
  });

  it('may leave out what a device need not say', () => {
    const { 'connection-id': connection, 'endpoint-id': endpoint, username } = v3;
    const least = {
      'connection-id': connection,
      'endpoint-id': endpoint,
      username,
      'schema-version': 'v3',
    };
    expect(readRequest(least)).toEqual({
      ok: true,
      request: aConnectRequest({
        groups: [],
        platform: '',
        platformVersion: '',
        clientVersion: '',
        address: null,
      }),
    });
  });

  it('ignores what it does not know', () => {
    expect(readRequest({ ...v3, 'new-field': { deep: [1] } }).ok).toBe(true);
  });

  it('has its groups as a list, or as a text with commas between them', () => {
    expect(groupsOf('a, b,c')).toEqual(['a', 'b', 'c']);
    expect(groupsOf('[a, b]')).toEqual(['a', 'b']);
    expect(groupsOf('["a","b"]')).toEqual(['a', 'b']);
    expect(groupsOf(['a', 'b'])).toEqual(['a', 'b']);
    expect(groupsOf('')).toEqual([]);
    expect(groupsOf(null)).toEqual([]);
  });

  it('does not take a part of a group for a group', () => {
    expect(groupsOf('prod users')).toEqual(['prod users']);
    expect(groupsOf('prod users, test users')).toEqual(['prod users', 'test users']);
    expect(groupsOf('guests;staff')).toEqual(['guests;staff']);
    expect(groupsOf(['guests, staff'])).toEqual(['guests, staff']);
  });

  it('has an address only where it is one', () => {
    const addressOf = (address: unknown): unknown => {
      const read = readRequest({ ...v3, 'public-ip': address });
      return read.ok ? read.request.address : 'none';
    };
    expect(addressOf('2001:db8::7')).toBe('2001:db8::7');
    expect(addressOf('the moon')).toBeNull();
    expect(addressOf('')).toBeNull();
  });

  it('is read of a version that nobody knows yet, to be answered in the newest', () => {
    const request = aConnectRequest({ isVersionKnown: false });
    expect(readRequest({ ...v3, 'schema-version': 'v4' })).toEqual({ ok: true, request });
  });
});

describe('what is not a request', () => {
  it.each([
    [{ ...v3, 'endpoint-id': 'cvpn-endpoint-1' }, ['endpoint-id']],
    [{ ...v3, 'endpoint-id': undefined }, ['endpoint-id']],
    [{ ...v3, 'connection-id': '' }, ['connection-id']],
    [{ ...v3, 'schema-version': 'V3' }, ['schema-version']],
    [{ ...v3, 'schema-version': 'v0' }, ['schema-version']],
    [{ ...v3, 'schema-version': 'v4', 'endpoint-id': 'x' }, ['endpoint-id']],
    [{ ...v3, 'schema-version': undefined }, ['schema-version']],
    [{ ...v3, username: '', 'common-name': '' }, ['username']],
    [{ ...v3, username: 7 }, ['username']],
    [{ ...v3, username: 'a'.repeat(513) }, ['username']],
    [{ ...v3, username: 'alice\u001b[2J' }, ['username']],
    [{ ...v3, username: '\uD800' }, ['username']],
    [{ ...v3, platform: {} }, ['platform']],
    [{ ...v3, groups: 7 }, ['groups']],
    [{ ...v3, groups: [7] }, ['groups']],
    [{ ...v3, groups: 'a'.repeat(100_001) }, ['groups']],
    [{ ...v3, groups: Array.from({ length: 2_001 }, () => 'a') }, ['groups']],
    [null, ['request']],
    ['v3', ['request']],
    [[], ['request']],
  ])('is told by the fields that are wrong: %#', (event, fields) => {
    expect(fieldsOf(event)).toEqual(fields);
  });

  it('is answered in its own version, and by what can be read of it', () => {
    expect(readRequest({ ...v1, 'connection-id': 'x' })).toMatchObject({
      malformed: {
        schemaVersion: 'v1',
        endpointId: sampleIds.endpoint,
        person: alice.name,
        address: '203.0.113.7',
      },
    });
    expect(readRequest({ ...v2, username: 7 })).toMatchObject({
      malformed: { schemaVersion: 'v2', person: 'laptop-7' },
    });
  });

  it('is answered in the newest version where it names none that is known', () => {
    expect(readRequest({ ...v3, 'schema-version': 'none' })).toMatchObject({
      malformed: { schemaVersion: 'v3' },
    });
    expect(readRequest(undefined)).toMatchObject({
      malformed: { schemaVersion: 'v3', endpointId: null, person: '', address: null },
    });
  });
});
