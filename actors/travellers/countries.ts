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
    `AFG-AF ALB-AL DZA-DZ ARM-AM AUS-AU AUT-AT AZE-AZ BHR-BH BGD-BD BLR-BY BEL-BE BIH-BA BRA-BR BGR-BG CAN-CA CHN-CN HRV-HR CYP-CY
CZE-CZ DNK-DK EGY-EG EST-EE ETH-ET FIN-FI FRA-FR GEO-GE DEU-DE GRC-GR HUN-HU IND-IN IDN-ID IRN-IR IRQ-IQ IRL-IE ISR-IL ITA-IT
JPN-JP JOR-JO KAZ-KZ KEN-KE KWT-KW KGZ-KG LVA-LV LBN-LB LBY-LY LTU-LT LUX-LU MYS-MY MDA-MD MNE-ME MAR-MA NLD-NL NGA-NG MKD-MK
NOR-NO OMN-OM PAK-PK PHL-PH POL-PL PRT-PT QAT-QA ROU-RO RUS-RU SAU-SA SRB-RS SGP-SG SVK-SK SVN-SI SOM-SO ZAF-ZA KOR-KR ESP-ES
SDN-SD SWE-SE CHE-CH SYR-SY TJK-TJ THA-TH TUN-TN TUR-TR TKM-TM UKR-UA ARE-AE GBR-GB UZB-UZ YEM-YE`
      .split(/\s/)
      .map((pair) => pair.split('-') as [string, string]),
  ),
};
