import { AwsError } from '../../wire/errors.ts';

export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** One page of a sorted list. The marker is the name of the last item shown, so that it survives changes in between. */
export function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { Marker, MaxItems = 100 }: PageRequest,
): { readonly page: readonly Item[]; readonly IsTruncated: boolean; readonly Marker: string | undefined } {
  const after = Marker === undefined ? undefined : fromMarker(Marker);
  const rest = items.filter((item) => after === undefined || nameOf(item) > after);
  const page = rest.slice(0, MaxItems);
  const last = page.at(-1);
  const truncated = rest.length > page.length && last !== undefined;
  return { page, IsTruncated: truncated, Marker: truncated ? toMarker(nameOf(last)) : undefined };
}

const toMarker = (name: string): string => Buffer.from(name).toString('base64');

function fromMarker(marker: string): string {
  const name = Buffer.from(marker, 'base64').toString();
  if (toMarker(name) === marker) return name;
  throw new AwsError('ValidationError', 'Invalid Marker.');
}
