/* As many calls of a stack as Node itself takes. Jest's hundred are taken at every `expect`. */
Error.stackTraceLimit = 10;
