// Anna's day with the published client: node customer_portal.mjs BASE_URL, in the folder of its node_modules.
// Prints one JSON object with what each step answered.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.cwd() + "/");
const { getClient, authorize } = await import(pathToFileURL(require.resolve("@epilot/sdk/customer-portal")));

const client = getClient();
client.defaults.baseURL = process.argv[2];
client.defaults.validateStatus = () => true;
authorize(client, () => "dev-anna");

const seen = {};
const contracts = await client.getAllContracts();
seen.contracts = contracts.data.data.map((contract) => contract.contract_number).sort();
seen.contact = (await client.getContact()).data.entity.customer_number;

const orders = (await client.getAllOrders()).data.data;
const open = orders.find((order) => order.status === "open_for_acceptance");
const accepted = await client.postOrderAcceptance({ id: open._id }, { decision: "accept" });
const again = await client.postOrderAcceptance({ id: open._id }, { decision: "accept" });
seen.acceptance = [accepted.status, accepted.data.data.status, again.status];

const meters = await client.searchPortalUserEntities(null, { slug: "meter", sort: "meter_number:asc" });
const counters = await client.searchPortalUserEntities(null, { slug: "meter_counter", sort: "_title:asc" });
const meter = meters.data.results.find((one) => one.sector === "power");
const counter = counters.data.results.find((one) => one.meter.$relation[0].entity_id === meter._id);
const posted = await client.createMeterReading(null, {
  meter_id: meter._id,
  counter_id: counter._id,
  value: 25100.5,
  source: "ECP",
});
const listed = await client.getMeterReadings(null, { meter_id: meter._id, counter_id: counter._id, size: 1 });
seen.reading = [posted.status, posted.data.data.value, listed.data.results[0].value];

const events = await client.getBillingEvents({ entity_id: contracts.data.data.map((one) => one._id), size: 3 });
seen.events = [events.status, events.data.results.length, events.data.hits > 3];

console.log(JSON.stringify(seen));
