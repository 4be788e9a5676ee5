import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { understandByRules } from '../../adapters/rules/understanding.ts';

const understood = (lang: string, text: string, asked: 'consent' | 'confirm' | null = null) =>
  understandByRules({
    text,
    lang,
    asked,
    at: '2026-12-01T10:00:00Z',
    destination: 'IST',
    mayLeave: false,
  }).intent.value;

const asking: Readonly<Record<string, readonly (readonly [lang: string, text: string])[]>> = {
  itinerary: [
    ['de', 'Wann geht mein Rückflug?'],
    ['de', 'um wieviel uhr fliegen wir eigentlich los'],
    ['de', 'Von welchem Flughafen fliege ich nochmal?'],
    ['de', 'Was habe ich genau gebucht?'],
    ['de', 'was kostet meine Buchung insgesamt'],
    ['en', 'when is my flight back'],
    ['en', 'where do I fly from?'],
    ['en', 'what did i book exactly?'],
    ['en', 'Is my booking confirmed?'],
    ['en', 'how much did I pay for the flights?'],
    ['en', 'How much is my trip in total?'],
    ['tr', 'Dönüş uçuşum ne zaman?'],
    ['tr', 'uçağım saat kaçta kalkıyor'],
    ['tr', 'nereden uçuyorum?'],
    ['tr', 'rezervasyonum onaylandı mı'],
    ['tr', 'hangi uçuşu seçmiştim ben?'],
    ['tr', 'uçuşum toplam ne kadar?'],
    ['tr', 'ben ne kadar ödedim'],
    ['fr', "C'est quand mon vol retour ?"],
    ['fr', 'à quelle heure est-ce que je décolle ?'],
    ['fr', 'on part de quel aéroport ?'],
    ['fr', "Qu'est-ce que j'ai réservé au juste ?"],
    ['fr', "combien j'ai payé en tout ?"],
    ['fr', 'Combien coûte mon vol ?'],
    ['ru', 'Когда у меня обратный рейс?'],
    ['ru', 'во сколько мой вылет'],
    ['ru', 'Откуда мы летим?'],
    ['ru', 'что я забронировала?'],
    ['ru', 'сколько стоит мой билет?'],
    ['ru', 'Сколько я заплатил?'],
    ['ar', 'متى رحلة العودة؟'],
    ['ar', 'الساعة كم تقلع طيارتي'],
    ['ar', 'من أي مطار أسافر؟'],
    ['ar', 'ايش اللي حجزته؟ وش حجزت'],
    ['ar', 'كم دفعت؟'],
    ['ar', 'كم سعر تذكرتي؟'],
  ],
  paid: [
    ['de', 'Ist meine Zahlung bei euch angekommen?'],
    ['en', 'Did you get my payment?'],
    ['tr', 'ödememi aldınız mı'],
    ['tr', 'para hesabınıza geçti mi?'],
    ['fr', 'avez-vous bien reçu mon paiement ?'],
    ['ru', 'моя оплата дошла?'],
    ['ar', 'هل وصلت الدفعة؟'],
  ],
  'paid-twice': [
    ['de', 'Ich glaube mir wurde doppelt abgebucht'],
    ['en', 'Did you get my payment? I think I paid twice'],
    ['en', 'my card got charged two times!!'],
    ['tr', 'karttan iki kere çekilmiş galiba'],
    ['fr', "J'ai été débité deux fois"],
    ['ru', 'кажется, с меня списали деньги дважды'],
    ['ar', 'انخصم من البطاقة مرتين'],
  ],
  link: [
    ['de', 'Wo ist denn mein Link?'],
    ['de', 'hab noch keinen Link bekommen'],
    ['en', 'where is my payment link?'],
    ['en', 'I never got a link'],
    ['tr', 'ödeme linki nerede'],
    ['tr', 'link gelmedi hala'],
    ['fr', "je n'ai pas reçu le lien"],
    ['ru', 'где ссылка на оплату?'],
    ['ru', 'ссылка так и не пришла'],
    ['ar', 'وين الرابط'],
  ],
  next: [
    ['de', 'Wie geht es jetzt weiter?'],
    ['de', 'warum dauert das denn so lange'],
    ['en', 'what happens next?'],
    ['en', 'hello? any news?'],
    ['en', 'why is this taking so long'],
    ['tr', 'şimdi ne olacak?'],
    ['tr', 'neden bu kadar uzun sürdü'],
    ['tr', 'bir haber var mı acaba'],
    ['fr', 'et maintenant, que se passe-t-il ?'],
    ['fr', "pourquoi c'est si long"],
    ['fr', 'vous avez des nouvelles ?'],
    ['ru', 'и что теперь?'],
    ['ru', 'почему так долго?'],
    ['ar', 'ماذا بعد؟'],
    ['ar', 'ليش تأخرتوا علي'],
    ['ar', 'في جديد؟'],
  ],
};

