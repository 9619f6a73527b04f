// Checks Kubernetes manifests against the API's own schemas: prints one line of JSON for each object, with what is wrong in it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseAllDocuments } from 'yaml';

const require = createRequire(import.meta.url);
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const object = document.errors.length ? {} : document.toJS();
    let problem = document.errors.map(String).join('; ');
    try {
      const kinds = require(`kubernetes-models/${object.apiVersion}`);
      if (!kinds[object.kind]) throw new Error(`${object.apiVersion} has no ${object.kind}`);
      new kinds[object.kind](object).validate();
    } catch (error) {
      problem ||= error.message;
    }
    console.log(JSON.stringify({ file, kind: object.kind, name: object.metadata?.name, problem }));
  }
}
console.log(JSON.stringify({ done: true }));
