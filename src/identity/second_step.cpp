#include "identity/second_step.hpp"

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "json/writer.hpp"

namespace pamoja::identity {
namespace {

struct Invitation {
    std::vector<MfaMethod> methods;  // that are on
    std::optional<MfaBook::SentCode> sent;
};

std::string device_binding(const Device& device) {
    std::string text;
    for (const std::string_view part : {std::string_view(device.ip_address),
                                        std::string_view(device.user_agent), std::string_view(device.id)}) {
        text += std::to_string(part.size()) + ":";
        text += part;
    }
    return "device:" + to_hex(crypto::sha256(text));
}

std::vector<MfaMethod> methods_that_are_on(Tx& tx, const UserId& user) {
    auto methods = mfa_methods_of(tx, user);
    std::erase_if(methods, [](const MfaMethod& method) { return !method.is_on(); });
    return methods;
}

// The method by which a code goes out: the one that is wanted; else none when an app is on; else the phone.
const MfaMethod* sending_method(const std::vector<MfaMethod>& methods, const std::optional<MfaType>& wanted) {
    const auto find = [&](MfaType type) -> const MfaMethod* {
        const auto found = std::ranges::find(methods, type, &MfaMethod::type);
        return found == methods.end() ? nullptr : &*found;
    };
    const MfaMethod* chosen = wanted ? find(*wanted) : nullptr;
    for (const MfaType type : {MfaType::totp, MfaType::sms, MfaType::email}) {
        if (chosen == nullptr) chosen = find(type);
    }
    return chosen == nullptr || chosen->type == MfaType::totp ? nullptr : chosen;
}

std::string details_of(const Invitation& invitation) {
    json::Writer details;
    details.begin_object();
    details.member("mfa_required", true);
    details.name("methods");
    details.begin_array();
    for (const MfaMethod& method : invitation.methods) details.string(name_of(method.type));
    details.end_array();
    if (invitation.sent) {
        details.member("sent_by", std::string_view(name_of(invitation.sent->code.type)));
        details.member("mfa_attempt", invitation.sent->id);
    }
    details.end_object();
    return details.take();
}

[[noreturn]] void refuse(const Reason& reason, std::string_view message, const Invitation& invitation) {
    Failure failure(reason, std::string(message));
    failure.details = details_of(invitation);
    throw failure;
}

}  // namespace

void check_second_step(Database& database, const TenantId& tenant, LoginFacts& facts, const SecondStep& step,
                       const Device& device, const MfaBook& book, const SendCode& send) {
    Invitation invitation{
        database.read(tenant, [&](Tx& tx) { return methods_that_are_on(tx, facts.user_id); }), std::nullopt};
    if (invitation.methods.empty()) return;
    const std::string binding = device_binding(device);
    if (!step.code.empty()) {
        facts.second_factor = database.write(tenant, [&](Tx& tx) {
            return book.judge(
                tx,
                {.user_id = facts.user_id, .code = step.code, .binding = binding, .attempt = step.attempt});
        });
        if (!facts.second_factor) refuse(mfa_code_wrong, "The code is wrong or has expired.", invitation);
        return;
    }
    if (const MfaMethod* method = sending_method(invitation.methods, step.wanted)) {
        invitation.sent = database.write(tenant, [&](Tx& tx) {
            auto sent = book.send_code(tx, facts.user_id, method->type, method->address, binding);
            send(tx, sent.code);
            return sent;
        });
    }
    refuse(mfa_required, "Enter the code of your second factor.", invitation);
}

}  // namespace pamoja::identity
