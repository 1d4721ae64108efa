import * as faults from './kernel/assembly/faults.ts';
import { deepestNesting, longestName, longestTag, mostAttributes } from './kernel/assembly/layout.ts';

/** What the kernel's faults mean; those that need a closer look at the document are told by ContentKernel. */
export const faultReasons: ReadonlyMap<number, string> = new Map([
  [faults.nameExpected, 'a name is expected'],
  [faults.nameTooLong, `a name is longer than ${longestName} bytes`],
  [faults.tagTooLong, `a tag is longer than ${longestTag} bytes`],
  [faults.tooDeep, `elements are nested more than ${deepestNesting} deep`],
  [faults.tooManyAttributes, `an element has more than ${mostAttributes} attributes`],
  [faults.twiceAttribute, 'an attribute is there twice'],
  [faults.strayInTag, 'this cannot stand in a tag'],
  [faults.equalsExpected, 'a "=" is expected behind the name of an attribute'],
  [faults.quoteExpected, 'the value of an attribute must be in quotes'],
  [faults.lessThanInValue, 'no "<" may stand in the value of an attribute'],
  [faults.endTagWithoutStart, 'an end tag that no start tag belongs to'],
  [faults.strayInEndTag, 'this cannot stand in an end tag'],
  [faults.unfinishedReference, 'an "&" that begins no reference'],
  [faults.forbiddenReference, 'a reference to a character that is not allowed in XML'],
  [faults.sectionEndInText, '"]]>" must not stand in text'],
  [faults.unknownSection, '"<!" must begin a comment or a CDATA section here'],
  [faults.twoHyphensInComment, '"--" must not stand in a comment'],
  [faults.reservedTarget, 'an XML declaration may only stand at the very beginning'],
  [faults.strayInInstruction, 'white space or "?>" is expected behind the target of an instruction'],
  [faults.textOutsideRoot, 'text must not stand outside of the root element'],
  [faults.secondRoot, 'there is a second root element'],
  [faults.lateDoctype, 'a DOCTYPE may only stand before the root element'],
  [faults.cdataOutsideRoot, 'a CDATA section must not stand outside of the root element'],
]);
