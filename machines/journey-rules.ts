import { answeredBySales, isSaidBefore } from './answers.ts';
import type { ButtonId, FlightQuery, Trip } from './case-types.ts';
import type { Ask, PatientSaid, Say } from './family-types.ts';
import { tripKey } from './flight-offers.ts';
import type { Asking, Heard, JourneyContext, JourneyEvent, Seen } from './journey-types.ts';

// The details of a trip: what is known, what has to be asked, and whether the patient confirmed it. Decisions only.

const emptyTrip: Trip = {
  procedure: null,
  origin: null,
  departDate: null,
  returnDate: null,
  adults: null,
  childrenAges: null,
  budget: null,
};

/** Of the trip, before anything is said of it. */
export const nothingTold = {
  trip: emptyTrip,
  toldAt: {},
  toldBy: {},
  doubts: [],
  opened: [],
  places: [],
  days: [],
} as const satisfies Partial<JourneyContext>;

export const said = (event: JourneyEvent): PatientSaid | null =>
  event.type === 'patient.said' ? event : null;

// What is known.

const isOpen = ({ doubts, opened }: JourneyContext, ...details: readonly (keyof Trip)[]): boolean =>
  details.some((detail) => doubts.includes(detail) || opened.includes(detail));

export const lacksOrigin = (context: JourneyContext): boolean =>
  context.trip.origin === null || isOpen(context, 'origin');

export const lacksDates = (context: JourneyContext): boolean =>
  context.trip.departDate === null || isOpen(context, 'departDate', 'returnDate');

export const lacksAdults = (context: JourneyContext): boolean =>
  context.trip.adults === null || isOpen(context, 'adults');

export const lacksAges = (context: JourneyContext): boolean => isOpen(context, 'childrenAges');

export const lacksProcedure = (context: JourneyContext): boolean =>
  context.mayNameProcedure && isOpen(context, 'procedure');

/** What has to be asked next; null where all is known. */
const nextAsking = (context: JourneyContext): Asking | null => {
  if (lacksOrigin(context)) return 'origin';
  if (lacksDates(context)) return 'departDate';
  if (lacksAdults(context)) return 'adults';
  if (lacksAges(context)) return 'childrenAges';
  return lacksProcedure(context) ? 'procedure' : null;
};

/** Whether the message put in doubt what goes before the question that is asked. */
export const lacksEarlier = (context: JourneyContext, event: JourneyEvent): boolean => {
  const next = nextAsking(context);
  const { asking } = context;
  return (
    (said(event)?.informs ?? false) &&
    asking !== null &&
    asking !== 'confirm' &&
    asking !== 'change' &&
    next !== null &&
    next !== asking
  );
};

/** The procedure, if it may be named to the patient. */
const namedProcedure = ({ trip, mayNameProcedure }: JourneyContext): Trip['procedure'] =>
  mayNameProcedure ? trip.procedure : null;

/**
 * Whether this is the trip that the patient confirmed. A procedure that was first told later needs no more than the look of the
 * clinic; one that became another is read back.
 */
export const isConfirmed = (context: JourneyContext): boolean => {
  const { trip, confirmed } = context;
  if (confirmed === null || tripKey(trip) !== confirmed.trip) return false;
  const procedure = namedProcedure(context);
  return procedure === null || confirmed.procedure === null || procedure === confirmed.procedure;
};

/** Whether the trip is another than the one that was read back last. */
const isOther = (context: JourneyContext): boolean =>
  tripKey(context.trip) !== context.readBack.trip ||
  (namedProcedure(context) !== null && namedProcedure(context) !== context.readBack.procedure);

/** Whether what is asked is known by now. */
export const isAnswered = (context: JourneyContext, event: JourneyEvent): boolean => {
  const isKnown: Readonly<Record<Asking, () => boolean>> = {
    origin: () => !lacksOrigin(context),
    departDate: () => !lacksDates(context),
    adults: () => !lacksAdults(context),
    childrenAges: () => !lacksAges(context),
    procedure: () => !lacksProcedure(context),
    // An older message that comes late may leave a question open behind what was read back.
    confirm: () => isOther(context) || nextAsking(context) !== null,
    change: () => isOther(context) || nextAsking(context) !== null,
  };
  const { asking } = context;
  // Held for staff: whatever the patient tells may be what was missing.
  return asking === null ? (said(event)?.informs ?? false) : isKnown[asking]();
};

// What changes.

