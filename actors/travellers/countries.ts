/** ISO 3166-1 alpha-2, and Kosovo's code of its own: who issues passports. The form lists them by name. */
export const countries: readonly string[] = `
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI
CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ
GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG
PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK
TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`
  .trim()
  .split(/\s/);

/** Of the three letters below, in their order. */
const alpha2 =
  `AF AL DZ AM AU AT AZ BH BD BY BE BA BR BG CA CN HR CY CZ DK EG EE ET FI FR GE DE GR HU IN ID IR IQ
IE IL IT JP JO KZ KE KW KG LV LB LY LT LU MY MD ME MA NL NG MK NO OM PK PH PL PT QA RO RU SA RS SG
SK SI SO ZA KR ES SD SE CH SY TJ TH TN TR TM UA AE GB UZ YE`.split(/\s/);

/** What people also call them, and the three letters that their passports have; case and accents do not matter. */
export const countryAliases: Readonly<Record<string, string>> = {
  UK: 'GB',
  England: 'GB',
  'Great Britain': 'GB',
  Scotland: 'GB',
  İngiltere: 'GB',
  'Birleşik Krallık': 'GB',
  Großbritannien: 'GB',
  'Grande-Bretagne': 'GB',
  Angleterre: 'GB',
  Англия: 'GB',
  بريطانيا: 'GB',
  انجلترا: 'GB',
  USA: 'US',
  America: 'US',
  Amerika: 'US',
  ABD: 'US',
  'Etats-Unis': 'US',
  США: 'US',
  امريكا: 'US',
  Turkey: 'TR',
  Tuerkei: 'TR',
  Holland: 'NL',
  Hollanda: 'NL',
  Hollande: 'NL',
  Голландия: 'NL',
  هولندا: 'NL',
  UAE: 'AE',
  VAE: 'AE',
  BAE: 'AE',
  ОАЭ: 'AE',
  Emirates: 'AE',
  Dubai: 'AE',
  الامارات: 'AE',
  KSA: 'SA',
  السعودية: 'SA',
  'Czech Republic': 'CZ',
  Чехия: 'CZ',
  'Ivory Coast': 'CI',
  Elfenbeinküste: 'CI',
  Белоруссия: 'BY',
  Киргизия: 'KG',
  Молдавия: 'MD',
  Macedonia: 'MK',
  D: 'DE',
  RKS: 'XK',
  ...Object.fromEntries(
    `AFG ALB DZA ARM AUS AUT AZE BHR BGD BLR BEL BIH BRA BGR CAN CHN HRV CYP CZE DNK EGY EST ETH FIN FRA GEO DEU GRC HUN IND IDN IRN IRQ
IRL ISR ITA JPN JOR KAZ KEN KWT KGZ LVA LBN LBY LTU LUX MYS MDA MNE MAR NLD NGA MKD NOR OMN PAK PHL POL PRT QAT ROU RUS SAU SRB SGP
SVK SVN SOM ZAF KOR ESP SDN SWE CHE SYR TJK THA TUN TUR TKM UKR ARE GBR UZB YEM`
      .split(/\s/)
      .map((code, index) => [code, alpha2[index] ?? '']),
  ),
};
