#include "identity/domains.hpp"

#include <thread>

#include "connectors/web/testing/loopback_server.hpp"
#include "identity/domain_proof.hpp"
#include "identity/internal/identity_fixture.hpp"

namespace pamoja::identity {
namespace {

using testing::IdentityTest;
using testing::refusal_of;
using testing::tenant;

const TenantId rival("rival");

TEST(DomainNames, AreReadInOneForm) {
    struct Case {
        std::string text;
        std::string domain;  // empty: it is none
    };
    const std::string label(63, 'a');
    for (const auto& [text, domain] :
         std::initializer_list<Case>{{"acme.example.com", "acme.example.com"},
                                     {"ACME.Example.COM.", "acme.example.com"},
                                     {"xn--bcher-kva.example", "xn--bcher-kva.example"},
                                     {label + ".example", label + ".example"},
                                     {"a" + label + ".example", ""},
                                     {label + "." + label + "." + label + "." + label, ""},
                                     {"1.2.3.4", ""},
                                     {"0x7f.1", ""},
                                     {"example.c0m", "example.c0m"},
                                     {"localhost", ""},
                                     {"", ""},
                                     {".", ""},
                                     {"a..b", ""},
                                     {".example.com", ""},
                                     {"-a.example", ""},
                                     {"a-.example", ""},
                                     {"*.example.com", ""},
                                     {"a_b.example.com", ""},
                                     {"acme.example.com:443", ""},
                                     {"acme.example.com/", ""},
                                     {"acme example.com", ""},
                                     {"acme.example.com ", ""},
                                     {"user@example.com", ""},
                                     {"bücher.example", ""},
                                     {std::string("a\0b.example", 11), ""},
                                     {"[::1]", ""}}) {
        if (domain.empty()) {
            EXPECT_EQ(refusal_of([&] { require_domain(text, "host"); }).errors().at(0).field, "host") << text;
        } else {
            EXPECT_EQ(require_domain(text), domain);
        }
    }
}

class Domains : public IdentityTest {
  protected:
    Domains() {
        db_->write(every_tenant(), [](Tx& tx) {
            create_tenant(tx, {.id = rival, .face = "acme", .name = "Rival", .currency = Currency("KES")});
        });
    }
    TenantDomain claim(const TenantId& owner, const std::string& domain, bool is_primary = false) {
        return write([&](Tx& tx) { return claim_domain(tx, owner, domain, is_primary); });
    }
    TenantDomain verify(const TenantDomain& claimed) {
        return write([&](Tx& tx) { return mark_verified(tx, claimed.owner, claimed.domain, claimed.token); });
    }
    std::string host(const std::string& name) {
        return db_->read(every_tenant(), [&](Tx& tx) { return tenant_of_host(tx, name); })
            .value_or(TenantId())
            .text();
    }
    std::string listed(const TenantId& owner) {
        std::string text;
        for (const auto& each : read([&](Tx& tx) { return domains_of(tx, owner); })) {
            text += each.domain + (each.is_primary ? "* " : " ");
        }
        return text;
    }
};

TEST_P(Domains, LeadToTheirTenantOnceVerified) {
    const auto claimed = claim(tenant, "Acme.Example.com");
    EXPECT_EQ(host("acme.example.com"), "");
    EXPECT_TRUE(verify(claimed).is_verified());
    EXPECT_EQ(host("acme.example.com"), "acme");
    EXPECT_EQ(host("ACME.example.com.:8443"), "acme");
    EXPECT_EQ(host("www.acme.example.com"), "");
    EXPECT_EQ(host("'; DROP TABLE tenants"), "");
    write([](Tx& tx) { set_tenant_status(tx, tenant, TenantStatus::suspended); });
    EXPECT_EQ(host("acme.example.com"), "");
}

TEST_P(Domains, BelongToWhoeverVerifiesFirst) {
    const auto ours = claim(tenant, "acme.example.com");
    const auto theirs = claim(rival, "acme.example.com");
    EXPECT_NE(ours.token, theirs.token);
    verify(theirs);
    EXPECT_EQ(host("acme.example.com"), "rival");
    EXPECT_EQ(refusal_of([&] { verify(ours); }).reason(), conflict);
    EXPECT_EQ(refusal_of([&] { claim(tenant, "acme.example.com", true); }).reason(), conflict);
    write([](Tx& tx) { release_domain(tx, rival, "acme.example.com"); });
    verify(ours);
    EXPECT_EQ(host("acme.example.com"), "acme");
}

TEST_P(Domains, HaveOneWinnerWhenTwoVerifyAtOnce) {
    for (int round = 0; round < 20; ++round) {
        const std::string domain = "round" + std::to_string(round) + ".example.com";
        const std::vector<TenantDomain> claims{claim(tenant, domain), claim(rival, domain)};
        std::atomic<int> verified{0};
        std::vector<std::thread> pool;
        for (const auto& each : claims) {
            pool.emplace_back([&] {
                try {
                    verify(each);
                    ++verified;
                } catch (const Failure& failure) {
                    EXPECT_EQ(failure.reason(), conflict);
                }
            });
        }
        for (auto& thread : pool) thread.join();
        EXPECT_EQ(verified, 1);
    }
}

TEST_P(Domains, HaveExactlyOnePrimary) {
    claim(tenant, "one.example.com");
    EXPECT_EQ(listed(tenant), "one.example.com* ");
    claim(tenant, "two.example.com");
    EXPECT_EQ(listed(tenant), "one.example.com* two.example.com ");
    claim(tenant, "two.example.com", true);
    EXPECT_EQ(listed(tenant), "two.example.com* one.example.com ");
    EXPECT_EQ(refusal_of([&] { claim(tenant, "two.example.com"); }).errors().at(0).field, "is_primary");
    EXPECT_EQ(
        refusal_of([&] { write([](Tx& tx) { release_domain(tx, tenant, "two.example.com"); }); }).reason(),
        conflict);
    write([](Tx& tx) { release_domain(tx, tenant, "one.example.com"); });
    write([](Tx& tx) { release_domain(tx, tenant, "two.example.com"); });
    EXPECT_EQ(listed(tenant), "");
}

TEST_P(Domains, StayVerifiedWhenTheClaimIsRepeated) {
    const auto claimed = verify(claim(tenant, "acme.example.com"));
    const auto again = claim(tenant, "acme.example.com", true);
    EXPECT_EQ(again.token, claimed.token);
    EXPECT_TRUE(again.is_verified());
    db_.clock.advance(std::chrono::hours(1));
    EXPECT_EQ(verify(again).verified_at, claimed.verified_at);
}

TEST_P(Domains, AreVerifiedByTheTokenOfTheirClaimOnly) {
    auto claimed = claim(tenant, "acme.example.com");
    claimed.token += "0";
    EXPECT_EQ(refusal_of([&] { verify(claimed); }).reason(), conflict);
    claimed.domain = "other.example.com";
    EXPECT_EQ(refusal_of([&] { verify(claimed); }).reason(), not_found);
    EXPECT_EQ(refusal_of([&] { claim(TenantId("none"), "acme.example.com"); }).reason(), not_found);
}

ON_EVERY_ENGINE(Domains);

// A domain on this machine whose file says the token; no name server answers (port 9 discards).
TEST(DomainProof, ReadsTheFileOnlyWhereItMayReach) {
    std::string asked;
    std::string file = " token\n";
    web::LoopbackServer server(web::LoopbackServer::http([&](const std::string& request) {
        asked = request.substr(0, request.find("\r\n\r\n"));
        return web::http_answer(200, file);
    }));
    web::WebClient web;
    const auto look = [&](web::Reach reach) {
        const DomainProver prover(
            {.address = "127.0.0.1", .port = 9, .timeout = std::chrono::milliseconds(100)}, web,
            {.reach = reach, .http_port = static_cast<std::uint16_t>(server.port())});
        return prover.look("acme.localhost", "token");
    };
    const auto found = look(web::Reach::anywhere);
    EXPECT_TRUE(found.is_proved);
    EXPECT_EQ(found.kind, ProofKind::file);
    EXPECT_TRUE(
        asked.starts_with("GET /.well-known/pamoja-domain-verification HTTP/1.1\r\nHost: acme.localhost:"))
        << asked;

    const int connections = server.connections();
    const auto refused = look(web::Reach::public_only);
    EXPECT_FALSE(refused.is_proved);
    EXPECT_EQ(server.connections(), connections);
    EXPECT_EQ(
        refused.message,
        "The name servers gave no answer about _pamoja-challenge.acme.localhost. No file with the token was "
        "found at https://acme.localhost/.well-known/pamoja-domain-verification.");
    file = "token and more";
    EXPECT_FALSE(look(web::Reach::anywhere).is_proved);
}

}  // namespace
}  // namespace pamoja::identity