const without = (details: readonly (keyof Trip)[], gone: readonly string[]): (keyof Trip)[] =>
  details.filter((detail) => !gone.includes(detail));

/** Takes in what was told at that time, but for what was told later already. */
export const toldOf = (
  context: JourneyContext,
  details: Partial<Trip>,
  at: string,
): Partial<JourneyContext> & { readonly toldAt: JourneyContext['toldAt'] } => {
  const news = Object.entries(details).filter(([key]) => {
    const before = context.toldAt[key as keyof Trip];
    return before === undefined || Date.parse(at) >= Date.parse(before);
  });
  const keys = news.map(([key]) => key);
  const trip: Trip = { ...context.trip, ...Object.fromEntries(news) };
  const { departDate, returnDate } = trip;
  // Who flies later than they wanted to be back has to say anew when that is.
  const isBackBefore = departDate !== null && returnDate !== null && returnDate < departDate;
  const answered = keys.includes('departDate') ? [...keys, 'returnDate'] : keys;
  const doubts = without(context.doubts, answered);
  return {
    trip: isBackBefore ? { ...trip, returnDate: null } : trip,
    toldAt: { ...context.toldAt, ...Object.fromEntries(keys.map((key) => [key, at])) },
    doubts: isBackBefore ? [...new Set([...doubts, 'returnDate' as const])] : doubts,
    opened: without(context.opened, answered),
    ...(keys.includes('origin') ? { places: [] } : {}),
    ...(keys.includes('departDate') ? { days: [] } : {}),
  };
};

/** What of the trip only this message told. */
export const toldIn = ({ toldBy }: JourneyContext, messageId: string | null): (keyof Trip)[] =>
  (Object.keys(toldBy) as (keyof Trip)[]).filter((key) => toldBy[key] === messageId);

export const withoutTold = (
  context: JourneyContext,
  messageId: string | null,
): Partial<JourneyContext> => {
  const gone = toldIn(context, messageId);
  const left = <Value>(told: { readonly [Key in keyof Trip]?: Value }) =>
    Object.fromEntries(Object.entries(told).filter(([key]) => !gone.includes(key as keyof Trip)));
  return {
    trip: { ...context.trip, ...Object.fromEntries(gone.map((key) => [key, null])) },
    toldAt: left(context.toldAt),
    toldBy: left(context.toldBy),
  };
};

const askable: readonly (keyof Trip)[] = [
  'origin',
  'departDate',
  'returnDate',
  'adults',
  'childrenAges',
  'procedure',
];

/** What of a message is in doubt and can be asked for. */
export const doubtsIn = (event: JourneyEvent): readonly (keyof Trip)[] => {
  const words = said(event);
  if (words === null || words.late || words.intent === 'urgent') return [];
  return (words.doubts ?? []).filter((detail) => askable.includes(detail));
};

export const withDoubts = ({ context, event }: Heard): Partial<JourneyContext> => {
  const doubts = doubtsIn(event);
  const { places = [], days = [] } = said(event) ?? {};
  return {
    doubts: [...new Set([...context.doubts, ...doubts])],
    ...(doubts.includes('origin') ? { places } : {}),
    ...(doubts.includes('departDate') ? { days } : {}),
  };
};

const parts = {
  origin: ['origin'],
  dates: ['departDate', 'returnDate'],
  party: ['adults', 'childrenAges'],
  procedure: ['procedure'],
} as const satisfies Readonly<Record<string, readonly (keyof Trip)[]>>;

/** The part of the trip whose button was pressed. */
export const partIn = (event: JourneyEvent): keyof typeof parts | null => {
  const [, part] = /^trip:(origin|dates|party|procedure)$/.exec(said(event)?.buttonId ?? '') ?? [];
  return (part as keyof typeof parts | undefined) ?? null;
};

/** It is asked for anew. What comes with it (the day of the flight back, the children) has to be said with it. */
export const withOpened = ({ context, event }: Heard): Partial<JourneyContext> => {
  const part = partIn(event);
  const words = said(event);
  if (part === null || words === null) return {};
  const [first, second] = parts[part];
  const { at } = words;
  return {
    opened: [...new Set([...without(context.opened, [second ?? '']), first])],
    doubts: without(context.doubts, parts[part]),
    ...(part === 'origin' ? { places: [] } : {}),
    ...(part === 'dates' ? { days: [] } : {}),
    ...(second === undefined
      ? {}
      : {
          trip: { ...context.trip, [second]: null },
          toldAt: { ...context.toldAt, [second]: at },
        }),
  };
};

