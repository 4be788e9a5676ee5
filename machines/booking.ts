import {
  asAwaiting,
  asConfirmed,
  asDisputed,
  asHeld,
  asLapsed,
  asOpening,
  asRefunded,
  asRefunding,
  checkoutOrder,
  codeOf,
  initialContext,
  linkLate,
  linkRenewal,
  outputOf,
  ownReference,
  paymentKnown,
  paymentLink,
  paymentNone,
  paymentReference,
  paymentReminder,
  paymentTwice,
  paymentUnread,
  refundNews,
  refundOrder,
  tripKnown,
  tripUnpaid,
} from './booking-rules.ts';
import { bookingSetup } from './booking-setup.ts';

/**
 * One booking, from the accepted offer on: opens a checkout, sends its link, waits, and believes in money only when the
 * provider itself says so. Whatever is heard, the payment is read, and `reading` alone decides what it means. Once paid
 * it stays to see refunds and disputes; anything in doubt is held for staff. It never ends by itself: money may come
 * late, and go back late.
 */
export const bookingMachine = bookingSetup.createMachine({
  id: 'booking',
  version: '6',
  description: 'One booking: its checkouts, its payment, refunds and disputes.',
  meta: { label: 'Booking', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'opening',
  on: {
    // Where nothing else is said, these are noted, and count as soon as something is decided.
    'reminder.due': [
      {
        guard: 'mayRemind',
        actions: ['setReminded', { type: 'say', params: paymentReminder }],
      },
      { actions: 'setReminded' },
    ],
    'link.over': { actions: 'setLinkOver' },
    'time.over': { actions: 'setTimeOver' },
    'payment.notified': { actions: 'recordNotice' },
    'booking.abandon': { actions: 'setQuiet' },
    'staff.refund': { guard: 'mayHaveToReturn', actions: 'setAskedRefund' },
    // What the patient asks is answered from what is known, whoever has the case.
    'trip.asked': [
      { guard: 'isStanding', actions: { type: 'say', params: tripKnown } },
      { guard: 'hasTaken', actions: { type: 'say', params: paymentUnread } },
      { actions: { type: 'say', params: tripUnpaid } },
    ],
    'payment.asked': [
      { guard: 'hasTakenTwice', actions: { type: 'say', params: paymentTwice } },
      { guard: 'hasTaken', actions: { type: 'say', params: paymentKnown } },
      { guard: 'isPaidUnread', actions: { type: 'say', params: paymentUnread } },
      { actions: { type: 'say', params: paymentNone } },
    ],
  },
  states: {
    opening: {
      description: 'A checkout is being opened at the payment provider.',
      meta: { label: 'Opening the checkout', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['awaiting-provider'],
      entry: [
        // A timer that is started while it runs would fire twice.
        'stopReminder',
        'stopLifetime',
        'stopLink',
        'startReminder',
        'startLifetime',
        'countRecord',
        { type: 'recordBooking', params: asOpening },
      ],
      invoke: {
        id: 'openCheckout',
        src: 'openCheckout',
        input: checkoutOrder,
        onDone: [
          {
            // The provider opened it, we missed its answer and asked again; meanwhile somebody paid.
            guard: 'hasNews',
            target: 'reading',
            actions: [{ type: 'setCheckout', params: outputOf }, 'startLink'],
          },
          { target: 'waiting', actions: [{ type: 'setCheckout', params: outputOf }, 'startLink'] },
        ],
        onError: [
          { guard: 'isOther', target: 'reading' },
          { target: 'held', actions: 'holdUnopened' },
        ],
      },
      on: {
        'booking.abandon': [
          { guard: 'hasSomethingToRead', target: 'reading', actions: 'setQuiet' },
          { guard: 'wasSaidPaid', target: 'held', actions: ['setQuiet', 'holdUnsettled'] },
          { target: 'lapsed', actions: 'setQuiet' },
        ],
        'time.over': [
          { guard: 'hasSomethingToRead', target: 'reading', actions: 'setTimeOver' },
          { guard: 'wasSaidPaid', target: 'held', actions: ['setTimeOver', 'holdUnsettled'] },
          { target: 'lapsed', actions: 'setTimeOver' },
        ],
      },
      after: {
        slowProvider: { guard: 'waitsForLink', actions: { type: 'say', params: linkLate } },
      },
    },
    waiting: {
      description:
        'The patient has a link that can be paid. Nothing heard yet, or nothing that decides.',
      meta: { label: 'Awaiting payment', waitsFor: 'patient', targetMinutes: 1440 },
      tags: ['awaiting-patient'],
      entry: ['countRecord', { type: 'recordBooking', params: asAwaiting }, 'tellSettled'],
      always: {
        guard: 'mustSendLink',
        actions: [{ type: 'say', params: paymentLink }, 'setLinkSent'],
      },
      on: {
        // The same link once more: it can still be paid.
        'booking.renew': { guard: 'maySendLink', actions: { type: 'say', params: paymentLink } },
        'payment.notified': { target: 'reading', actions: ['recordNotice', 'setCause'] },
        'staff.resume': { target: 'reading', actions: 'setCause' },
        'link.over': { target: 'reading', actions: ['setLinkOver', 'setCause'] },
        'time.over': { target: 'closing', actions: 'setTimeOver' },
        'booking.abandon': { target: 'closing', actions: 'setQuiet' },
      },
    },
    linkExpired: {
      description: 'The link ran out unpaid. The patient may ask for another one.',
      meta: { label: 'Link expired', waitsFor: 'patient', targetMinutes: 1440 },
      tags: ['awaiting-patient'],
      entry: ['countRecord', { type: 'recordBooking', params: asAwaiting }, 'tellSettled'],
      always: {
        guard: 'mustOfferRenewal',
        actions: [{ type: 'say', params: linkRenewal }, 'setRenewalOffered'],
      },
      on: {
        'booking.renew': { target: 'opening', actions: ['countAttempt', 'beginAnew', 'setCause'] },
        'payment.notified': { target: 'reading', actions: ['recordNotice', 'setCause'] },
        'staff.resume': { target: 'reading', actions: 'setCause' },
        'time.over': { target: 'closing', actions: 'setTimeOver' },
        'booking.abandon': { target: 'closing', actions: 'setQuiet' },
      },
    },
    closing: {
      description:
        'Its time is over: the open checkout is closed, so that nobody pays it any more.',
      meta: { label: 'Closing the checkout', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'closeCheckout',
        src: 'closeCheckout',
        input: ownReference,
        onDone: { target: 'reading', actions: 'setClosed' },
        // It may live on; a payment that comes late is held.
        onError: { target: 'reading', actions: 'setClosed' },
      },
    },
    reading: {
      description: 'The provider itself is asked before anything is believed.',
      meta: { label: 'Checking the payment', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'readPayment',
        src: 'readPayment',
        input: paymentReference,
        onDone: { target: 'deciding', actions: { type: 'setReading', params: outputOf } },
        onError: [
          {
            // Another checkout that the provider does not know is no reason to look at it for ever.
            guard: { type: 'isRefused', params: codeOf },
            target: 'held',
            actions: ['dropOther', 'holdUnreadable'],
          },
          { target: 'held', actions: 'holdUnreadable' },
        ],
      },
      on: {
        // What is being read may be older than this word, so it is read again.
        'payment.notified': {
          target: 'reading',
          reenter: true,
          actions: ['recordNotice', 'setLesserCause'],
        },
      },
      after: {
        slowProvider: { guard: 'isPaidUnread', actions: { type: 'say', params: paymentUnread } },
      },
    },
    deciding: {
      description: 'What the provider told is weighed, here and nowhere else.',
      meta: { label: 'Judging the payment', waitsFor: 'nobody', targetMinutes: null },
      always: [
        { guard: 'isSecondToReturn', target: 'held', actions: ['setSecond', 'holdTwice'] },
        { guard: 'isSecond', target: 'reading', actions: 'setSecond' },
        { guard: 'isOtherPaid', target: 'reading', actions: 'adoptOther' },
        { guard: 'isOtherOfNone', target: 'held', actions: ['dropOther', 'holdUnsettled'] },
        { guard: 'isOther', target: 'reading', actions: 'dropOther' },
        { guard: 'isPaidTwice', target: 'held', actions: ['setPayment', 'holdTwice'] },
        { guard: 'isReturned', target: 'refunded', actions: 'setPayment' },
        {
          guard: 'hasFailedRefund',
          target: 'held',
          actions: ['setPayment', 'setSeenFailures', 'holdRefundFailed'],
        },
        // Before it is known, nothing else may be given back.
        { guard: 'isRefundLost', target: 'held', actions: ['setPayment', 'holdRefundFailed'] },
        { guard: 'isTakenWrong', target: 'held', actions: ['setPayment', 'holdDiffering'] },
        { guard: 'isSuspected', target: 'held', actions: ['setPayment', 'holdSuspected'] },
        { guard: 'isReviewedTooLong', target: 'held', actions: ['setPayment', 'holdUnsettled'] },
        { guard: 'isReviewed', target: 'waiting', actions: ['setPayment', 'setLinkSent'] },
        { guard: 'isPaidLate', target: 'held', actions: ['setPayment', 'holdLate'] },
        { guard: 'isDisputed', target: 'paid.disputed', actions: 'setPayment' },
        { guard: 'isChargedBack', target: 'paid.chargedBack', actions: 'setPayment' },
        { guard: 'isPaid', target: 'paid', actions: 'setPayment' },
        { guard: 'isUnsettledAtEnd', target: 'held', actions: ['forgetReading', 'holdUnsettled'] },
        { guard: 'mustBeClosed', target: 'closing', actions: 'forgetReading' },
        { guard: 'isOver', target: 'lapsed', actions: 'forgetReading' },
        { guard: 'isDeadButSaidPaid', target: 'held', actions: ['forgetReading', 'holdDiffering'] },
        { guard: 'isDeadAndStale', target: 'closing', actions: ['setTimeOver', 'forgetReading'] },
        { guard: 'isDead', target: 'linkExpired', actions: ['setLinkOver', 'forgetReading'] },
        { target: 'waiting', actions: 'setUnderWay' },
      ],
    },
    held: {
      description:
        'Something does not add up. Staff look: on resume the provider is asked again, or what was paid goes back.',
      meta: { label: 'Payment held for staff', waitsFor: 'staff', targetMinutes: 60 },
      tags: ['held'],
      entry: ['countRecord', { type: 'recordBooking', params: asHeld }, 'tellHeld'],
      exit: 'release',
      always: { guard: 'hasAskedRefund', actions: ['askAgain', 'dropAskedRefund'] },
      on: {
        'payment.notified': [
          { guard: 'hasSomethingToRead', target: 'reading', actions: ['recordNotice', 'setCause'] },
          { actions: 'recordNotice' },
        ],
        'staff.resume': [
          { guard: 'isRefundInDoubt', target: 'refunding', actions: 'setCause' },
          { guard: 'isHeldLate', target: 'reading', actions: ['setCause', 'acceptLate'] },
          {
            guard: 'isHeldForNotice',
            target: 'reading',
            actions: ['setCause', 'forgetPaidNotice'],
          },
          { guard: 'hasSomethingToRead', target: 'reading', actions: ['setCause', 'lookAtSecond'] },
          { guard: 'isQuiet', target: 'lapsed', actions: 'setCause' },
          { target: 'opening', actions: ['setCause', 'beginAnew'] },
        ],
        'staff.refunded': {
          guard: 'hasSomethingToRead',
          target: 'reading',
          actions: ['setCause', 'lookAtSecond'],
        },
        'staff.refund': [
          // Another one before the first is known might give it back twice.
          { guard: 'isRefundInDoubt', target: 'refunding', actions: 'setCause' },
          {
            guard: 'refundsWhileDisputed',
            target: 'held',
            reenter: true,
            actions: 'holdRefundDisputed',
          },
          {
            guard: 'refundsMoreThanIsLeft',
            target: 'held',
            reenter: true,
            actions: 'holdRefundTooMuch',
          },
          {
            guard: 'refundsByStaffDecision',
            target: 'refunding',
            actions: ['setCause', 'beginRefund'],
          },
          {
            guard: 'refundsWhatWasPaidTwice',
            target: 'refunding',
            actions: ['setCause', 'beginRefund'],
          },
          { guard: 'refundsAllInTime', target: 'refunding', actions: ['setCause', 'beginRefund'] },
          { guard: 'refundsHalfInTime', target: 'refunding', actions: ['setCause', 'beginRefund'] },
          {
            target: 'held',
            reenter: true,
            actions: 'holdRefundOutsideRules',
          },
        ],
        'booking.abandon': [
          { guard: 'hasNothingTaken', target: 'abandoned', actions: 'setQuiet' },
          { actions: 'setQuiet' },
        ],
      },
    },
    abandoned: {
      description:
        'Held without any money, and the patient withdrew: is there a checkout to close?',
      meta: { label: 'Given up', waitsFor: 'nobody', targetMinutes: null },
      always: [{ guard: 'hasCheckout', target: 'closing' }, { target: 'lapsed' }],
    },
    refunding: {
      description: 'Money goes back through the provider, once for each reference.',
      meta: { label: 'Giving money back', waitsFor: 'provider', targetMinutes: 15 },
      tags: ['awaiting-provider'],
      entry: [
        'countRecord',
        { type: 'recordBooking', params: asRefunding },
        { type: 'tellUnsettled', params: { why: 'refunding' } },
      ],
      invoke: {
        id: 'refundPayment',
        src: 'refundPayment',
        input: refundOrder,
        onDone: [
          {
            guard: { type: 'isFailedRefund', params: outputOf },
            target: 'held',
            actions: [
              { type: 'setRefund', params: outputOf },
              'setSeenFailures',
              'holdRefundFailed',
            ],
          },
          { target: 'reading', actions: { type: 'setRefund', params: outputOf } },
        ],
        onError: [
          {
            guard: { type: 'isRefused', params: codeOf },
            target: 'held',
            actions: ['dropRefund', 'holdRefundFailed'],
          },
          // In doubt: asked for again, it is this one again.
          { target: 'held', actions: 'holdRefundFailed' },
        ],
      },
      on: {
        'staff.refund': [{ guard: 'refundsTheSame' }, { actions: 'setAskedRefund' }],
      },
    },
    paid: {
      description: 'Paid as ordered, by the word of the provider.',
      meta: { label: 'Paid', waitsFor: 'nobody', targetMinutes: null },
      tags: ['paid'],
      initial: 'confirmed',
      entry: ['stopReminder', 'stopLifetime', 'stopLink'],
      always: [
        { guard: 'isUnannounced', actions: ['publishPaid', 'tellConfirmed', 'setAnnounced'] },
        { guard: 'hasUntoldRefundInQuiet', actions: ['tellRefunded', 'setRefundTold'] },
        {
          guard: 'hasUntoldRefund',
          actions: ['tellRefunded', { type: 'say', params: refundNews }, 'setRefundTold'],
        },
      ],
      on: {
        'payment.notified': { target: 'reading', actions: ['recordNotice', 'setCause'] },
        'staff.resume': { target: 'reading', actions: 'setCause' },
        'staff.refunded': { target: 'reading', actions: 'setCause' },
      },
      states: {
        confirmed: {
          description: 'Nothing is to be done, unless the provider or staff say something.',
          meta: { label: 'Paid and confirmed', waitsFor: 'nobody', targetMinutes: null },
          entry: ['countRecord', { type: 'recordBooking', params: asConfirmed }, 'settleLast'],
          always: { guard: 'hasAskedRefund', actions: ['askAgain', 'dropAskedRefund'] },
          on: {
            'all.told': { actions: 'tellSettled' },
            'staff.refund': [
              {
                guard: 'refundsMoreThanIsLeft',
                target: '#booking.held',
                actions: 'holdRefundTooMuch',
              },
              {
                guard: 'refundsByStaffDecision',
                target: '#booking.refunding',
                actions: ['setCause', 'beginRefund'],
              },
              {
                guard: 'refundsAllInTime',
                target: '#booking.refunding',
                actions: ['setCause', 'beginRefund'],
              },
              {
                guard: 'refundsHalfInTime',
                target: '#booking.refunding',
                actions: ['setCause', 'beginRefund'],
              },
              { target: '#booking.held', actions: 'holdRefundOutsideRules' },
            ],
          },
        },
        disputed: {
          description:
            'The patient’s bank disputes the payment. Staff answer it at the provider; no refund meanwhile, or it is paid back twice.',
          meta: { label: 'Payment disputed', waitsFor: 'staff', targetMinutes: 1440 },
          tags: ['held'],
          entry: [
            'countRecord',
            { type: 'recordBooking', params: asDisputed },
            { type: 'tellUnsettled', params: { why: 'disputed' } },
          ],
          on: {
            'staff.refund': { target: '#booking.held', actions: 'holdRefundDisputed' },
          },
        },
        chargedBack: {
          description:
            'The bank took the money back for good. What follows for the sale, staff decide.',
          meta: { label: 'Charged back', waitsFor: 'nobody', targetMinutes: null },
          entry: [
            'countRecord',
            { type: 'recordBooking', params: asDisputed },
            'tellChargedBack',
            'settleLast',
          ],
          on: {
            'all.told': { actions: 'tellSettled' },
            'staff.refund': { target: '#booking.held', actions: 'holdRefundOutsideRules' },
          },
        },
      },
    },
    refunded: {
      description: 'All of it went back. A refund may still fail at the bank.',
      meta: { label: 'Refunded', waitsFor: 'nobody', targetMinutes: null },
      entry: [
        'stopReminder',
        'stopLifetime',
        'stopLink',
        'dropAskedRefund',
        'countRecord',
        { type: 'recordBooking', params: asRefunded },
        'settleLast',
      ],
      always: [
        { guard: 'hasUntoldRefundInQuiet', actions: ['tellRefunded', 'setRefundTold'] },
        {
          guard: 'hasUntoldRefund',
          actions: ['tellRefunded', { type: 'say', params: refundNews }, 'setRefundTold'],
        },
      ],
      on: {
        'all.told': { actions: 'tellSettled' },
        'payment.notified': {
          guard: 'saysMoney',
          target: 'reading',
          actions: ['recordNotice', 'setCause'],
        },
        'staff.resume': { target: 'reading', actions: 'setCause' },
      },
    },
    lapsed: {
      description: 'Not paid in time. Late money still finds it.',
      meta: { label: 'Not paid in time', waitsFor: 'nobody', targetMinutes: null },
      entry: [
        'stopReminder',
        'stopLifetime',
        'stopLink',
        'dropAskedRefund',
        'countRecord',
        { type: 'recordBooking', params: asLapsed },
        'tellSettled',
      ],
      always: { guard: 'isLapsedFirst', actions: ['setLapsed', 'tellLapsed'] },
      on: {
        'payment.notified': {
          guard: 'saysMoney',
          target: 'lateNotice',
          actions: ['recordNotice', 'setCause'],
        },
      },
    },
    lateNotice: {
      description: 'A word about money after it lapsed. Is there a checkout to look at?',
      meta: { label: 'Late word', waitsFor: 'nobody', targetMinutes: null },
      always: [{ guard: 'hasSomethingToRead', target: 'reading' }, { target: 'lapsed' }],
    },
  },
});
