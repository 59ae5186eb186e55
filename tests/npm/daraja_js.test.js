// A client by others (daraja.js) against the sandbox.
const assert = require("node:assert/strict");
const { test, before, after } = require("node:test");
const sandbox = require("./sandbox");
require("daraja.js/dist/models/routes").routes.sandbox = sandbox.url;
const { Mpesa, STKPushResultWrapper, ValidationRequestWrapper } = require("daraja.js");
const { Receiver } = require("./receiver");

let app;
let receiver;

before(async () => {
  receiver = await new Receiver().start();
  // It encrypts its password under Safaricom's certificate, which it brings along.
  app = new Mpesa({
    consumerKey: "key",
    consumerSecret: "secret",
    initiatorPassword: "Safaricom999!*!",
    organizationShortCode: 600998,
  });
});

after(() => receiver.stop());

const push = (phone) => {
  const request = app
    .stkPush()
    .shortCode(sandbox.shortCode)
    .lipaNaMpesaPassKey(sandbox.passkey)
    .phoneNumber(Number(phone))
    .amount(15)
    .accountNumber("LOAN-17")
    .callbackURL(receiver.url("/stk"));
  // It reads the clock twice for one request: a second that ends in between would spoil its password.
  const now = request._getTimeStamp();
  request._getTimeStamp = () => now;
  return request;
};

const values = (callback) =>
  Object.fromEntries(callback.body.Result.ResultParameters.ResultParameter.map(({ Key, Value }) => [Key, Value]));

test("a push that is paid", async () => {
  const phone = sandbox.newPhone();
  const request = push(phone);
  const answer = await request.send();
  assert.ok(answer.isOkay());
  const result = new STKPushResultWrapper((await receiver.next()).body);
  assert.ok(result.isOkay());
  assert.equal(result.getTransactionAmount(), 15);
  assert.equal(result.getSenderPhoneNo(), Number(phone));
  assert.match(result.getMpesaReceiptNo(), /^[A-Z0-9]{10}$/);
  assert.match(String(result.getTransactionTimestamp()), /^20\d{12}$/);
  const query = await request.queryStatus();
  assert.ok(query.isOkay());
  assert.deepEqual(await sandbox.moved(phone), [["in", "stk_push", 15]]);
});

test("a push with a wrong PIN", async () => {
  const phone = sandbox.newPhone();
  await sandbox.next(phone, "wrong_pin");
  const request = push(phone);
  await request.send();
  const result = new STKPushResultWrapper((await receiver.next()).body);
  assert.equal(result.isOkay(), false);
  assert.equal(result.getResultCode(), 2001);
  const query = await request.queryStatus();
  assert.equal(query.getResultCode(), "2001");
});

test("a payout and its status", async () => {
  const phone = sandbox.newPhone();
  const answer = await app
    .b2c()
    .amount(75)
    .phoneNumber(Number(phone))
    .shortCode("600998")
    .resultURL(receiver.url("/b2c"))
    .timeoutURL(receiver.url("/timeout"))
    .send();
  assert.ok(answer.isOkay());
  const receipt = values(await receiver.next()).TransactionReceipt;
  const inquiry = await app
    .transactionStatus()
    .shortCode("600998")
    .transactionID(receipt)
    .resultURL(receiver.url("/status"))
    .timeoutURL(receiver.url("/timeout"))
    .queryStatus();
  assert.ok(inquiry.isOkay());
  assert.equal(values(await receiver.next()).TransactionStatus, "Completed");
  assert.deepEqual(await sandbox.moved(phone), [["out", "b2c", 75]]);
});

test("a payout that expires", async () => {
  const phone = sandbox.newPhone();
  await sandbox.next(phone, "timeout");
  await app
    .b2c()
    .amount(75)
    .phoneNumber(Number(phone))
    .shortCode("600998")
    .resultURL(receiver.url("/b2c"))
    .timeoutURL(receiver.url("/timeout"))
    .send();
  assert.equal((await receiver.next()).path, "/timeout");
  assert.deepEqual(await sandbox.moved(phone), []);
});

test("a customer who pays from the menu", async () => {
  const phone = sandbox.newPhone();
  const shortCode = String(1_000_000 + Math.floor(Math.random() * 8_999_999));
  const registered = await app
    .c2b()
    .shortCode(shortCode)
    .callbackURL(receiver.url("/callback"))
    .confirmationURL(receiver.url("/confirmation"))
    .validationURL(receiver.url("/validation"))
    .registerURLS();
  assert.ok(registered.isOkay());
  const paid = await app.c2b().shortCode(shortCode).amount(30).phoneNumber(Number(phone)).accountNumber("A-1").simulate();
  assert.ok(paid.isOkay());
  const validation = new ValidationRequestWrapper((await receiver.next()).body);
  assert.match(validation.getTransactionID(), /^[A-Z0-9]{10}$/);
  assert.equal((await receiver.next()).path, "/confirmation");
  assert.deepEqual(await sandbox.moved(phone), [["in", "c2b", 30]]);
});
