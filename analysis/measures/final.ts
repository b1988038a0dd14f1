/** How all stood when the run ended. */
import { availability } from './availability.js';
import { count, flag } from './fields.js';
import { measure } from './measure.js';

const fields = {
  final: {
    healthy: flag('whether the plane was at the end'),
    coordinators: count('managers', 'that coordinate at the end'),
    managers: count('managers', 'alive at the end'),
    resources: count('resources', 'alive at the end'),
    unmanaged: count('resources', 'alive at the end that no live manager holds'),
  },
};

export const final = measure(fields, ({ health, of }) => {
  const lived = of(availability);
  return {
    summary: () => {
      const resources = health.plane.liveResources;
      return {
        final: {
          healthy: health.healthy(),
          coordinators: health.plane.coordinators,
          managers: lived.managersLive,
          resources,
          unmanaged: resources - health.plane.heldResources,
        },
      };
    },
  };
});
