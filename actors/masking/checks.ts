/** Luhn's check, which every payment card passes. `digits` are ASCII. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digitAt(digits, digits.length - 1 - index);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The two check digits of a Turkish identity number. `digits` are 11 ASCII ones. */
export function isTckn(digits: string): boolean {
  if (digits.length !== 11 || digits.startsWith('0')) return false;
  let odd = 0;
  let even = 0;
  for (let index = 0; index < 9; index++) {
    const digit = digitAt(digits, index);
    if (index % 2 === 0) odd += digit;
    else even += digit;
  }
  const tenth = digitAt(digits, 9);
  return (
    (((7 * odd - even) % 10) + 10) % 10 === tenth &&
    (odd + even + tenth) % 10 === digitAt(digits, 10)
  );
}

function digitAt(digits: string, index: number): number {
  return digits.charCodeAt(index) - 0x30;
}

/** ISO 13616: the first four moved to the end, letters as 10 to 35, modulo 97 is 1. `iban` is ASCII, upper case. */
export function isIban(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Lengths by country. @see https://www.swift.com/standards/data-standards/iban-international-bank-account-number */
export const ibanLengths: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FO18
  FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27
  MD24 ME22 MK19 MN20 MR27 MT31 MU30 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27
  SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
