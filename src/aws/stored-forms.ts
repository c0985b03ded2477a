import { z } from 'zod';

import {
  parseAssociationId,
  parseConnectionId,
  parseEndpointId,
  parseSubnetId,
  parseVpcId,
} from '../vpn/ids.ts';

/* What stored items are made of: times as ISO strings, which compare as they should in conditions. */

/** Raised when an item's form changes; an item of another version is refused, not guessed at. */
export const schemaVersion = 1;

export const time = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

function id<Id extends string>(parse: (text: string) => Id | null) {
  return z.codec(z.string(), z.custom<Id>(), {
    decode: (text, context) => {
      const parsed = parse(text);
      if (parsed !== null) return parsed;
      context.issues.push({ code: 'custom', message: 'not such an id', input: text });
      return z.NEVER;
    },
    encode: (value) => value,
  });
}

export const associationId = id(parseAssociationId);
export const connectionId = id(parseConnectionId);
export const endpointId = id(parseEndpointId);
export const subnetId = id(parseSubnetId);
export const vpcId = id(parseVpcId);
