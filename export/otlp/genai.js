// The names of OpenTelemetry's GenAI conventions that are used, and what they are given. All of these are of status Development and
// change; a change is a change of this table, of its commit and of its date.
'use strict';

/** What the table was made from: open-telemetry/semantic-conventions-genai, on the core conventions 1.44.0. */
const CONVENTIONS = {
  version: '1.42.0-dev',
  commit: '06ec68e722c45a7218e23ea1bc1339fe4e21ecae',
  date: '2026-10-07',
  schemaUrl: 'https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev',
};

const NAMES = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  model: 'gen_ai.request.model',
  workflow: 'gen_ai.workflow.name',
  agent: 'gen_ai.agent.name',
  tool: 'gen_ai.tool.name',
  callId: 'gen_ai.tool.call.id',
  skill: 'gen_ai.skill.name',
  conversation: 'gen_ai.conversation.id',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  errorType: 'error.type',
};

/** Names of providers as they are recorded, where the conventions have another one. */
const PROVIDERS = { google: 'gcp.gen_ai', gemini: 'gcp.gemini', vertex: 'gcp.vertex_ai', azure: 'azure.ai.openai', bedrock: 'aws.bedrock', mistral: 'mistral_ai', xai: 'x_ai' }; // prettier-ignore

/** The tool by which Claude Code loads a skill. */
const SKILL_TOOL = 'Skill';
const SUBAGENT = /^agent:(.+)$/s;
const OTHER_ERROR = '_OTHER';

/** Errors have no type where the program said none. */
function errorType({ error_type: type, code, outcome }) {
  const found = [type, code, outcome].find((each) => typeof each === 'string' && each !== '' && each.length <= 64);
  return found ?? OTHER_ERROR;
}

/** What transcripts say was used; Anthropic's number of input tokens leaves out those of its cache, the conventions' has them. */
function usageOf({ usage }) {
  if (usage === null || typeof usage !== 'object') return {};
  const count = (value) => (Number.isSafeInteger(value) && value >= 0 ? value : undefined);
  const [input, read, write] = [usage.input_tokens, usage.cache_read_tokens, usage.cache_write_tokens].map(count);
  return {
    [NAMES.inputTokens]: input === undefined ? undefined : input + (read ?? 0) + (write ?? 0),
    [NAMES.outputTokens]: count(usage.output_tokens),
    [NAMES.cacheReadTokens]: read,
    [NAMES.cacheWriteTokens]: write,
  };
}

const modelOf = ({ model, usage }) => [model, usage?.model].find((each) => typeof each === 'string' && each !== '');

/** By stream: `{ name, client, attributes }` of the operation that a record tells of. */
const OPERATIONS = {
  executions: ({ cuj }) => ({
    name: `invoke_workflow ${cuj}`,
    attributes: { [NAMES.operation]: 'invoke_workflow', [NAMES.workflow]: cuj },
  }),
  skills: ({ skill, metadata }) => {
    const [, subagent] = SUBAGENT.exec(skill) ?? [];
    if (subagent !== undefined) {
      return {
        name: `invoke_agent ${subagent}`,
        attributes: { [NAMES.operation]: 'invoke_agent', [NAMES.agent]: subagent },
      };
    }
    const callId = typeof metadata.id === 'string' && metadata.origin === 'transcript' ? metadata.id : undefined;
    const attributes = { [NAMES.operation]: 'execute_tool', [NAMES.tool]: SKILL_TOOL, [NAMES.skill]: skill };
    return { name: `${SKILL_TOOL} ${skill}`, attributes: { ...attributes, [NAMES.callId]: callId } };
  },
  providers: ({ provider, metadata }) => {
    const model = modelOf(metadata);
    return {
      name: model === undefined ? 'chat' : `chat ${model}`,
      client: true,
      attributes: {
        [NAMES.operation]: 'chat',
        [NAMES.provider]: PROVIDERS[provider] ?? provider,
        [NAMES.model]: model,
        ...usageOf(metadata),
      },
    };
  },
};

/**
 * What the conventions call a record of a stream, given what it names (`{ cuj, skill, provider, metadata }`) and whether it failed;
 * `null` for progress, which they do not know.
 */
function operationOf(stream, named, failed) {
  const operation = OPERATIONS[stream]?.(named) ?? null;
  if (operation === null) return null;
  const { session_id: session } = named.metadata;
  if (typeof session === 'string') operation.attributes[NAMES.conversation] = session;
  if (failed) operation.attributes[NAMES.errorType] = errorType(named.metadata);
  return operation;
}

module.exports = { CONVENTIONS, NAMES, operationOf };