const forStaff = [
  ['en', 'When can I fly again after the surgery?'],
  ['en', 'what does it cost?'],
  ['en', 'Do you have a hotel?'],
  ['de', 'Wann darf ich nach der OP wieder fliegen?'],
  ['de', 'Was kostet eine Haartransplantation?'],
  ['de', 'Wie lange dauert die Behandlung?'],
  ['tr', 'saç ekimi ne kadar?'],
  ['tr', 'ameliyattan ne kadar sonra uçabilirim'],
  ['fr', 'Combien coûte une rhinoplastie ?'],
  ['fr', "Combien de temps dure l'opération ?"],
  ['ru', 'сколько стоит операция?'],
  ['ru', 'когда мне можно лететь после операции?'],
  ['ar', 'كم سعر زراعة الشعر؟'],
  ['ar', 'متى اقدر اسافر بعد العملية؟'],
  ['de', 'Wo ist die Klinik?'],
  ['en', 'where is the clinic?'],
  ['en', 'When do I fly back? And do you have a hotel?'],
] as const;

suite('a question about their own affairs', () => {
  for (const [intent, messages] of Object.entries(asking))
    test(`is heard in six languages: ${intent}`, () => {
      for (const [lang, text] of messages) assert.equal(understood(lang, text), intent, text);
    });

  test('is none where it is of a treatment, of flights in general, or of something else besides', () => {
    for (const [lang, text] of forStaff)
      assert.ok(['question', 'inform'].includes(understood(lang, text)), text);
  });
});

const halting = [
  ['tr', 'dur eşime sorayım'],
  ['tr', 'dur bi düşüneyim'],
  ['en', 'stop, let me ask my wife first'],
  ['en', 'hold on stop wait a minute'],
  ['de', 'stopp, ich muss erst meine Frau fragen'],
  ['de', 'Stop, Moment'],
  ['fr', 'stop, laissez-moi demander à mon mari'],
  ['fr', 'arrêtez, je réfléchis'],
  ['ru', 'стоп, дайте подумать'],
  ['ru', 'хватит, подождите минуту'],
  ['ar', 'توقف خليني اسأل زوجتي'],
  ['ar', 'وقف لحظة افكر'],
] as const;

suite('a word of stopping', () => {
  test('ends nothing where it goes on with asking, thinking or waiting', () => {
    for (const [lang, text] of halting) assert.equal(understood(lang, text), 'thanks', text);
  });

  test('is a stop by itself, and with what is not to be sent', () => {
    for (const [lang, text] of [
      ['tr', 'dur'],
      ['en', 'please stop'],
      ['en', 'stop texting me, let me think'],
      ['de', 'stopp bitte'],
      ['ru', 'стоп'],
      ['ar', 'توقف'],
      ['tr', 'dur artık yazmayın'],
    ] as const)
      assert.equal(understood(lang, text), 'stop', text);
  });

  test('does not hide an emergency', () => {
    for (const text of [
      'wait a minute my chest hurts',
      'stop i need to think, i am bleeding a lot',
      'dur bir dakika nefes alamıyorum',
      'attendez, je saigne beaucoup',
      'подождите, у меня сильная боль в груди',
    ])
      assert.equal(understood('en', text), 'urgent', text);
  });
});

suite('a yes with a wrong letter', () => {
  for (const text of ['kabul ediyorm', 'kabul ediyoum', 'onaylıyrum', 'einverstandn'])
    test(`agrees only where something was asked: ${text}`, () => {
      assert.equal(understood('tr', text, 'consent'), 'agree');
      assert.equal(understood('tr', text), 'unclear');
    });

  test('is no yes where it denies', () => {
    assert.equal(understood('tr', 'kabul etmiyorm', 'consent'), 'refuse');
    assert.equal(understood('de', 'nicht einverstandn', 'consent'), 'refuse');
  });
});