/** Says yes, or no, to what was read back last, in words. */
export const agrees = (event: JourneyEvent, intent: 'agree' | 'refuse'): boolean =>
  event.type === 'patient.said' &&
  event.isAnswer &&
  !event.answersConsent &&
  event.intent === intent;

/** A place or a day that was picked from a list, by its button or in words. */
export const pickedIn = ({ context, event }: Heard): Partial<Trip> | null => {
  const words = said(event);
  if (words === null) return null;
  const [, place, day] =
    /^(?:place:([A-Z]{3})|day:(\d{4}-\d\d-\d\d))$/.exec(words.buttonId ?? '') ?? [];
  if (place !== undefined) return place === context.destination ? null : { origin: place };
  if (day !== undefined) return { departDate: day };
  if (!words.isAnswer || words.answersConsent || words.informs) return null;
  const listed =
    context.asking === 'origin'
      ? context.places.map(({ airport }): Partial<Trip> => ({ origin: airport }))
      : context.asking === 'departDate'
        ? context.days.map((one): Partial<Trip> => ({ departDate: one }))
        : [];
  // "Do you mean Munich?" "Yes."
  if (listed.length === 1 && agrees(event, 'agree')) return listed[0] ?? null;
  if (words.picked === 'last') return listed.at(-1) ?? null;
  return typeof words.picked === 'number' ? (listed[words.picked - 1] ?? null) : null;
};

export const withPicked = ({ context, event }: Heard): Partial<JourneyContext> => {
  const picked = pickedIn({ context, event });
  const words = said(event);
  return picked === null || words === null ? {} : toldOf(context, picked, words.at);
};

/** Whether the pick says something else than we know: an old list's button pressed again does not. */
const picksAnew = ({ context, event }: Heard): boolean => {
  const picked = pickedIn({ context, event });
  return (
    picked !== null &&
    Object.entries(picked).some(([key, value]) => context.trip[key as keyof Trip] !== value)
  );
};

/** Whether the trip is another after this message, or is to become another. */
export const isChange = ({ context, event }: Heard): boolean =>
  !isConfirmed(context) || partIn(event) !== null || picksAnew({ context, event });

export const changeIn = ({ context, event }: Heard): Partial<JourneyContext> => {
  if (partIn(event) !== null) return withOpened({ context, event });
  return pickedIn({ context, event }) === null
    ? withDoubts({ context, event })
    : withPicked({ context, event });
};

export const readBackOf = (context: JourneyContext): JourneyContext['readBack'] => {
  const { readBack } = context;
  const trip = tripKey(context.trip);
  const round = readBack.round + 1;
  return {
    round,
    since: trip === readBack.trip ? readBack.since : round,
    trip,
    procedure: namedProcedure(context),
  };
};

/** Whether it is the button of a read-back of this trip; null where it is none. */
export const confirmsIn = ({ readBack }: JourneyContext, event: JourneyEvent): boolean | null => {
  const [button, round] = /^trip:yes(?::(\d{1,4}))?$/.exec(said(event)?.buttonId ?? '') ?? [];
  if (button === undefined) return null;
  const pressed = Number(round ?? 1);
  return pressed >= readBack.since && pressed <= readBack.round;
};

/** The date of a journey that slept may be over. */
export const isPast = (day: string | null, event: JourneyEvent): boolean =>
  day === null || day <= (said(event)?.at ?? day).slice(0, 10);

// What is asked and said.

const say = (text: Say['text'], values: Say['values'] = {}): Say => ({ type: 'say', text, values });

export const flightQuery = ({ context: { trip, destination, currency } }: Seen): FlightQuery => ({
  origin: trip.origin ?? '',
  destination,
  departDate: trip.departDate ?? '',
  ...(trip.returnDate === null ? {} : { returnDate: trip.returnDate }),
  adults: trip.adults ?? 1,
  childrenAges: trip.childrenAges ?? [],
  currency,
});

export const searching = ({ context: { trip, destination } }: Seen): Say =>
  say('flights.searching', {
    origin: { place: trip.origin ?? '' },
    destination: { place: destination },
    date: { day: trip.departDate ?? '' },
  });

export const noFlights = ({ context: { trip } }: Seen): Say =>
  say('flights.none', { date: { day: trip.departDate ?? '' } });

const changes = (context: JourneyContext): readonly ButtonId[] => [
  'trip:origin',
  'trip:dates',
  'trip:party',
  ...(namedProcedure(context) === null ? [] : ['trip:procedure' as const]),
];

