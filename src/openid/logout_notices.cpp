#include "openid/logout_notices.hpp"

#include "jobs/queue.hpp"
#include "openid/redirect_uris.hpp"
#include "openid/tokens.hpp"

namespace pamoja::openid {
namespace {

constexpr jobs::Kind send_notice{"openid.send_logout_notice", jobs::Lane::outside, 5};
constexpr std::chrono::seconds answer_timeout{5};

struct Notice {
    ClientId client_id;
    std::string user_id;
    std::string session_id;

    void describe(Fields& f) {
        f("client_id", client_id);
        f("user_id", user_id);
        f("session_id", session_id);
    }
};

void send(const LogoutNotices& notices, jobs::JobCall& call) {
    const auto notice = read_json<Notice>(call.job.payload, WireStyle::storage());
    const auto [client, keys, now] = call.database.read(call.tenant, [&](Tx& tx) {
        return std::tuple(active_client(tx, notice.client_id), notices.provider.keys.keys(tx), tx.now());
    });
    if (!client || !client->backchannel_logout_uri) return;
    const auto token = sign_logout_token(notices.provider, *keys, call.tenant,
                                         {.client_id = notice.client_id,
                                          .user_id = notice.user_id,
                                          .session_id = notice.session_id,
                                          .now = now});
    const auto answer = notices.web.call({.method = web::Method::post,
                                          .url = *client->backchannel_logout_uri,
                                          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                          .body = form_encoded({{"logout_token", token}}),
                                          .reach = notices.reach,
                                          .total_timeout = answer_timeout,
                                          .is_repeatable = true});
    // 400 is the client's own word that it could not sign the person out; asking again changes nothing.
    if (answer.succeeded() || answer.status == 400) return;
    throw jobs::Retry("the client did not take the notice: status " + std::to_string(answer.status));
}

}  // namespace

void enqueue_logout_notice(Tx& tx, const Grant& grant) {
    const auto client = active_client(tx, grant.client_id);
    if (!client || !client->backchannel_logout_uri || !grant.user_id || !grant.browser_session_id) return;
    const Notice notice{grant.client_id, grant.user_id->text(), grant.browser_session_id->text()};
    jobs::enqueue(tx, {.kind = send_notice,
                       .payload = json::parse(write_json(notice, WireStyle::storage())),
                       // One notice for all grants that the client got in that session.
                       .unique_key = "openid.logout:" + notice.session_id + ":" + notice.client_id.text()});
}

void handle_logout_notices(jobs::Handlers& handlers, const LogoutNotices& notices) {
    handlers.add(send_notice, jobs::OutsideHandler([&notices](jobs::JobCall& call) { send(notices, call); }));
}

}  // namespace pamoja::openid
