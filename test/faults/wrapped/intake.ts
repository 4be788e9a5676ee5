import { createIntake as createReal } from '../../../actors/intake.ts';
import { passing } from '../failpoints.ts';

/** The intake, with a failpoint between the commit of what came and the answer. */
export function createIntake(
  ...options: Parameters<typeof createReal>
): ReturnType<typeof createReal> {
  const intake = createReal(...options);
  return {
    ...intake,
    async receive(deliveries) {
      const receipts = await intake.receive(deliveries);
      passing('edge.after-commit');
      return receipts;
    },
  };
}
