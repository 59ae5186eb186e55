// Safaricom's own Node client (mpesa-node) against the sandbox.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test, before, after } = require("node:test");
const Mpesa = require("mpesa-node");
const sandbox = require("./sandbox");
const { Receiver } = require("./receiver");

let folder;
let mpesa;
let receiver;

before(async () => {
  receiver = await new Receiver().start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "pamoja-npm-"));
  const certPath = path.join(folder, "certificate.pem");
  fs.writeFileSync(certPath, await sandbox.certificate());
  mpesa = new Mpesa({
    consumerKey: "key",
    consumerSecret: "secret",
    environment: "sandbox",
    shortCode: "600998",
    initiatorName: "testapi",
    lipaNaMpesaShortCode: sandbox.shortCode,
    lipaNaMpesaShortPass: sandbox.passkey,
    securityCredential: "Safaricom999!*!",
    certPath,
  });
  mpesa.baseURL = sandbox.url;
});

after(async () => {
  await receiver.stop();
  fs.rmSync(folder, { recursive: true });
});

// The values of a result by their keys.
const valuesOf = (callback) =>
  Object.fromEntries(callback.body.Result.ResultParameters.ResultParameter.map(({ Key, Value }) => [Key, Value]));

const refused = (status, code) => (error) => {
  assert.equal(error.response.status, status);
  assert.equal(error.response.data.errorCode, code);
  return true;
};

test("a token", async () => {
  const { data } = await mpesa.oAuth();
  assert.match(data.access_token, /^\S{20,}$/);
  assert.equal(data.expires_in, "3599");
});

test("a push that is paid", async () => {
  const phone = sandbox.newPhone();
  await sandbox.next(phone, "success", 2_000);
  const { data } = await mpesa.lipaNaMpesaOnline(phone, 10, receiver.url("/stk"), "LOAN-17");
  assert.equal(data.ResponseCode, "0");
  const pending = mpesa.lipaNaMpesaQuery(data.CheckoutRequestID);
  await assert.rejects(pending, refused(500, "500.001.1001"));
  const { body } = await receiver.next();
  const callback = body.Body.stkCallback;
  assert.equal(callback.ResultCode, 0);
  assert.equal(callback.CheckoutRequestID, data.CheckoutRequestID);
  const items = Object.fromEntries(callback.CallbackMetadata.Item.map(({ Name, Value }) => [Name, Value]));
  assert.equal(items.Amount, 10);
  assert.equal(items.PhoneNumber, Number(phone));
  assert.match(items.MpesaReceiptNumber, /^[A-Z0-9]{10}$/);
  const query = await mpesa.lipaNaMpesaQuery(data.CheckoutRequestID);
  assert.equal(query.data.ResultCode, "0");
  assert.deepEqual(await sandbox.moved(phone), [["in", "stk_push", 10]]);
});

test("a push that is cancelled", async () => {
  const phone = sandbox.newPhone();
  await sandbox.next(phone, "cancelled");
  const { data } = await mpesa.lipaNaMpesaOnline(phone, 10, receiver.url("/stk"), "LOAN-17");
  const { body } = await receiver.next();
  assert.equal(body.Body.stkCallback.ResultCode, 1032);
  assert.equal(body.Body.stkCallback.CallbackMetadata, undefined);
  const query = await mpesa.lipaNaMpesaQuery(data.CheckoutRequestID);
  assert.equal(query.data.ResultCode, "1032");
  assert.deepEqual(await sandbox.moved(phone), []);
});

test("pushes that are refused", async () => {
  const url = receiver.url("/stk");
  await assert.rejects(mpesa.lipaNaMpesaOnline("0700123456", 10, url, "A"), refused(400, "400.002.02"));
  await assert.rejects(mpesa.lipaNaMpesaOnline(sandbox.newPhone(), 0, url, "A"), refused(400, "400.002.02"));
  await assert.rejects(
    mpesa.lipaNaMpesaOnline(sandbox.newPhone(), 1, url, "A", "x", "CustomerPayBillOnline", null, "wrong"),
    refused(500, "500.001.1001"),
  );
});

test("a payout, its status and its reversal", async () => {
  const phone = sandbox.newPhone();
  const timeout = receiver.url("/timeout");
  const { data } = await mpesa.b2c("600998", phone, 100, timeout, receiver.url("/b2c"), "BusinessPayment", null, "x", "y");
  assert.equal(data.ResponseCode, "0");
  const result = await receiver.next();
  assert.equal(result.path, "/b2c");
  assert.equal(result.body.Result.ConversationID, data.ConversationID);
  assert.equal(result.body.Result.OriginatorConversationID, data.OriginatorConversationID);
  const receipt = valuesOf(result).TransactionReceipt;
  assert.equal(valuesOf(result).TransactionAmount, 100);

  await mpesa.transactionStatus(receipt, "600998", 4, timeout, receiver.url("/status"));
  const status = await receiver.next();
  assert.equal(valuesOf(status).TransactionStatus, "Completed");
  assert.equal(valuesOf(status).ReceiptNo, receipt);

  await mpesa.reversal(receipt, 100, timeout, receiver.url("/reversal"), "600998");
  const reversal = await receiver.next();
  assert.equal(reversal.body.Result.ResultCode, 0);
  assert.equal(valuesOf(reversal).OriginalTransactionID, receipt);
  assert.deepEqual(await sandbox.moved(phone), [["out", "b2c", 100], ["in", "reversal", 100]]);
});

test("a customer who pays from the menu", async () => {
  const phone = sandbox.newPhone();
  // A short code of this test alone.
  const shortCode = String(1_000_000 + Math.floor(Math.random() * 8_999_999));
  await mpesa.c2bRegister(receiver.url("/confirmation"), receiver.url("/validation"), shortCode);
  await mpesa.c2bSimulate(phone, 25, "LOAN-17", "CustomerPayBillOnline", shortCode);
  const validation = await receiver.next();
  const confirmation = await receiver.next();
  assert.deepEqual([validation.path, confirmation.path], ["/validation", "/confirmation"]);
  assert.equal(confirmation.body.TransAmount, "25.00");
  assert.equal(confirmation.body.BillRefNumber, "LOAN-17");
  assert.equal(confirmation.body.TransID, validation.body.TransID);
  assert.deepEqual(await sandbox.moved(phone), [["in", "c2b", 25]]);
});

test("the balance of the account", async () => {
  await mpesa.accountBalance("600998", 4, receiver.url("/timeout"), receiver.url("/balance"));
  const result = await receiver.next();
  assert.match(valuesOf(result).AccountBalance, /Utility Account\|KES\|\d+\.\d\d\|/);
});
