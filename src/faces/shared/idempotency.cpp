#include "faces/shared/idempotency.hpp"

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "crypto/sealed_box.hpp"
#include "http/multipart.hpp"

namespace pamoja::faces {
namespace {

constexpr std::size_t key_length_max = 255;
constexpr auto claim_duration = std::chrono::seconds(90);
constexpr auto record_lifetime = std::chrono::hours(24);

struct Record {
    std::string fingerprint;
    std::optional<int> status;
    std::optional<std::string> content_type;
    std::optional<std::string> body;
    Timestamp claimed_until;

    void describe(Fields& f) {
        f("fingerprint", fingerprint);
        f("status", status);
        f("content_type", content_type);
        f("body", body);
        f("claimed_until", claimed_until);
    }
};

bool insert_claim(Tx& tx, const IdempotencyKey& key) {
    return tx.run(
               "INSERT INTO idempotency_records (tenant_id, scope, key, fingerprint, claimed_until, "
               "created_at) "
               "VALUES (:tenant, $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
               key.scope, key.key, key.fingerprint, tx.now().plus(claim_duration), tx.now()) == 1;
}

// What binds a sealed answer to its request.
std::string seal_context(const Tx& tx, const IdempotencyKey& key) {
    return "idempotent answer " + tx.tenant().text() + " " + key.scope + " " + key.key;
}

http::Response opened(Tx& tx, const IdempotencyKey& key, const Record& record,
                      const crypto::Keyring& keyring) {
    const auto body = crypto::open(keyring, record.body.value_or(""), seal_context(tx, key));
    require(body.has_value(), conflict, "The answer to the first request with this key cannot be read.");
    http::Response response{*record.status, record.content_type.value_or(""), {}, *body};
    response.headers.push_back({"Idempotency-Replayed", "true"});
    return response;
}

// A claim whose holder died is taken over.
void take_over(Tx& tx, const IdempotencyKey& key) {
    tx.run(
        "UPDATE idempotency_records SET claimed_until = $3 WHERE tenant_id = :tenant AND scope = $1 AND key "
        "= $2",
        key.scope, key.key, tx.now().plus(claim_duration));
}

// What a form says, without its boundary: clients make a new one each time that they send it.
std::string form_text(const http::Request& request) {
    std::string text;
    for (const auto& part : http::parse_multipart(request.header("Content-Type"), request.body)) {
        text +=
            part.name + "\n" + part.filename.value_or("") + "\n" + std::to_string(part.data.size()) + "\n";
        text += part.data;
    }
    return text;
}

// Bodies hold passwords, so the fingerprint is keyed: the database alone does not let anyone try guesses.
std::string fingerprint_of(const http::Request& request, const crypto::Keyring& keyring) {
    const bool is_form = http::is_multipart(request.header("Content-Type"));
    return to_hex(crypto::hmac_sha256(keyring.derive("idempotency"),
                                      request.path + "\n" + (is_form ? form_text(request) : request.body)));
}

}  // namespace

std::optional<IdempotencyKey> idempotency_key_of(const http::Request& request, std::string_view caller,
                                                 std::string_view route, const crypto::Keyring& keyring) {
    auto key = request.header("Idempotency-Key");
    if (key.data() == nullptr || key.empty()) return std::nullopt;
    if (key.size() >= 2 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
    require(!key.empty() && key.size() <= key_length_max, malformed_request,
            "The Idempotency-Key must have between 1 and 255 characters.");
    return IdempotencyKey{std::string(caller) + " " + request.method + " " + std::string(route),
                          std::string(key), fingerprint_of(request, keyring)};
}

std::optional<http::Response> claim_or_replay(Tx& tx, const IdempotencyKey& key,
                                              const crypto::Keyring& keyring) {
    if (insert_claim(tx, key)) return std::nullopt;
    const auto record = tx.maybe<Record>(
        "FROM idempotency_records WHERE tenant_id = :tenant AND scope = $1 AND key = $2", key.scope, key.key);
    if (!record) return std::nullopt;
    require(record->fingerprint == key.fingerprint, idempotency_key_reused,
            "This Idempotency-Key was used with another request.");
    if (record->status) return opened(tx, key, *record, keyring);
    require(record->claimed_until <= tx.now(), request_in_flight,
            "The first request with this key is still running.");
    take_over(tx, key);
    return std::nullopt;
}

void store_answer(Tx& tx, const IdempotencyKey& key, const http::Response& response,
                  const crypto::Keyring& keyring) {
    tx.run(
        "UPDATE idempotency_records SET status = $3, content_type = $4, body = $5 "
        "WHERE tenant_id = :tenant AND scope = $1 AND key = $2",
        key.scope, key.key, response.status, response.content_type,
        crypto::seal(keyring, response.body, seal_context(tx, key), tx.random()));
}

void release_claim(Tx& tx, const IdempotencyKey& key) {
    tx.run(
        "DELETE FROM idempotency_records "
        "WHERE tenant_id = :tenant AND scope = $1 AND key = $2 AND status IS NULL",
        key.scope, key.key);
}

std::int64_t prune_idempotency_records(Tx& tx, std::int64_t rows_max) {
    return tx.run(
        "DELETE FROM idempotency_records WHERE tenant_id = :tenant AND (scope, key) IN (SELECT scope, key "
        "FROM "
        "idempotency_records WHERE tenant_id = :tenant AND created_at < $1 ORDER BY created_at, scope, key "
        "LIMIT CAST($2 AS BIGINT))",
        tx.now().minus(record_lifetime), rows_max);
}

std::vector<TenantId> tenants_with_old_idempotency_records(Tx& tx, const TenantSlice& slice) {
    return tenants_with(tx, slice, "idempotency_records", "created_at < $1", tx.now().minus(record_lifetime));
}

}  // namespace pamoja::faces
