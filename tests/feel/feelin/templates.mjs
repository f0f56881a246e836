// Reads element templates, writes what the modeler's own validator says of them.
import { readFileSync } from "node:fs";
import { validateAllZeebe } from "@bpmn-io/element-templates-validator";

const { results } = validateAllZeebe(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(results.map((r) => ({ id: r.object.id, valid: r.valid, errors: (r.errors ?? []).map((e) => e.message) }))));
