import * as v from 'valibot';

/** A template that Meta has approved. */
export const RegisteredTemplate = v.pipe(
  v.strictObject({
    name: v.string(),
    /** Meta's code of the language, `en_US` or `tr`. */
    language: v.string(),
    /** How many gaps its body has. */
    parameters: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    /** What the patient reads, with `{{1}}` for the first parameter. */
    body: v.exactOptional(v.string()),
    /** The titles of its quick-reply buttons. */
    buttons: v.exactOptional(v.pipe(v.array(v.string()), v.readonly())),
    /** One for authentication takes no user id: 131062. */
    category: v.exactOptional(v.picklist(['utility', 'marketing', 'authentication'])),
  }),
  v.readonly(),
);
export type RegisteredTemplate = v.InferOutput<typeof RegisteredTemplate>;

interface Choice {
  readonly id: string;
  readonly title: string;
}

/** What a patient has got from us. */
export interface SentMessage {
  readonly messageId: string;
  /** ISO 8601. */
  readonly at: string;
  /** Phone number or user id, whichever it was sent to. */
  readonly to: string;
  readonly kind: 'text' | 'buttons' | 'list' | 'template' | 'media';
  /** The words: of a medium its caption, of a template its text, or its parameters in lines where the text is not registered. */
  readonly body: string;
  /** Of `buttons` and `template`. */
  readonly buttons: readonly Choice[];
  /** Of a list. */
  readonly list?: {
    readonly button: string;
    readonly sections: readonly {
      readonly title: string | null;
      readonly rows: readonly (Choice & { readonly description?: string | undefined })[];
    }[];
  };
  readonly template?: {
    readonly name: string;
    readonly language: string;
    readonly parameters: readonly string[];
  };
  readonly media?: {
    readonly type: 'image' | 'document' | 'audio' | 'video' | 'sticker';
    readonly id: string | null;
    readonly link: string | null;
    readonly filename: string | null;
    /** Of one sent by id. */
    readonly mimeType: string | null;
    /** SHA-256, hex, of one sent by id. */
    readonly sha256: string | null;
  };
  /** The message it answers. */
  readonly replyTo: string | null;
  readonly effectId: string | null;
}

const Text = (limit: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(limit));
const unique = <Item>(items: readonly Item[], key: (item: Item) => string) =>
  new Set(items.map(key)).size === items.length;

const common = {
  messaging_product: v.literal('whatsapp'),
  recipient_type: v.optional(v.literal('individual')),
  to: v.optional(v.pipe(v.string(), v.regex(/^\+?\d{6,15}$/))),
  recipient: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}\.(ENT\.)?\d{5,30}$/))),
  biz_opaque_callback_data: v.optional(v.pipe(v.string(), v.maxLength(512))),
  context: v.optional(v.strictObject({ message_id: Text(512) })),
};

const Buttons = v.strictObject({
  type: v.literal('button'),
  body: v.strictObject({ text: Text(1_024) }),
  action: v.strictObject({
    buttons: v.pipe(
      v.array(
        v.strictObject({
          type: v.literal('reply'),
          reply: v.strictObject({ id: Text(256), title: Text(20) }),
        }),
      ),
      v.minLength(1),
      v.maxLength(3),
      v.check((buttons) => unique(buttons, ({ reply }) => reply.id), 'duplicated id'),
      v.check((buttons) => unique(buttons, ({ reply }) => reply.title), 'duplicated title'),
    ),
  }),
});

const Row = v.strictObject({
  id: Text(200),
  title: Text(24),
  description: v.optional(Text(72)),
});
const List = v.strictObject({
  type: v.literal('list'),
  body: v.strictObject({ text: Text(4_096) }),
  action: v.strictObject({
    button: Text(20),
    sections: v.pipe(
      v.array(
        v.strictObject({
          title: v.optional(Text(24)),
          rows: v.pipe(v.array(Row), v.minLength(1)),
        }),
      ),
      v.minLength(1),
      v.maxLength(10),
      v.check(
        (sections) => sections.length === 1 || sections.every(({ title }) => title !== undefined),
        'several sections need titles',
      ),
      v.check((sections) => sections.flatMap(({ rows }) => rows).length <= 10, 'too many rows'),
      v.check(
        (sections) =>
          unique(
            sections.flatMap(({ rows }) => rows),
            ({ id }) => id,
          ),
        'duplicated id',
      ),
    ),
  }),
});

