import * as v from 'valibot';

import type { IntegratorStatus } from '../../actors/shapes/invoices.ts';

const Code = v.picklist(['unknown', 'waiting', 'succeed', 'error']);
const optional = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(v.nullable(schema), null);

/** `GET /einvoice/Sale/{UUID}/Status` */
export const EInvoiceStatus = v.object({
  Answer: optional(v.object({ AnswerCode: optional(v.string()) })),
  InvoiceStatus: optional(v.object({ Code: optional(Code) })),
  EnvelopeInfo: optional(v.object({ GIBCode: optional(v.pipe(v.number(), v.safeInteger())) })),
});

/**
 * `GET /earchive/Invoices/{UUID}/Status`. The values of `StatusCode` are the enumeration of the published swagger; what
 * each means is not written there. Odoo's connector takes `succeed` for sent and `error` for failed, and so do we.
 */
export const EArchiveStatus = v.object({
  StatusCode: Code,
  CancelStatus: optional(v.boolean()),
});

const pending = new Set([1000, 1100, 1200, 1210, 1220]);
const delivered = 1300;
/** "Registered before": says nothing of the document, only of the envelope that came second. */
const duplicate = 1163;

/**
 * An e-Fatura is where the authority's code of its envelope says. Until there is one, and for codes that nobody has
 * described, it is where the integrator says.
 */
export function eInvoiceStatus(status: v.InferOutput<typeof EInvoiceStatus>): IntegratorStatus {
  if (status.Answer?.AnswerCode === 'rejected') {
    return { status: 'rejected', code: 'answer_rejected' };
  }
  const ours = status.InvoiceStatus?.Code ?? 'unknown';
  const gib = status.EnvelopeInfo?.GIBCode ?? 0;
  if (gib === 0) return byIntegrator(ours, null);
  const code = String(gib);
  if (gib === delivered) return { status: 'accepted', code };
  if (pending.has(gib)) return { status: 'submitted', code };
  if (gib === duplicate) return { status: ours === 'succeed' ? 'accepted' : 'submitted', code };
  if ((gib >= 1110 && gib <= 1195) || gib === 1215 || gib === 1230) {
    return { status: 'rejected', code };
  }
  return byIntegrator(ours, code);
}

/**
 * An e-Arşiv invoice has no envelope: it stands when the integrator has signed it, whether it is in a report to the
 * authority yet (`ReportStatus`) or not. One that was cancelled is `rejected` with the code `cancelled`.
 */
export function eArchiveStatus(status: v.InferOutput<typeof EArchiveStatus>): IntegratorStatus {
  if (status.CancelStatus === true) return { status: 'rejected', code: 'cancelled' };
  return byIntegrator(status.StatusCode, null);
}

function byIntegrator(ours: v.InferOutput<typeof Code>, code: string | null): IntegratorStatus {
  if (ours === 'succeed') return { status: 'accepted', code };
  if (ours === 'error') return { status: 'rejected', code: code ?? 'error' };
  return { status: 'submitted', code };
}
