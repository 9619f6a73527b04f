// Checks signatures with libraries that others wrote. Reads one JSON object a line, {"library":"svix"|"standardwebhooks","secret","headers","body"}, and answers each with {"verified":true|false}.
import { createInterface } from 'node:readline';
import { Webhook as Standard } from 'standardwebhooks';
import { Webhook as Svix } from 'svix';

for await (const line of createInterface({ input: process.stdin })) {
  const { library, secret, headers, body } = JSON.parse(line);
  let verified = true;
  let error;
  try {
    new (library === 'svix' ? Svix : Standard)(secret).verify(body, headers);
  } catch (failure) {
    verified = false;
    error = String(failure);
  }
  console.log(JSON.stringify({ verified, error }));
}
