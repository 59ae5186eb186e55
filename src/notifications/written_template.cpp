#include "notifications/written_template.hpp"

#include <algorithm>

#include "notifications/internal/placeholders.hpp"

namespace pamoja::notifications {
namespace {

constexpr std::size_t variables_max = 50;
constexpr std::size_t value_length_max = 4'000;
constexpr std::size_t letter_length_max = 200'000;

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 50 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Adds the variables that a text names to those that are known.
void collect(std::string_view field, std::string_view text, std::vector<std::string>& names) {
    const auto found = placeholders_in(text);
    require_field(found.has_value(), field, "invalid", "A variable is not closed: write {{name}}.");
    for (const std::string_view name : *found) {
        require_field(is_name(name), field, "invalid",
                      "A variable's name is made of letters, digits and underscores: write {{name}}.");
        if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
    }
}

bool holds_script(std::string html) {
    std::ranges::transform(html, html.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return html.find("<script") != std::string::npos || html.find("javascript:") != std::string::npos;
}

void require_texts(const TemplateText& wanted) {
    require_field(is_name(wanted.name), "name", "invalid",
                  "A template's name is made of letters, digits and underscores.");
    require_field(wanted.channel != Channel::in_app, "channel", "invalid",
                  "A template is for email, sms or push.");
    require_field(!wanted.text.empty(), "text", "required", "A template needs a text.");
    require_field(wanted.channel == Channel::sms || !wanted.subject.empty(), "subject", "required",
                  "A mail or push needs a subject.");
    require_field(std::ranges::none_of(wanted.subject, is_control), "subject", "invalid",
                  "A subject holds no line ends or other control characters.");
    require_field(wanted.channel == Channel::email || wanted.html.empty(), "html", "invalid",
                  "Only mails have HTML.");
    require_field(!holds_script(wanted.html), "html", "invalid", "Mails hold no scripts.");
}

std::vector<std::string> variables_of(const TemplateText& wanted) {
    std::vector<std::string> named;
    collect("subject", wanted.subject, named);
    collect("text", wanted.text, named);
    collect("html", wanted.html, named);
    const auto& declared = wanted.variables.empty() ? named : wanted.variables;
    require_field(declared.size() <= variables_max, "variables", "too_long",
                  "A template has at most 50 variables.");
    require_field(std::ranges::all_of(declared, is_name), "variables", "invalid",
                  "A variable's name is made of letters, digits and underscores.");
    for (const std::string& name : named) {
        require_field(std::ranges::find(declared, name) != declared.end(), "variables", "invalid",
                      "The text names the variable " + name + ", which is not declared.");
    }
    return declared;
}

WrittenTemplate template_from(const TemplateText& wanted) {
    require_texts(wanted);
    return {.name = wanted.name,
            .channel = wanted.channel,
            .category = wanted.category,
            .subject = wanted.subject,
            .text = wanted.text,
            .html = wanted.html,
            .variables = variables_of(wanted),
            .is_critical = wanted.is_critical};
}

const Variable* find(const std::vector<Variable>& variables, std::string_view name) {
    const auto found = std::ranges::find(variables, name, &Variable::name);
    return found == variables.end() ? nullptr : &*found;
}

void require_free_name(Tx& tx, const WrittenTemplate& wanted) {
    const auto same = template_named(tx, wanted.name, wanted.channel);
    require_field(!same || same->id == wanted.id, "name", "taken",
                  "There is a template of this name and channel already.");
}

// What is wrong with the variable of that name, or empty.
FieldError fault_of(const WrittenTemplate& form, const std::vector<Variable>& variables,
                    const std::string& name) {
    const Variable* given = find(variables, name);
    const std::string field = "variables." + name;
    if (given == nullptr) return {field, "The template needs this variable.", "required"};
    if (given->value.size() > value_length_max) return {field, "The value is too long.", "too_long"};
    const auto in_subject = placeholders_in(form.subject).value_or(std::vector<std::string_view>());
    const bool is_in_subject = std::ranges::find(in_subject, name) != in_subject.end();
    if (is_in_subject && std::ranges::any_of(given->value, is_control))
        return {field, "A subject holds no line ends or other control characters.", "invalid"};
    return {};
}

}  // namespace

Template WrittenTemplate::form() const {
    return {.name = name,
            .channel = channel,
            .title = subject,
            .text = text,
            .html = html,
            .category = category,
            .is_critical = is_critical};
}

void WrittenTemplate::describe(Fields& f) {
    f("id", id);
    f("name", name);
    f("channel", channel);
    f("category", category);
    f("subject", subject);
    f("text", text);
    f("html", html);
    f("variables", variables);
    f("is_critical", is_critical);
    f("created_at", created_at);
    f("updated_at", updated_at);
}

void TemplateText::describe(Fields& f) {
    f("name", name).length(1, 50);
    f("channel", channel);
    f.optional("notification_type", category).length(1, 50);
    f.optional("subject", subject).length(0, 200);
    f.optional("text", text).length(0, 10'000);
    f.optional("html", html).length(0, 50'000);
    f.optional("variables", variables);
    f.optional("is_critical", is_critical);
}

WrittenTemplate write_template(Tx& tx, const TemplateText& wanted) {
    WrittenTemplate written = template_from(wanted);
    written.id = tx.new_id<TemplateId>();
    written.created_at = tx.now();
    written.updated_at = tx.now();
    require_free_name(tx, written);
    tx.insert("notification_templates", written);
    return written;
}

WrittenTemplate rewrite_template(Tx& tx, const TemplateId& id, const TemplateText& wanted) {
    const WrittenTemplate before = template_of(tx, id);
    WrittenTemplate written = template_from(wanted);
    written.id = id;
    written.created_at = before.created_at;
    written.updated_at = tx.now();
    require_free_name(tx, written);
    tx.run(
        "UPDATE notification_templates SET name = $2, channel = $3, category = $4, subject = $5, text = $6, "
        "html = $7, variables = $8, is_critical = $9, updated_at = $10 WHERE tenant_id = :tenant AND id = $1",
        written.id, written.name, written.channel, written.category, written.subject, written.text,
        written.html, written.variables, written.is_critical, written.updated_at);
    return written;
}

void remove_template(Tx& tx, const TemplateId& id) {
    const auto removed =
        tx.run("DELETE FROM notification_templates WHERE tenant_id = :tenant AND id = $1", id);
    require(removed == 1, not_found, "There is no such template.");
}

WrittenTemplate template_of(Tx& tx, const TemplateId& id) {
    auto found =
        tx.maybe<WrittenTemplate>("FROM notification_templates WHERE tenant_id = :tenant AND id = $1", id);
    require(found.has_value(), not_found, "There is no such template.");
    return std::move(*found);
}

Page<WrittenTemplate> templates(Tx& tx, const PageRequest& page) {
    return tx.page<WrittenTemplate>(page, "FROM notification_templates WHERE tenant_id = :tenant",
                                    "created_at DESC, id DESC");
}

std::optional<WrittenTemplate> template_named(Tx& tx, std::string_view name, Channel channel) {
    return tx.maybe<WrittenTemplate>(
        "FROM notification_templates WHERE tenant_id = :tenant AND name = $1 AND channel = $2", name,
        channel);
}

Letter render(const WrittenTemplate& form, const std::vector<Variable>& variables) {
    std::vector<FieldError> faults;
    for (const std::string& name : form.variables) {
        FieldError fault = fault_of(form, variables, name);
        if (!fault.code.empty()) faults.push_back(std::move(fault));
    }
    if (!faults.empty())
        throw Failure(validation_failed, "The template cannot be filled in.", std::move(faults));
    Letter letter = render(form.form(), variables);
    require_field(letter.title.size() + letter.text.size() + letter.html.size() <= letter_length_max,
                  "variables", "too_long", "The message becomes too long.");
    return letter;
}

}  // namespace pamoja::notifications
