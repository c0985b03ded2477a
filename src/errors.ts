/** AWS has not been read even once, so nothing can be said of any endpoint. */
export class NotReadYetError extends Error {
  override readonly name = 'NotReadYetError';
}

/** The portal's table could not be reached, or has refused: nothing was confirmed to anybody. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
