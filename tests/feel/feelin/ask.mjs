// Reads a JSON list of expressions, writes a JSON list of what feelin makes of them.
import { readFileSync } from "node:fs";
import { evaluate } from "feelin";

const plain = (value) => {
  if (value === null || value === undefined) return null;
  if (["number", "string", "boolean"].includes(typeof value)) return Number.isNaN(value) ? null : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  return { "?": plain(unwrapped(evaluate("string(x)", { x: value }))) };
};

const unwrapped = (found) => (found && typeof found === "object" && "value" in found ? found.value : found);
const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map((text) => {
  try {
    return plain(unwrapped(evaluate(text, {})));
  } catch (error) {
    return { error: String(error.message).slice(0, 120) };
  }
})));
