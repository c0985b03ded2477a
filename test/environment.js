import { createRequire } from 'node:module';

import { TestEnvironment } from 'jest-environment-node';

/** Jest's own, in which `load-natively.js` finds Node's `require`. */
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.requireNatively = createRequire(import.meta.url);
  }
}
