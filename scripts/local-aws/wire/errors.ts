/**
 * An error as AWS answers it. The wire layer finds the modelled shape by `code`, by its name in the model or (query
 * services) by its code on the wire; `status` is for errors whose status the model does not give.
 * `fields` are further members of the error: S3's `Key`, Lambda's `Type`.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, string | number>>;

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, string | number>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}
