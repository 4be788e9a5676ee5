import type { Lexicon } from './lexicon.ts';

export const english: Lexicon = {
  everyday:
    'the|and|is|are|am|i|you|my|we|with|for|want|would|like|please|have|from|to|of|it|this|that|what|how|when|where|why|who|can|do|does|need|get|yes|no|not|hello|hi|hey|thanks|thank|ok|in|on|at|me|your|be|will|surgery|price|cost|stop|people|adults|adult|child|children|kids|wife|husband|just|only|good morning|good evening|fly|travel|come|budget|agree|speak|there|week|month|next|may|june|july|weeks|years|old|tomorrow|if|about|doctor|someone|human|agent|sure|nope|yep|unsubscribe|cancel|alone|think|maybe|bleeding|help|hair|teeth|knee|eye|nose|or|an|at|name|passport|expires|born|was|were|has|had|been|they|them|their|then|than|but|so|too|very|more|some|any|all|now|here|today|yesterday|after|before|since|because|which|our|us|he|she|his|her|its|im|ive|dont|cant|didnt|isnt|got|going|gonna|wanna|pls|plz|u|ur|send|sending|flight|hotel|clinic|hospital|pay|payment|second|first|one|up|out|over|again|stuff|blood|text|anymore|dob|surname|number|phone|call|back|still|also',
  greeting:
    'hello|hi|hey|hiya|good morning|good afternoon|good evening|good day|greetings|hello there|hi there|dear sir|dear madam|how are you|nice to meet you',
  agree:
    'yeah go on then|go on then|go on|fine by me|fine with me|i m ok with that|i m ok with it|i m okay with that|ok with me|okay with me|ok for me|fine for me|i m fine with that|i m fine with it|i m happy with that|happy to|by all means|please do|no problem|no problem at all|no worries|you have my consent|you have my permission|i give my consent|i give you my consent|i give consent|i give permission|i give you permission|permission granted|granted|approved|i approve|affirmative|yea|ye|ya|yh|aye|okie|okie dokie|okey dokey|k|kk|certainly|why not|i guess so|i suppose so|fair enough|that s ok|thats ok|that s okay|all good|i m in|count me in|lovely|cool|awesome|brilliant|sounds great|looks good|looks right|looks correct|all correct|everything is correct|everything is right|it s correct|it is correct|that s correct|yes that s right|i do accept|ok i agree|that s it|that is right|indeed|you can|you can use it|you can use my data|it s fine|its fine|it is fine|yes you can|you may|i m good with that|good to go|proceed|please proceed|let s proceed|let s go|book that|suits me|yes|yep|yeah|yup|sure|of course|ok|okay|okey|i agree|agree|agreed|i accept|accept|accepted|i do|i consent|i do agree|sounds good|that s fine|thats fine|that is fine|fine|perfect|great|alright|all right|go ahead|confirm|i confirm|confirmed|deal|absolutely|definitely|correct|that s right|right|book it|let s do it|yes i do|with pleasure|that works|that works for me|works for me|good|very good|i take it|i ll take it|sounds alright|sounds alright to me|alright by me|sounds fine|sounds okay|sounds right|that s all correct|that s all right|all of that is correct|all that is correct|yes that s all correct|all good from me|works fine|i m fine|that is okay|spot on|exactly|correct yes|yes all correct|all right then|i am happy with that|i have no objection|no objection|no objections|i don t mind|don t mind|consent given|consent|yes consent',
  refuse:
    'i d rather you didn t|id rather you didnt|i would rather you didn t|would rather not|i would rather not|prefer not|i prefer not to|i d prefer not to|i would prefer not|not for me|nah not for me|no deal|i m not comfortable with that|not comfortable with that|not comfortable|i won t agree|i will not agree|i do not accept that|don t use my data|do not use my data|you may not|you can t use my data|no permission|forget it|negative|not today|thanks but no|thanks but no thanks|no way josé|i am not okay with that|i m not ok with that|i m not okay with this|not ok with that|not fine|not okay with me|i am against|i m against it|against it|i object|objection|no can do|never mind|i don t think so|don t think so|i do not think so|i don t consent to that|do not agree with that|i don t agree with that|that s not ok|that is not ok|not happy with that|i m out|nothing for me|not what i want|no|nope|nah|no way|never|i refuse|refuse|i decline|decline|declined|i disagree|disagree|i don t agree|i do not agree|don t agree|do not agree|i dont agree|dont agree|i don t accept|i do not accept|i dont accept|i do not consent|i don t consent|i dont consent|not agree|i don t want|i do not want|i don t want to|i don t want it|i don t want that|i dont want|not interested|i m not interested|i am not interested|not ok|not okay|i can t agree|i cannot agree|i reject|reject|i d rather not|rather not|not now|no i don t|not really|absolutely not|of course not|definitely not|i do not|no i do not|no i don t agree|i am not|i m not|no chance|that s wrong|thats wrong|that is wrong|no that s wrong|it s wrong|it is wrong|wrong|incorrect|not correct|not right|that s not right|that s not correct|no thank u|hell no|no sorry|sorry no|i m afraid not|afraid not|i d say no|i say no|hard no|don t want that|i won t|i will not|certainly not|i refuse that|i do mind',
  stop: 'stop|unsubscribe|stop it|stop this|stop messaging|stop messages|stop messaging me|stop writing|stop writing to me|stop writing me|stop texting|stop texting me|stop sending messages|stop sending me messages|cancel|cancel everything|cancel it|opt out|quit|end|remove me|delete my data|delete my number|do not contact me|don t contact me|do not write to me|don t write to me|don t message me|do not message me|leave me alone|i withdraw my consent|withdraw my consent|withdraw consent|withdraw|i revoke my consent|revoke my consent|revoke|stop all|stopall',
  thanks:
    'cheers mate|ta|ta very much|ta muchly|thanks so much|thanks very much|thank u|thank you all|thanks again|thank you again|tysm|thnx|tnx|thanx|god bless you|god bless|bless you|you ve been great|you ve been very helpful|very helpful|so kind|very kind of you|you are very kind|that s kind|grateful|i m grateful|great help|thanks|thank you|many thanks|thank you so much|thank you very much|thanks a lot|thx|ty|cheers|much appreciated|appreciate it|i appreciate it|thank you for your help|thanks for your help|thank you for the information',
  bye: 'bye|bye bye|goodbye|good bye|see you|see you soon|see ya|cya|talk later|talk to you later|ttyl|take care|have a nice day|have a good day|have a great day|have a good one|have a lovely day|good night|goodnight|until then|catch you later|speak soon|all the best|best regards|kind regards|regards',
  filler:
    'after all|finally|actually|in the end|i changed my mind|changed my mind|i ve changed my mind|on second thought|on second thoughts|with that|with it|about that|well then|go|hmm|hm|um|uh|oh|ah|lol|haha|honestly|dear team|if you must|whatever|ahead|the|a|please|pls|plz|thanks|thank you|sir|madam|doctor|dear|my friend|now|then|well|immediately|me|to|everything|from|very|so|too|again|and|indeed|just|that|this|it|all|any more|anymore|right now|today|for your time|for your reply|for getting back to me|luv|love|x|xx|xxx|guys|team|everyone|so much|very much|for everything|mate|bro|buddy|my dear|darling|folks|man',
  human:
    'a human|human|real person|a person|speak to someone|talk to someone|speak with someone|speak to somebody|talk to somebody|live agent|agent|representative|operator|customer service|customer support|a consultant|coordinator|call me|speak to a doctor|talk to a doctor|speak with a doctor|staff member|not a bot|not a robot|not a machine|a real human|your colleague|your team|someone call me|phone me|give me a call|a manager|your manager|get me a human|get me a person|give me a human|put me through|connect me|transfer me|call a person|call somebody|speak to a human|speak to a person|talk to a human|talk to a person|someone real|anyone real|real human|customer care|support team|ring me|call me back|give me a ring|someone from your team|a member of staff|your staff|the coordinator',
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
