/** An error as AWS answers it: `code` and `message` are what a client gets to see. */
export class ClientVpnFault extends Error {
  override readonly name = 'ClientVpnFault';
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * The errors of the Client VPN operations. Source of the codes: Amazon EC2 API Reference, "Error
 * codes"; the sentences are ours.
 */
export const fault = {
  missingParameter: (parameter: string) =>
    new ClientVpnFault('MissingParameter', `The request must contain the parameter ${parameter}`),
  invalidValue: (parameter: string, value: string, why: string) =>
    new ClientVpnFault(
      'InvalidParameterValue',
      `Value (${value}) for parameter ${parameter} is invalid. ${why}`,
    ),
  invalidCombination: (why: string) => new ClientVpnFault('InvalidParameterCombination', why),
  wouldHaveSucceeded: () =>
    new ClientVpnFault(
      'DryRunOperation',
      'Request would have succeeded, but DryRun flag is set.',
      412,
    ),
  tokenOfAnotherRequest: (clientToken: string) =>
    new ClientVpnFault(
      'IdempotentParameterMismatch',
      `The client token ${clientToken} was used before for a request with other parameters.`,
    ),
  endpointNotFound: (endpointId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnEndpointId.NotFound',
      `Endpoint ${endpointId} does not exist`,
    ),
  subnetNotFound: (subnetId: string) =>
    new ClientVpnFault('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`),
  subnetOutsideVpc: (subnetId: string, vpcId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnSubnetId.NotFound',
      `Subnet ${subnetId} is not in ${vpcId}, the VPC of the Client VPN endpoint.`,
    ),
  subnetOfAnotherAccount: (subnetId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnSubnetId.DifferentAccount',
      `Subnet ${subnetId} belongs to a different account.`,
    ),
  zoneTaken: (zone: string) =>
    new ClientVpnFault(
      'InvalidClientVpnSubnetId.DuplicateAz',
      `A target network in Availability Zone ${zone} is already associated with the Client VPN endpoint.`,
    ),
  overlappingCidr: (subnetId: string, clientCidr: string) =>
    new ClientVpnFault(
      'InvalidClientVpnSubnetId.OverlappingCidr',
      `The address range of ${subnetId} or of its VPC overlaps with the client address range ${clientCidr}.`,
    ),
  tooFewAddresses: (subnetId: string, available: number) =>
    new ClientVpnFault(
      'InsufficientFreeAddressesInSubnet',
      `Subnet ${subnetId} has ${String(available)} free addresses; a target network needs at least 20.`,
    ),
  duplicateAssociation: (subnetId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnDuplicateAssociationException',
      `Target network ${subnetId} is already associated with the Client VPN endpoint.`,
    ),
  associationNotFound: (associationId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnAssociationIdNotFound',
      `Association ${associationId} does not exist`,
    ),
  noActiveAssociation: (subnetId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnActiveAssociationNotFound',
      `The Client VPN endpoint has no active association with ${subnetId}.`,
    ),
  duplicateRoute: (destinationCidr: string, subnetId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnDuplicateRoute',
      `A route to ${destinationCidr} through ${subnetId} already exists.`,
    ),
  routeNotFound: (destinationCidr: string, subnetId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnRouteNotFound',
      `There is no route to ${destinationCidr} through ${subnetId}.`,
    ),
  routeLimit: (subnetId: string) =>
    new ClientVpnFault(
      'ClientVpnRouteLimitExceeded',
      `The association with ${subnetId} already has the most routes it may have.`,
    ),
  automaticRoute: (destinationCidr: string) =>
    new ClientVpnFault(
      'OperationNotPermitted',
      `The route to ${destinationCidr} was added with its target network and cannot be deleted on its own.`,
    ),
  connectionNotFound: (connectionId: string) =>
    new ClientVpnFault(
      'InvalidClientVpnConnection.IdNotFound',
      `There is no active connection ${connectionId}.`,
    ),
  userNotConnected: (username: string) =>
    new ClientVpnFault(
      'InvalidClientVpnConnection.UserNotFound',
      `User ${username} has no active connection.`,
    ),
  /** No code of AWS's API: it is the client's connection that fails. */
  tooManyConnections: (limit: number) =>
    new ClientVpnFault(
      'ClientVpnConnectionLimitExceeded',
      `The Client VPN endpoint takes ${String(limit)} connections at once.`,
    ),
  incorrectState: (what: string, status: string) =>
    new ClientVpnFault('IncorrectState', `${what} is in the state ${status}.`),
  tooManyOperations: () =>
    new ClientVpnFault(
      'ConcurrentMutationLimitExceeded',
      'The Client VPN endpoint already has the most concurrent operations it may have. Try again later.',
    ),
} as const;
