import type { NewProperty } from './property.ts';

/**
 * Beside the seven: a run of the schedule that is to say what it would do asks AWS for no change,
 * and writes nothing but the list of the endpoints, which says when it last ran. It takes no pass
 * away from anybody.
 */
export const dryRunsChangeNothing: NewProperty = ({ violated }) => ({
  name: '9: a dry run changes nothing',
  observe(step) {
    if (step.kind !== 'requested') return;
    const { changes, operation, process } = step.call;
    if (process.kind === 'dry-run' && changes && operation !== 'put-catalogue') {
      violated(`a dry run asks for ${operation}`);
    }
  },
});
