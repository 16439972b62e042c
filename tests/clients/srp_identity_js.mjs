// The SRP numbers that `amazon-cognito-identity-js` computes for a fixed private number, as hexadecimal digits.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const require = createRequire(`${process.cwd()}/`);
const Helper = require("amazon-cognito-identity-js/lib/AuthenticationHelper.js").default;
const BigInteger = require("amazon-cognito-identity-js/lib/BigInteger.js").default;
const given = JSON.parse(await text(process.stdin));
const numberOf = (digits) => new BigInteger(digits, 16);
const called = (object, name, ...values) =>
  new Promise((resolve, reject) =>
    object[name](...values, (error, answer) => (error ? reject(error) : resolve(answer))),
  );

const helper = new Helper(given.pool);
helper.smallAValue = numberOf(given.private);
const client = await called(helper, "calculateA", helper.smallAValue);
helper.largeAValue = client;
const server = numberOf(given.server);
const key = await called(
  helper, "getPasswordAuthenticationKey", given.user, given.password, server, numberOf(given.salt),
);

console.log(
  JSON.stringify({
    multiplier: helper.k.toString(16),
    client: client.toString(16),
    scrambler: helper.calculateU(client, server).toString(16),
    key: Buffer.from(key).toString("hex"),
    padded: given.numbers.map((digits) => helper.padHex(numberOf(digits))),
  }),
);
