import type { DayWords } from './day-words.ts';

const counts =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const ordinals =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
    ' ',
  );

/** "Twenty three" and "twenty third", written in one word or two. */
function upTo31(units: readonly string[], thirty: string): (readonly [number, string])[] {
  const tens = (ten: string, from: number, count: number) =>
    units
      .slice(0, count)
      .map((unit, index) => [from + index, `${ten} ${unit}|${ten}${unit}`] as const);
  return [
    ...units.map((word, index) => [index + 1, word] as const),
    ...tens('twenty', 21, 9),
    [30, thirty],
    ...tens('thirty', 31, 1),
  ];
}

export const englishDays: DayWords = {
  months: [
    [1, 'janury|januari|janaury|jänner'],
    [2, 'feburary|febuary|februari|febr'],
    [3, 'marche'],
    [4, 'aprl'],
    [6, 'juni'],
    [7, 'juli'],
    [9, 'setember|septembre'],
    [10, 'octuber'],
  ],
  weekdays: [
    [0, 'sun|sundays'],
    [1, 'mon'],
    [2, 'tue|tues'],
    [3, 'wed|weds|wensday|wednsday'],
    [4, 'thu|thur|thurs|thrusday'],
    [5, 'fri'],
    [6, 'sat|satarday'],
  ],
  counts: upTo31(counts, 'thirty'),
  ordinals: upTo31(ordinals, 'thirtieth'),
  endings: 'st|nd|rd|th',
  one: 'a|an|one',
  filler: 'from|the|of|day|in the|month of|year|date',
  leads: 'on the|the|on',
  fixed: [
    [0, 'today|tonight'],
    [1, 'tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow|2morrow'],
    [2, 'the day after tomorrow|day after tomorrow|overmorrow|day after tmrw|day after tomorow'],
  ],
  weeks: [
    [0, 'this week'],
    [1, 'next week|the week after this|nxt week|following week'],
    [2, 'the week after next|week after next'],
  ],
  monthsAhead: [
    [0, 'this month|of this month'],
    [1, 'next month|nxt month|the following month|of next month|of the next month|coming month'],
    [2, 'the month after next|month after next'],
  ],
  units: [
    ['d', 1, 'day|days|night|nights'],
    ['w', 1, 'week|weeks|wk|wks'],
    ['w', 2, 'fortnight'],
    ['m', 1, 'month|months'],
  ],
  idioms: [],
  ahead: 'in|after',
  later: 'from now|later|from today|time|away|ahead',
  bound:
    'after|before|by|any time after|anytime after|not before|as of|starting|around|earlier than|later than',
  boundAfter:
    'latest|earliest|at latest|max|onwards|onward|or later|or after|or earlier|at the latest|at the earliest',
  afterNext: 'after next|week after next',
  next: 'next|nxt|following',
  coming: 'upcoming|this coming',
  this: 'this',
  last: 'last|past|previous|every|each',
  nextWeekday: 'either',
  monthFirst: true,
  part: 'end of|the end of|end|beginning of|start of|mid|middle of|early|late|sometime in|some time in|anytime in|any time in|first half of|second half of|last week of|first week of|second week of|third week of|whole of|during',
  vague:
    'weekend|easter|christmas|xmas|new year|new years|ramadan|ramadhan|eid|bayram|spring|summer|autumn|winter|half term|school holidays|pentecost|halloween|a few days|few days|few weeks|couple of weeks|couple of days|couple of months|couple weeks|few months|some weeks|half weeks|a half|soon|later this year|next year|asap|as soon as possible|flexible|any day|anytime|whenever|passover|diwali|thanksgiving',
  about:
    'within|about|approximately|approx|roughly|maybe|perhaps|probably|ish|or so|possibly|not sure|circa|something like',
  or: 'or',
  and: 'and|plus',
  until: 'to|until|till|through|til|thru',
  between: 'between',
  out: 'leave|leaving|leaves|depart|departing|departure|outbound|outward|fly out|flying out|going out|there on',
  back: 'back|return|returning|come back|fly back|flying back|fly home|go home|going home|flying home|inbound|coming back|back home|returning home|return home|returning back|be back|come home',
  travel:
    'fly*|travel*|come|coming|arrive|arriving|arrival|arrives|depart*|leav*|trip|ticket*|flight*|visit*|available|go|going|land|book*|appointment|free|make it',
  arrives: 'arrive|arriving|arrival|land|landing|get there|come|coming|get in|be there',
  expecting: 'pregnant|pregnancy|expecting',
  otherwise:
    'tell you|i ll tell|born|birthday|birth|dob|d o b|date of birth|bday|expire*|expiry|expires|expiration|exp|valid|issued|issue date|passport|visa|call|phone|ring|text me|call me|pay|payment|paid|send|invoice|wedding|married|exam|open|opening|closed|close|deadline|reply|answer|let you know|get back to you|call you|get back|hear from you|message|write|speak|talk|meeting|period|due|pregnant|pregnancy|anniversary|blood test|test results|results|x ray|x rays|mri|scan|working|at work|work until|work on',
  past: 'pain|hurts|hurting|ache|aching|sore|had|was|were|did|underwent|ago|happened|started|since|fell|broke|been|last|got|came|operated|diagnosed|previous|removed|took place|already|have had|did my|used to',
  stay: 'stay|staying|remain|trip|holiday|there|vacation|remaining|spend',
  during: 'for',
  not: 'not|never|can t|cannot|cant|can not|isn t|not on|unable|don t|dont|won t|except|instead of|rather than|impossible|anything but|doesn t',
  notAfter:
    'doesn t work|does not work|not possible|is not possible|impossible|doesnt work|isn t possible|is bad|won t work|no good|doesn t suit|is full|not good',
  correction:
    'sorry|instead|actually|i mean|i meant|rather|but|correction|no wait|wait|oops|better|make it|meant|no',
  change: 'change|move|moved|postpone|reschedule|shift|switch|rebook|changed|push',
  clock: 'at|o clock|by',
  counted:
    'adults|adult|people|person|persons|children|child|kids|kid|years|year old|yrs|of us|pax|passengers|tickets|kg|kgs|cm|mm|lbs|stone|pounds|euro|euros|eur|usd|gbp|dollars|quid|k|am|pm|a m|p m|hours|hour|o clock|grafts|teeth|implants|crowns|veneers|percent|tooth|minutes|patients|bags|rooms|seats|travellers|times|mg|ml|bottles|packs',
};
