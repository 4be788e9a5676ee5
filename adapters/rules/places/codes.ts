import { airportOf, meaningsOf } from './gazetteer.ts';

/** Three letters that people write for other things than airports: words, money, medicine. */
const otherThings = new Set(
  'THE AND YES HEY YOK BEN DUR VAR AED EUR USD TRY GBP CHF RUB SAR SMS PDF IVF MRI VIP BMI OUI NON DIE DER DAS AUS BIS BUT FOR CAN HAS DAY BAY BIR IKI DIS PAR SUR MOI NOS ICH UND SIE WIR MIT VON ARE YOU NOT HOW WHY WHO WAS MAY TWO ONE ALL NEW NOW UCH SAC GOZ QUE LES DES UNE TOI EST VOS DNA HIV FUE DHI BBL ACL EKG ECG TCK ADI HER BIZ SIZ ILE ICI KAC DOC HAI BEL KOL KIZ OGL GUN AYN EVE GEL GIT PEK COK DAT TEL NIE NUR GUT WEG HER HIN TAG JAH ANA BOB TOM SAM TIM MAX LEO EVA IDA ALI CEM NIL ECE ADA'.split(
    ' ',
  ),
);

/** Words only when written small: in capitals they are airports. */
const wordsWhenSmall = new Set(
  'LAX SIN MAN BUS MAD BOS TUN LED ADD MED DAM LOS NAP HAM LIS'.split(' '),
);

/** Whether these three letters are an airport and nothing else. `isAnswer`: they are the whole answer to where from. */
export function isAirportCode(written: string, isAnswer: boolean): boolean {
  const code = written.toUpperCase();
  if (!airportOf(code) || otherThings.has(code)) return false;
  if (written === code) return true;
  if (!isAnswer || wordsWhenSmall.has(code)) return false;
  return meaningsOf(code.toLowerCase()).every(({ kind }) => kind !== 'word' && kind !== 'person');
}