const readBackSaid = (context: JourneyContext): Omit<Say, 'type'> => {
  const { trip, destination, readBack } = context;
  const procedure = namedProcedure(context);
  const round = readBack.round === 1 ? ('' as const) : (`:${readBack.round}` as const);
  return {
    text: 'intake.confirm',
    values: {
      trip: {
        from: { place: trip.origin ?? '' },
        to: { place: destination },
        departDate: trip.departDate ?? '',
        returnDate: trip.returnDate,
        party: { adults: trip.adults ?? 1, childrenAges: trip.childrenAges ?? [] },
        procedure,
      },
    },
    choices: [`trip:yes${round}`, ...changes(context)],
    ...(procedure === null ? {} : { purpose: 'health-data' as const }),
  };
};

const ownCityKm = 50;

const placesSaid = (places: JourneyContext['places']): Omit<Say, 'type'> => {
  const [only, another] = places;
  if (only !== undefined && another === undefined)
    return {
      text: 'intake.origin.meant',
      // Near by, it is the airport's own city, whose name we know in the patient's language.
      values: {
        place: {
          place: only.airport,
          ...(only.km > ownCityKm ? { city: only.city, country: only.country } : {}),
        },
      },
      choices: [`place:${only.airport}`, 'trip:origin'],
    };
  return {
    text: 'intake.origin.which',
    values: { places: { places } },
    choices: places.map(({ airport }): ButtonId => `place:${airport}`),
  };
};

const daysSaid = (days: JourneyContext['days']): Omit<Say, 'type'> => ({
  text: 'intake.date.which',
  choices: days.map((day): ButtonId => `day:${day}`),
});

/** What stands for a question. `isAgain`: in plainer words, for who did not understand it. */
const questionSaid = (
  asking: Asking,
  context: JourneyContext,
  isAgain = false,
): Omit<Say, 'type'> => {
  const { places, days, trip } = context;
  const words: Readonly<Record<Asking, () => Omit<Say, 'type'>>> = {
    origin: () =>
      places.length > 0
        ? placesSaid(places)
        : { text: isAgain ? 'intake.origin.again' : 'intake.origin' },
    departDate: () =>
      days.length > 0
        ? daysSaid(days)
        : isAgain
          ? { text: 'intake.date.again' }
          : { text: isOpen(context, 'departDate', 'returnDate') ? 'intake.dates' : 'intake.date' },
    adults: () =>
      isAgain
        ? { text: 'intake.adults.again' }
        : {
            text:
              trip.adults !== null || isOpen(context, 'adults', 'childrenAges')
                ? 'intake.party'
                : 'intake.adults',
          },
    childrenAges: () => ({ text: 'intake.children' }),
    procedure: () => ({ text: 'intake.procedure', purpose: 'health-data' }),
    confirm: () => readBackSaid(context),
    change: () => ({ text: 'intake.change', choices: changes(context) }),
  };
  return words[asking]();
};

export const questionOf = (context: JourneyContext, asking: Asking): Ask => ({
  type: 'ask',
  question: asking === 'change' ? 'confirm' : asking,
  ...questionSaid(asking, context),
});

/** The open question once more. */
export const questionAgain = (context: JourneyContext, isPlainer: boolean): Say =>
  context.asking === null
    ? say('intake.reminder')
    : { type: 'say', ...questionSaid(context.asking, context, isPlainer) };

/** Which place or day was meant, where that is asked by the way; null where there is nothing to choose from. */
export const whichSaid = (event: JourneyEvent): Say | null => {
  const { places = [], days = [] } = said(event) ?? {};
  const doubts = doubtsIn(event);
  if (doubts.includes('departDate') && days.length > 0) return { type: 'say', ...daysSaid(days) };
  if (doubts.includes('origin') && places.length > 0) return { type: 'say', ...placesSaid(places) };
  return null;
};

/** How often we say that the search goes on. Who asks has waited, and is not left without a word for a minute. */
const newsEveryMs = 20_000;

export const wantsNews = ({ context: { newsAt }, event }: Heard): boolean =>
  event.type === 'patient.said' &&
  !event.late &&
  event.text !== null &&
  !['thanks', 'urgent', ...answeredBySales].includes(event.intent) &&
  (newsAt === null ||
    (!isSaidBefore(event.at, newsAt) && Date.parse(event.at) - Date.parse(newsAt) >= newsEveryMs));
