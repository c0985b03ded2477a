import { createRequire } from 'node:module';
import vm from 'node:vm';

import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's own, but for two things. Its global object is one that V8 knows: Jest's is a proxy before an
 * interceptor, and each `Array` or `Math` in the code a hundred times as dear. And `load-natively.js`
 * finds Node's `require` in it.
 */
export default class extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    this.global.requireNatively = createRequire(import.meta.url);
  }
}