const Gap = v.strictObject({ type: v.literal('text'), text: Text(32_768) });
const Index = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform(Number),
  v.safeInteger(),
  v.minValue(0),
  v.maxValue(9),
);
const Template = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,512}$/)),
  language: v.strictObject({
    code: v.pipe(v.string(), v.regex(/^[a-z]{2,3}(_[A-Z]{2})?$/)),
    policy: v.optional(v.literal('deterministic')),
  }),
  components: v.optional(
    v.array(
      v.variant('type', [
        v.strictObject({ type: v.literal('body'), parameters: v.array(Gap) }),
        v.strictObject({
          type: v.literal('button'),
          sub_type: v.picklist(['quick_reply', 'url']),
          index: Index,
          parameters: v.pipe(
            v.array(
              v.variant('type', [
                v.strictObject({ type: v.literal('payload'), payload: Text(256) }),
                Gap,
              ]),
            ),
            v.length(1),
          ),
        }),
      ]),
    ),
    [],
  ),
});

/** A medium is either one that was uploaded or a link. */
const Medium = <Entries extends v.ObjectEntries>(more: Entries) =>
  v.union([
    v.strictObject({ id: v.pipe(v.string(), v.regex(/^\d+$/)), ...more }),
    v.strictObject({ link: v.pipe(v.string(), v.url(), v.regex(/^https?:/)), ...more }),
  ]);
const caption = v.optional(Text(1_024));
const filename = v.optional(Text(240));

const Message = v.pipe(
  v.variant('type', [
    v.strictObject({
      ...common,
      type: v.literal('text'),
      text: v.strictObject({ body: Text(4_096), preview_url: v.optional(v.boolean()) }),
    }),
    v.strictObject({
      ...common,
      type: v.literal('interactive'),
      interactive: v.variant('type', [Buttons, List]),
    }),
    v.strictObject({ ...common, type: v.literal('template'), template: Template }),
    v.strictObject({ ...common, type: v.literal('image'), image: Medium({ caption }) }),
    v.strictObject({ ...common, type: v.literal('video'), video: Medium({ caption }) }),
    v.strictObject({ ...common, type: v.literal('audio'), audio: Medium({}) }),
    v.strictObject({ ...common, type: v.literal('sticker'), sticker: Medium({}) }),
    v.strictObject({
      ...common,
      type: v.literal('document'),
      document: Medium({ caption, filename }),
    }),
  ]),
  v.check(({ to, recipient }) => to !== undefined || recipient !== undefined, 'to is required'),
);
export type Message = v.InferOutput<typeof Message>;

/** Marks a patient's message as read, and perhaps shows that we type. */
export const ReadMark = v.strictObject({
  messaging_product: v.literal('whatsapp'),
  status: v.literal('read'),
  message_id: Text(512),
  typing_indicator: v.optional(v.strictObject({ type: v.literal('text') })),
});

/** A message, or the parameter that is wrong. */
export function messageIn(body: unknown): Message | { readonly wrong: string } {
  const checked = v.safeParse(Message, body);
  if (checked.success) return checked.output;
  return { wrong: v.getDotPath(checked.issues[0]) ?? 'body' };
}

/** The part of a sent message that the patient sees. */
export type Shown = Pick<SentMessage, 'kind' | 'body' | 'buttons' | 'list' | 'template' | 'media'>;

export interface StoredMedia {
  readonly mimeType: string;
  readonly sha256: string;
}

/** What Meta needs to know to show a message. */
export interface Context {
  /** Undefined takes any template. */
  readonly templates: readonly RegisteredTemplate[] | undefined;
  /** An uploaded medium; null if there is none of this id. */
  readonly mediaOf: (id: string) => StoredMedia | null;
  /** Whether a medium of this MIME type can be sent as this. */
  readonly suits: (type: string, mimeType: string) => boolean;
}

/** What the patient sees, or Meta's code with what is wrong. */
export function shownOf(
  message: Message,
  context: Context,
): Shown | { readonly code: number; readonly details: string } {
  switch (message.type) {
    case 'text':
      return { kind: 'text', body: message.text.body, buttons: [] };
    case 'interactive':
      return interactiveShown(message.interactive);
    case 'template':
      return templateShown(message, context.templates);
    case 'image':
      return mediaShown('image', message.image, context);
    case 'video':
      return mediaShown('video', message.video, context);
    case 'audio':
      return mediaShown('audio', message.audio, context);
    case 'sticker':
      return mediaShown('sticker', message.sticker, context);
    case 'document':
      return mediaShown('document', message.document, context);
    default:
      throw new Error('A message of no type');
  }
}

