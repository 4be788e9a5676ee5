import type { MessagingPort } from '../ports/messaging.ts';
import type { Receipts } from '../ports/receipts.ts';

/** As long as we hold an outcome back for a note that only failures without our echo need, ms. */
const patienceMs = 1_000;

/**
 * Notes which effect sent each message that the provider took. A note that cannot be made costs the message nothing: its
 * statuses have our echo nearly always.
 */
export function notingMessages(
  messaging: MessagingPort,
  receipts: Pick<Receipts, 'note'>,
): MessagingPort {
  return {
    upload: (file, performing) => messaging.upload(file, performing),
    async send(input, performing) {
      const sent = await messaging.send(input, performing);
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patienceMs);
      const { effectId } = performing;
      const noted = receipts.note([{ effectId, messageId: sent.messageId }]).catch(() => undefined);
      await Promise.race([noted, late]);
      clearTimeout(timer);
      return sent;
    },
  };
}
