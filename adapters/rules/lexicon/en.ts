import type { Lexicon } from './lexicon.ts';

export const english: Lexicon = {
  everyday:
    'the|and|is|are|am|i|you|my|we|with|for|want|would|like|please|have|from|to|of|it|this|that|what|how|when|where|why|who|can|do|does|need|get|yes|no|not|hello|hi|hey|thanks|thank|ok|in|on|at|me|your|be|will|surgery|price|cost|stop|people|adults|adult|child|children|kids|wife|husband|just|only|good morning|good evening|fly|travel|come|budget|agree|speak|there|week|month|next|may|june|july|weeks|years|old|tomorrow|if|about|doctor|someone|human|agent|sure|nope|yep|unsubscribe|cancel|alone|think|maybe|bleeding|help|hair|teeth|knee|eye|nose|or|an|at',
  greeting:
    'hello|hi|hey|hiya|good morning|good afternoon|good evening|good day|greetings|hello there|hi there|dear sir|dear madam|how are you|nice to meet you',
  agree:
    'yes|yep|yeah|yup|sure|of course|ok|okay|okey|i agree|agree|agreed|i accept|accept|accepted|i do|i consent|i do agree|sounds good|that s fine|thats fine|that is fine|fine|perfect|great|alright|all right|go ahead|confirm|i confirm|confirmed|deal|absolutely|definitely|correct|that s right|right|book it|let s do it|yes i do|with pleasure|that works|that works for me|works for me|good|very good|i take it|i ll take it',
  refuse:
    'no|nope|nah|no way|never|i refuse|refuse|i decline|decline|declined|i disagree|disagree|i don t agree|i do not agree|don t agree|do not agree|i dont agree|dont agree|i don t accept|i do not accept|i dont accept|i do not consent|i don t consent|i dont consent|not agree|i don t want|i do not want|i don t want to|i don t want it|i don t want that|i dont want|not interested|i m not interested|i am not interested|not ok|not okay|i can t agree|i cannot agree|i reject|reject|i d rather not|rather not|not now|no i don t|not really|absolutely not|of course not|definitely not',
  stop: 'stop|unsubscribe|stop it|stop this|stop messaging|stop messages|stop messaging me|stop writing|stop writing to me|stop writing me|stop texting|stop texting me|stop sending messages|stop sending me messages|cancel|cancel everything|cancel it|opt out|quit|end|remove me|delete my data|delete my number|do not contact me|don t contact me|do not write to me|don t write to me|don t message me|do not message me|leave me alone|i withdraw my consent|withdraw my consent|withdraw consent|withdraw|i revoke my consent|revoke my consent|revoke|stop all|stopall',
  thanks:
    'thanks|thank you|many thanks|thank you so much|thank you very much|thanks a lot|thx|ty|cheers|much appreciated|appreciate it|i appreciate it|thank you for your help|thanks for your help|thank you for the information|so much|very much|for everything',
  filler:
    'please|pls|plz|thanks|thank you|sir|madam|doctor|dear|my friend|now|then|well|immediately|me|to|everything|from|very|so|too|again|and|indeed|just|that|this|it|all|any more|anymore|right now|today',
  human:
    'a human|human|real person|a person|speak to someone|talk to someone|speak with someone|speak to somebody|talk to somebody|live agent|agent|representative|operator|customer service|customer support|a consultant|coordinator|call me|speak to a doctor|talk to a doctor|speak with a doctor|staff member|not a bot|not a robot|not a machine|a real human|your colleague|your team|someone call me|phone me|give me a call|a manager|your manager',
  urgent:
    'bleeding|bleeds|severe pain|extreme pain|unbearable pain|terrible pain|so much pain|strong pain|excruciating|chest pain|can t breathe|cannot breathe|can not breathe|trouble breathing|difficulty breathing|hard to breathe|shortness of breath|fainted|passed out|unconscious|collapsed|emergency|ambulance|heart attack|stroke|accident|high fever|seizure|allergic reaction|swollen face|infected|infection|pus|wound opened|stitches opened|suicide|kill myself|overdose|i m dying|i am dying|vomiting blood|coughing blood|very urgent medical|hospital now|need a doctor now|need a doctor urgently|poisoned',
  noneBefore:
    'no|not|without|no more|never had|never|isn t|is not|not any|don t have any|don t have|stopped|no signs of|in case of',
  noneAfter: 'has stopped|stopped|is gone|is over|free',
  asks: 'what|how|when|where|why|who|which|can|could|do|does|did|is|are|will|would you|should|may i|have you|am i|would it|any chance|tell me',
  asksAnywhere:
    'how much|how long|how many days|what is the price|what s the price|price list|the price of|prices|how do|how does|what about|i would like to know|i want to know|wondering|can you|could you|do you|is it possible|let me know|i have a question|a question|what does|what is|what are|the cost of|where is|which hospital|which doctor|when can',
  procedures: {
    'hair-transplant':
      'hair transplant*|hair transplantation|hair implant*|hair restoration|fue|dhi|hair graft*|beard transplant*|eyebrow transplant*|hair surgery|hair loss|bald*|grafts|new hair',
    dental:
      'dental*|dentist*|teeth|tooth|implants|veneer*|crowns|zirconium|zirconia|hollywood smile|smile makeover|root canal|braces|orthodont*|dentures|all on 4|all on four|all on 6',
    eye: 'eye surgery|eye operation|eye laser|laser eye|lasik|smile pro|cataract*|lens replacement|eyes lasered|glaucoma|vision correction|my eyes|eye treatment|keratoconus',
    nose: 'nose|rhinoplasty|nose job|septoplasty|septorhinoplasty|septum|deviated septum',
    breast: 'breast*|boob*|mammoplasty|mastopexy|gynecomastia|gynaecomastia',
    liposuction:
      'liposuction|lipo|bbl|brazilian butt lift|vaser|fat removal|liposculpture|tummy tuck|abdominoplasty',
    bariatric:
      'bariatric*|gastric sleeve|gastric bypass|gastric balloon|gastric band|sleeve gastrectomy|stomach reduction|obesity surgery|weight loss surgery|weight loss operation|obesity|stomach balloon|stomach botox',
    orthopaedic:
      'orthopaedic*|orthopedic*|knee*|hip replacement|hip surgery|hip|joint replacement|herniated disc|slipped disc|spine*|spinal*|meniscus|scoliosis|acl|shoulder*|limb lengthening',
    ivf: 'ivf|in vitro*|fertility|infertility|test tube baby|icsi|embryo*|egg freezing|have a baby|get pregnant',
    oncology:
      'oncolog*|cancer*|tumor*|tumour*|chemotherapy|chemo|radiotherapy|leukemia|leukaemia|lymphoma|cyberknife|metastas*',
    cardiology:
      'cardiolog*|heart surgery|heart operation|bypass surgery|coronary*|stent*|heart valve*|cardiac*|angiography|heart check|heart disease|arrhythmia|pacemaker',
    'check-up':
      'check up|checkup|check ups|checkups|health check|health screening|full body check|medical examination|full body scan|general examination|screening',
  },
  months: [
    'january|jan',
    'february|feb',
    'march|mar',
    'april|apr',
    'may',
    'june|jun',
    'july|jul',
    'august|aug',
    'september|sept|sep',
    'october|oct',
    'november|nov',
    'december|dec',
  ],
  weekdays: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
  numbers: [
    'zero',
    'one|a|an',
    'two|couple of',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
    'thirteen',
    'fourteen',
    'fifteen',
    'sixteen',
    'seventeen',
  ],
  ordinalEnding: 'st|nd|rd|th',
  of: 'of|the',
  or: 'or',
  and: 'and|plus',
  until: 'to|until|till|through|til',
  back: 'back|return|returning|come back|fly back|flying back|home|inbound|going home|fly home',
  adult: 'adult|adults|grown up|grown ups',
  child:
    'child|children|kid|kids|son|daughter|baby|infant|toddler|boy|girl|sons|daughters|boys|girls',
  person:
    'people|person|persons|travellers|travelers|passengers|passenger|of us|pax|patients|seats|tickets',
  self: 'i|me|myself',
  my: 'my|our|a|his|her',
  with: 'with|together with|accompanied by',
  companion:
    'wife|husband|partner|spouse|mother|mum|mom|father|dad|friend|sister|brother|girlfriend|boyfriend|fiance|fiancee|cousin|aunt|uncle|grandmother|grandfather|companion|colleague|parent',
  alone:
    'alone|by myself|just me|only me|on my own|just myself|only myself|travelling solo|traveling solo|solo|single traveller|i am alone|nobody else',
  two: 'two of us|both of us|the two of us|as a couple|we are a couple|my parents',
  three: 'three of us',
  four: 'four of us',
  yearsOld: 'years old|year old|years|yrs|yr old|yo|y o|yrs old|year olds',
  aged: 'aged|age|ages|of|who is|is',
  infant: 'newborn|infant|baby',
  travel:
    'fly*|travel*|come|coming|arrive|arriving|arrival|depart*|leav*|trip|ticket*|flight*|visit*|available|go|going|land|book*|appointment|free',
  budget:
    'budget|afford|spend|pay|up to|maximum|max|at most|limit|no more than|have around|i have|can pay|set aside|saved',
};
