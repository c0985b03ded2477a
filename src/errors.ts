/** The portal's table could not be reached, or has refused: nothing was confirmed to anybody. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
