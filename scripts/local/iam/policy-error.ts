/**
 * A policy, or a template with one, that cannot be judged here. What is not understood is refused:
 * a condition that is passed over would allow what AWS denies.
 */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
