// The CDK is several thousand modules, and its validator takes seconds to come to life. Every suite would
// load all of it anew through Jest's own module system; Node loads it once for each worker, as it does
// when the templates are really made.
export default {
  process: (_source, file) => ({
    code: `module.exports = requireNatively(${JSON.stringify(file)});`,
  }),
};