function interactiveShown(
  interactive: Extract<Message, { type: 'interactive' }>['interactive'],
): Shown {
  const body = interactive.body.text;
  if (interactive.type === 'button') {
    return {
      kind: 'buttons',
      body,
      buttons: interactive.action.buttons.map(({ reply }) => reply),
    };
  }
  const { button, sections } = interactive.action;
  return {
    kind: 'list',
    body,
    buttons: [],
    list: {
      button,
      sections: sections.map(({ title = null, rows }) => ({ title, rows })),
    },
  };
}

/** No line breaks, tabs or runs of spaces: Meta refuses them in a parameter. */
const BAD_PARAMETER = /[\n\r\t]| {5}/;

function templateShown(
  { to, template }: Extract<Message, { type: 'template' }>,
  templates: readonly RegisteredTemplate[] | undefined,
): ReturnType<typeof shownOf> {
  const { name, components } = template;
  const language = template.language.code;
  const registered = templates?.find((one) => one.name === name && one.language === language);
  if (templates && !registered) {
    return {
      code: 132001,
      details: `template name (${name}) does not exist in ${language}`,
    };
  }
  const bodies = components.filter((component) => component.type === 'body');
  if (bodies.length > 1) return { code: 132012, details: 'several bodies' };
  const parameters = bodies.flatMap((component) => component.parameters.map(({ text }) => text));
  if (registered && parameters.length !== registered.parameters) {
    return {
      code: 132000,
      details: `body: number of localizable_params (${parameters.length}) does not match the expected number of params (${registered.parameters})`,
    };
  }
  if (parameters.some((text) => BAD_PARAMETER.test(text))) {
    const details =
      'Param text cannot have new-line/tab characters or more than 4 consecutive spaces';
    return { code: 132018, details };
  }
  if (registered?.category === 'authentication' && to === undefined) {
    return { code: 131062, details: 'An authentication template needs a phone number' };
  }
  const pressed = components.filter((component) => component.type === 'button');
  const given = registered?.buttons;
  if (given && pressed.some(({ index }) => index >= given.length)) {
    return { code: 132012, details: 'button index out of range' };
  }
  if (
    pressed.some(
      ({ sub_type, parameters: [one] }) => sub_type === 'quick_reply' && one?.type !== 'payload',
    )
  )
    return { code: 132012, details: 'A quick reply takes a payload' };
  if (!unique(pressed, ({ index }) => String(index)))
    return { code: 132012, details: 'duplicated button index' };
  const payloads = new Map(
    pressed.flatMap(({ index, parameters: [one] }) =>
      one?.type === 'payload' ? [[index, one.payload] as const] : [],
    ),
  );
  const body =
    registered?.body?.replaceAll(/\{\{(\d+)\}\}/g, (_, gap) => parameters[Number(gap) - 1] ?? '') ??
    parameters.join('\n');
  return {
    kind: 'template',
    body,
    // One without a payload comes back with its title.
    buttons: given
      ? given.map((title, index) => ({ id: payloads.get(index) ?? title, title }))
      : [...payloads.values()].map((id) => ({ id, title: id })),
    template: { name, language, parameters },
  };
}

function mediaShown(
  type: NonNullable<SentMessage['media']>['type'],
  medium: {
    readonly id?: string;
    readonly link?: string;
    readonly caption?: string | undefined;
    readonly filename?: string | undefined;
  },
  { mediaOf, suits }: Context,
): ReturnType<typeof shownOf> {
  const { id = null, link = null, caption: body = '', filename: name = null } = medium;
  const stored = id === null ? null : mediaOf(id);
  if (id !== null && !stored) return { code: 100, details: `Invalid parameter: ${type}.id` };
  if (stored && !suits(type, stored.mimeType)) {
    return { code: 131053, details: `${stored.mimeType} cannot be sent as ${type}` };
  }
  const { mimeType = null, sha256 = null } = stored ?? {};
  return {
    kind: 'media',
    body,
    buttons: [],
    media: { type, id, link, filename: name, mimeType, sha256 },
  };
}
