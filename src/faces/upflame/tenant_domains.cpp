#include "faces/shared/trail.hpp"
#include "faces/upflame/mounts.hpp"
#include "faces/upflame/platform.hpp"
#include "faces/upflame/views.hpp"
#include "identity/domain_proof.hpp"
#include "identity/domains.hpp"

namespace pamoja::faces::upflame {
namespace {

using identity::TenantDomain;

constexpr Reason domain_not_proved{FailureKind::conflict, "domain_not_proved"};

struct DomainRequest {
    std::string domain;
    bool is_primary = false;

    void describe(Fields& f) {
        f("domain", domain).length(1, 253);
        f.optional("is_primary", is_primary);
    }
};

// How the domain is proved, for whoever rules over it.
struct ChallengeView {
    std::string txt_name;
    std::string file_url;
    std::string token;

    void describe(Fields& f) {
        f("txt_name", txt_name).doc("the name whose TXT record is to be the token");
        f("file_url", file_url).doc("or the address of a file that holds the token alone");
        f("token", token);
    }
};

struct ClaimView {
    std::string message;
    std::string domain;
    bool is_primary = false;
    bool is_verified = false;
    std::optional<ChallengeView> verification;

    void describe(Fields& f) {
        f("message", message);
        f("domain", domain);
        f("is_primary", is_primary);
        f("is_verified", is_verified);
        f("verification", verification).omitted_when_absent();
    }
};

ClaimView view_of(const TenantDomain& claim, std::string message) {
    ClaimView view{std::move(message), claim.domain, claim.is_primary, claim.is_verified(), std::nullopt};
    if (!claim.is_verified()) {
        view.verification = ChallengeView{identity::proof_record(claim.domain),
                                          identity::proof_file_url(claim.domain), claim.token};
    }
    return view;
}

void note_domain(Call& call, const char* action, const TenantDomain& claim) {
    note(call, call.actor().user_id, action, "tenant:" + claim.owner.text(),
         {{"domain", json::Value(claim.domain)}});
}

ClaimView claim(Call& call, const DomainRequest& request) {
    const auto tenant = tenant_in_path(call, "update");
    const auto claimed = identity::claim_domain(call.tx, tenant.id, request.domain, request.is_primary);
    note_domain(call, "domain.claim", claimed);
    return view_of(claimed, "Domain added successfully");
}

TenantDomain domain_in_path(const Call& call, const char* action) {
    return identity::domain_of(call.tx, tenant_in_path(call, action).id, call.path<std::string>(1));
}

ClaimView show(Call& call) {
    const auto claimed = domain_in_path(call, "update");
    return view_of(claimed, claimed.is_verified() ? "Domain is verified" : "Domain is not verified yet");
}

// The claim as it was when its proof was looked for.
TenantDomain look_for_proof(Outside& outside) {
    auto claimed = outside.read([&](Tx& tx) {
        const Call call{tx,
                        &outside.actor(),
                        outside.services,
                        outside.path_values,
                        outside.trace_id,
                        outside.remote_address,
                        outside.user_agent,
                        outside.request};
        return domain_in_path(call, "update");
    });
    if (claimed.is_verified()) return claimed;
    const auto result = services_of(outside).domain_prover.look(claimed.domain, claimed.token);
    require(result.is_proved, domain_not_proved, result.message);
    return claimed;
}

ClaimView verify(Call& call, const TenantDomain& claimed) {
    const auto tenant = tenant_in_path(call, "update");
    const auto verified = identity::mark_verified(call.tx, tenant.id, claimed.domain, claimed.token);
    note_domain(call, "domain.verify", verified);
    return view_of(verified, "Domain verified successfully");
}

MessageView release(Call& call) {
    const auto claimed = domain_in_path(call, "update");
    identity::release_domain(call.tx, claimed.owner, claimed.domain);
    note_domain(call, "domain.release", claimed);
    return {"Domain removed successfully"};
}

}  // namespace

void mount_tenant_domains(Api& api) {
    api.section("Tenants");
    api.put("/tenants/{id}/domains", claim)
        .named("tenant_domain_claim")
        .summary("Claim a domain, or make it the primary one");
    api.get("/tenants/{id}/domains/{domain}", show)
        .named("tenant_domain_show")
        .summary("A claim, and how its domain is proved")
        .addition();
    api.post("/tenants/{id}/domains/{domain}/verify", look_for_proof, verify)
        .named("tenant_domain_verify")
        .summary("Look for the proof, by DNS and by file")
        .addition();
    api.remove("/tenants/{id}/domains/{domain}", release)
        .named("tenant_domain_release")
        .summary("Give a domain up")
        .addition();
}

}  // namespace pamoja::faces::upflame
