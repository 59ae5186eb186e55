#include "app/demo_data.hpp"

#include "access/roles.hpp"
#include "faces/upflame/guard.hpp"
#include "identity/passwords.hpp"
#include "lending/products.hpp"
#include "openid/clients.hpp"

namespace pamoja::app {
namespace {

struct DemoPerson {
    const char* email;
    const char* password;
    const char* phone;
    const char* first_name;
    const char* last_name;
    std::vector<std::string> roles;
};

Money shillings(std::int64_t amount) {
    return {amount * 100, Currency("KES")};
}

void ensure_person(PamojaServer& server, const TenantId& tenant, const DemoPerson& wanted) {
    auto& database = *server.foundation().database;
    const bool is_there = database.read(
        tenant, [&](Tx& tx) { return identity::person_by_email(tx, wanted.email).has_value(); });
    if (is_there) return;
    const auto password = identity::prepare_password(wanted.password, {}, server.random());
    database.write(tenant, [&](Tx& tx) {
        identity::NewPerson person;
        person.email = wanted.email;
        person.phone = wanted.phone;
        person.first_name = wanted.first_name;
        person.last_name = wanted.last_name;
        person.date_of_birth = Date(1990, 1, 1);
        person.roles = wanted.roles;
        const auto made = identity::register_person(tx, person);
        identity::set_password(tx, made.id, password);
        identity::mark_email_verified(tx, made.id);
    });
}

// FlexiFinance, GET /loans/products/.
lending::Product quick_cash() {
    lending::Product product;
    product.id = "quick_cash";
    product.name = "Quick Cash Loan";
    product.currency = Currency("KES");
    product.min_amount = shillings(1'000);
    product.max_amount = shillings(20'000);
    product.min_tenure = 1;
    product.max_tenure = 6;
    product.interest_rate = Rate::percent(15);
    product.processing_fee = shillings(500);
    product.penalty_rate = Rate::percent(2);
    product.min_income = shillings(10'000);
    product.employment_months_min = 3;
    product.credit_score_min = 600;
    return product;
}

lending::Product business_loan() {
    lending::Product product = quick_cash();
    product.id = "business_loan";
    product.name = "Business Loan";
    product.min_amount = shillings(5'000);
    product.max_amount = shillings(200'000);
    product.max_tenure = 24;
    product.interest_rate = Rate::percent(14);
    product.processing_fee = shillings(1'000);
    product.min_income = shillings(20'000);
    product.employment_months_min = 6;
    product.kyc_required = true;
    return product;
}

}  // namespace

void ensure_demo_data(PamojaServer& server) {
    const std::string borrower(access::borrower);
    ensure_person(server, flexifinance_tenant,
                  {"test@flexifinance.com", "TestPass123!", "+254700123456", "Test", "User", {borrower}});
    ensure_person(server, flexifinance_tenant,
                  {"admin@flexifinance.com",
                   "AdminPass123!",
                   "+254700000001",
                   "Loan",
                   "Officer",
                   {borrower, std::string(access::loan_officer)}});
    ensure_person(server, upflame_home,
                  {"admin@upflame.in",
                   "AdminPass123!",
                   "+919876543210",
                   "Platform",
                   "Admin",
                   {"Admin", std::string(faces::upflame::platform_admin)}});
    // The client of the document's examples.
    server.foundation().database->write(upflame_home, [&](Tx& tx) {
        openid::ensure_client(tx, server.foundation().keyring,
                              {.id = openid::ClientId("client123"),
                               .name = "Demonstration",
                               .redirect_uris = {"http://localhost:3000/callback"},
                               .post_logout_redirect_uris = {"http://localhost:3000/"},
                               .scopes = {"openid", "profile", "email", "phone", "offline_access", "api"}},
                              "secret123");
    });
    server.foundation().database->write(flexifinance_tenant, [](Tx& tx) {
        const auto present = lending::products(tx, false);
        for (const auto& product : {quick_cash(), business_loan()}) {
            const bool is_there =
                std::ranges::any_of(present, [&](const auto& other) { return other.id == product.id; });
            if (!is_there) lending::create_product(tx, product);
        }
    });
}

}  // namespace pamoja::app
