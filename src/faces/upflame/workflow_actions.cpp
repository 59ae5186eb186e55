#include "faces/upflame/workflow_actions.hpp"

#include <algorithm>

#include "access/roles.hpp"
#include "files/stored_file.hpp"
#include "identity/people.hpp"
#include "notifications/devices.hpp"
#include "notifications/sending.hpp"
#include "providers/provider.hpp"
#include "workflows/seeds.hpp"

namespace pamoja::faces::upflame {
namespace {

using notifications::Channel;

constexpr std::size_t recipients_max = 50;  // of the people who hold a role
constexpr std::array sendable_channels{Channel::email, Channel::sms, Channel::push};

// What a lookup finds; empty where it says that there is no such thing.
template <class Lookup>
auto unless_missing(Lookup lookup) -> std::optional<decltype(lookup())> {
    try {
        return lookup();
    } catch (const Failure& failure) {
        if (failure.reason() == not_found) return std::nullopt;
        throw;
    }
}

bool is_reachable(Tx& tx, const identity::Person& person, Channel channel) {
    if (channel == Channel::email) return !person.email.empty();
    if (channel == Channel::sms) return !person.phone.empty();
    return !notifications::devices_of(tx, person.id).empty();
}

// What the template names and the definition does not give is empty: a step is not refused for its notice.
std::vector<notifications::Variable> variables_for(const notifications::WrittenTemplate& form,
                                                   const json::Value& given) {
    std::vector<notifications::Variable> variables;
    for (const std::string& name : form.variables) {
        const auto* value = given.find(name);
        variables.push_back({name, value != nullptr ? value->text_or_empty() : std::string()});
    }
    return variables;
}

// By the channel that the notice names, or else the first that has a template and an address. Whoever cannot
// be reached is left out.
void tell(Tx& tx, const UserId& user, const workflows::Notice& notice, const crypto::Keyring& keyring) {
    const auto person = unless_missing([&] { return identity::person_of(tx, user); });
    if (!person) return;
    for (const Channel channel : sendable_channels) {
        if (notice.channel && *notice.channel != name_of(channel)) continue;
        const auto form = notifications::template_named(tx, notice.template_name, channel);
        if (!form || !is_reachable(tx, *person, channel)) continue;
        notifications::send(tx,
                            {.recipient = user,
                             .template_name = notice.template_name,
                             .channel = channel,
                             .variables = variables_for(*form, notice.variables),
                             .email = person->email,
                             .phone = person->phone},
                            keyring);
        return;
    }
}

void send_notice(Tx& tx, const workflows::Notice& notice, const crypto::Keyring& keyring) {
    if (notice.to_user) return tell(tx, *notice.to_user, notice, keyring);
    auto people = access::people_with_role(tx, notice.to_role.value_or(""));
    people.resize(std::min(people.size(), recipients_max));
    for (const UserId& user : people) tell(tx, user, notice, keyring);
}

// A workflow may be about a provider whom this platform does not keep; then there is nothing to set.
void set_status(Tx& tx, const std::string& id, const std::string& status) {
    const auto wanted = value_named<providers::ProviderStatus>(status);
    const auto provider =
        unless_missing([&] { return providers::provider_with(tx, providers::ProviderId(id)); });
    if (wanted && provider)
        providers::set_provider_status(tx, provider->id, *wanted, "Decided by a workflow.");
}

std::optional<UserId> person_behind(Tx& tx, const std::string& type, const std::string& id) {
    if (type == "user") return UserId(id);
    if (type != "provider") return std::nullopt;
    const auto provider =
        unless_missing([&] { return providers::provider_with(tx, providers::ProviderId(id)); });
    return provider ? provider->user_id : std::nullopt;
}

bool may_use_file(Tx& tx, const workflows::Actor& actor, const std::string& id) {
    const auto file = unless_missing([&] { return files::file_by_id(tx, files::FileId(id)); });
    return file && (actor.is_supervisor || file->owner_id == actor.id);
}

std::string fault_of_template(Tx& tx, const std::string& name) {
    const bool is_there = std::ranges::any_of(sendable_channels, [&](Channel channel) {
        return notifications::template_named(tx, name, channel).has_value();
    });
    return is_there ? "" : "There is no notification template of this name.";
}

std::string fault_of_channel(Tx&, const std::string& name) {
    const auto channel = value_named<Channel>(name);
    const bool is_known =
        channel && std::ranges::find(sendable_channels, *channel) != sendable_channels.end();
    return is_known ? "" : "A message goes out by email, sms or push.";
}

std::string fault_of_status(Tx&, const std::string& name) {
    return value_named<providers::ProviderStatus>(name) ? "" : "A provider has no such status.";
}

notifications::TemplateText reminder(const char* name, const char* subject, const char* text) {
    return {.name = name, .category = "workflow_updates", .subject = subject, .text = text};
}

}  // namespace

workflows::Actions workflow_actions(const crypto::Keyring& keyring) {
    return {.set_provider_status = set_status,
            .send_notification =
                [&keyring](Tx& tx, const workflows::Notice& notice) { send_notice(tx, notice, keyring); },
            .person_behind = person_behind,
            .may_use_file = may_use_file,
            .names = {.notification_template = fault_of_template,
                      .provider_status = fault_of_status,
                      .channel = fault_of_channel}};
}

void seed_workflows(Tx& tx) {
    workflows::ensure_seeded(tx);
    const std::array reminders{
        reminder(workflows::overdue_template, "{{step_title}} is overdue",
                 "The step {{step_title}} of a workflow was due at {{due_at}} and waits for you.\n\n"
                 "{{entity_type}} {{entity_id}}, workflow {{workflow_id}}\n"),
        reminder(
            workflows::escalated_template, "{{step_title}} is now up to you",
            "The step {{step_title}} of a workflow was due at {{due_at}}. It was not done, so it has been "
            "given to you.\n\n{{entity_type}} {{entity_id}}, workflow {{workflow_id}}\n")};
    for (const auto& text : reminders) {
        if (!notifications::template_named(tx, text.name, text.channel))
            notifications::write_template(tx, text);
    }
}

}  // namespace pamoja::faces::upflame
