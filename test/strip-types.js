import { stripTypeScriptTypes } from 'node:module';

// Tests run the code exactly as production does: Node's own type stripping, nothing else.
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
