/** What test/support/dicom.ts uses of dcmjs, which ships no types. */
declare module 'dcmjs' {
  interface Element {
    readonly vr: string;
    readonly Value: readonly unknown[];
  }
  class DicomDict {
    constructor(meta: Readonly<Record<string, Element>>);
    dict: Record<string, Element>;
    write(options?: object): ArrayBuffer;
  }
  const dcmjs: { readonly data: { readonly DicomDict: typeof DicomDict } };
  export default dcmjs;
}
