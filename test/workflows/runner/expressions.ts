import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** What an expression may name: `github`, `inputs`, `steps` … */
export type Contexts = Readonly<Record<string, unknown>>;

/** How things stand where a condition is judged. */
export interface Standing {
  readonly success: boolean;
  readonly failure: boolean;
}

type Functions = ConstructorParameters<typeof Evaluator>[2];

/** The functions that only conditions have. Nobody breaks off a run here. */
function statusFunctions({ success, failure }: Standing): NonNullable<Functions> {
  const answers = { success, failure, cancelled: false, always: true };
  return new Map(
    Object.entries(answers).map(([name, answer]) => [
      name,
      { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer) },
    ]),
  );
}

function evaluate(expression: string, contexts: Contexts, functions: NonNullable<Functions> = new Map()) {
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), [...functions.values()]).parse();
  const context: unknown = JSON.parse(JSON.stringify(contexts), data.reviver);
  if (!(context instanceof data.Dictionary)) throw new Error(`evaluating ${expression}: there are no contexts`);
  return new Evaluator(tree, context, functions).evaluate();
}

/** A text of a workflow with its expressions replaced by their values. */
export const interpolated = (text: string, contexts: Contexts): string =>
  text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => evaluate(expression, contexts).coerceString());

export const interpolatedAll = (
  texts: Readonly<Record<string, string>>,
  contexts: Contexts,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, interpolated(text, contexts)]));

/** Whether an `if:` holds. One that asks for no status asks for success as well. */
export function holds(condition: string | undefined, contexts: Contexts, standing: Standing): boolean {
  const expression = condition?.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1') ?? 'success()';
  const asksForStatus = /\b(success|failure|cancelled|always)\s*\(/.test(expression);
  if (!asksForStatus && !standing.success) return false;
  const value = evaluate(expression, contexts, statusFunctions(standing));
  return !['', '0', 'false', 'NaN'].includes(value.coerceString());
}
