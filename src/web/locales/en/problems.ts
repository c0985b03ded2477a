import type { PolicyProblem } from '../../../vpn/policy.ts';
import type { SubnetProblem } from '../../../vpn/subnet.ts';

/** What is wrong with a tag, and how to mend it. Names the tag and the value. */
export function policyProblem({ code, tag, value }: PolicyProblem): string {
  switch (code) {
    case 'subnets-missing':
      return `The tag ${tag} is missing or empty. Set it to the ids of the subnets to associate, separated by spaces.`;
    case 'subnet-malformed':
      return `The tag ${tag} contains “${value}”, which is not a subnet id. Write it as subnet- followed by 8 or 17 hexadecimal digits.`;
    case 'subnet-twice':
      return `The tag ${tag} names ${value} twice. Remove one of the two.`;
    case 'too-many-subnets':
      return `The tag ${tag} names ${value} subnets. Keep at most 5.`;
    case 'name-too-long':
      return `The tag ${tag} is longer than 80 characters: “${value}”. Choose a shorter name.`;
    case 'groups-empty':
      return `The tag ${tag} is empty, so nobody may use the endpoint. Write the ids of its groups, or remove the tag to admit everyone who is signed in.`;
    case 'idle-minutes-invalid':
      return `The tag ${tag} is “${value}”. Set it to a whole number of minutes from 1 to 1440.`;
    case 'lease-minutes-invalid':
      return value === ''
        ? `The tag ${tag} is empty. Write the choices in whole minutes from 1 to 1440, separated by spaces, or remove the tag.`
        : `The tag ${tag} contains “${value}”. Write the choices in whole minutes from 1 to 1440, separated by spaces.`;
    case 'silent-minutes-invalid':
      return `The tag ${tag} is “${value}”. Set it to a whole number of minutes from 1 to 10080, or remove the tag so that every open connection counts as use.`;
    case 'off-at-invalid':
      return `The tag ${tag} is “${value}”. Write a time of day and a time zone, such as 22:00 Asia/Tokyo.`;
    case 'off-at-cuts-off-invalid':
      return `The tag ${tag} is “${value}”. Set it to true or false.`;
    case 'transit-gateway':
      return 'This endpoint belongs to a Transit Gateway and has no subnets to associate, so the portal cannot manage it. Remove its tag vpn-portal:managed.';
    case 'connect-flag-invalid':
      return `The tag ${tag}, a condition for connecting, is “${value}”. Set it to true or false, or remove it.`;
    case 'connect-one-per-person-invalid':
      return `The tag ${tag} is “${value}”. Set it to newer-wins or older-stays, or remove it to let people have several connections.`;
    case 'connect-client-version-invalid':
      return `The tag ${tag} is “${value}”. Write the oldest AWS client that may connect in numbers, such as 5.2.0, or remove the tag.`;
    case 'connect-platform-malformed':
      return value === ''
        ? `The tag ${tag} is empty, so no device could connect. Write the platforms, such as win:10.0 mac linux, or remove the tag.`
        : `The tag ${tag} contains “${value}”. Write each platform once, and where it matters its oldest version in numbers, such as win:10.0 mac linux.`;
  }
}

/** Why AWS would refuse a subnet, and how to mend it. */
export function subnetProblem({ code, subnetId, detail }: SubnetProblem): string {
  switch (code) {
    case 'subnet-not-found':
      return `The subnet ${subnetId} does not exist in this account and Region. Correct the tag vpn-portal:subnets.`;
    case 'subnets-in-one-zone':
      return `The subnets ${subnetId} and ${detail} are in the same Availability Zone. Keep only one of them in the tag vpn-portal:subnets.`;
    case 'subnets-in-two-vpcs':
      return `The subnets ${subnetId} and ${detail} are in different VPCs. Name subnets of a single VPC in the tag vpn-portal:subnets.`;
    case 'subnet-too-small':
      return `The subnet ${subnetId} (${detail}) is too small. Choose one of at least /27.`;
    case 'too-few-addresses':
      return `The subnet ${subnetId} has only ${detail} free addresses. AWS needs at least 20: free some, or choose another subnet.`;
  }
}
