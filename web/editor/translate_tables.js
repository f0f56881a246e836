// What the table editor itself says, in Chinese: our own words over those the diagram editor has.

import community from 'bpmn-js-i18n/translations/zn';
import ours from './zh_tables.js';

const words = { ...community, ...ours };
// Names of languages and of kinds that are the same in every tongue.
const NAMES = new Set(['FEEL', 'JUEL', 'Java', 'PMML', 'feel', '']);

// Texts nobody translated; a test fails when there is one.
export const missing = new Set();

export function translating(zh) {
  return { translate: ['value', (text, values = {}) => {
    if (zh && text && !(text in words) && !NAMES.has(text)) missing.add(text);
    const said = (zh && words[text]) || text;
    return said.replace(/{\s*([^}\s]+)\s*}/g, (_, name) => values[name] ?? `{${name}}`);
  }] };
}
