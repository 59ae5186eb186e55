#pragma once
#include "db/tx.hpp"
#include "notifications/template.hpp"

namespace pamoja::notifications {

using TemplateId = Id<struct TemplateTag>;

// A template that a tenant wrote, for email, sms or push. Its texts name variables as {{name}}, and hold no
// other instructions: no conditions, loops or nesting.
struct WrittenTemplate {
    TemplateId id = {};
    std::string name = {};
    Channel channel = Channel::email;
    std::string category = "system";  // the notification_type that users have preferences about
    std::string subject = {};         // the title of a push; unused for SMS
    std::string text = {};
    std::string html = {};  // mail only; may be empty
    // All must be given when it is sent; those that the texts name belong to them.
    std::vector<std::string> variables = {};
    bool is_critical = false;  // ignores preferences and quiet hours
    Timestamp created_at = {};
    Timestamp updated_at = {};

    Template form() const;  // refers to this
    void describe(Fields&);
};

struct TemplateText {
    std::string name;
    Channel channel = Channel::email;
    std::string category = "system";
    std::string subject = {};
    std::string text = {};
    std::string html = {};
    std::vector<std::string> variables = {};  // those of the texts when empty
    bool is_critical = false;

    void describe(Fields&);
};

// Throws validation_failed, naming the field, for a text that is not well formed, a variable that is not
// declared, and a name that the channel has already.
WrittenTemplate write_template(Tx&, const TemplateText&);
WrittenTemplate rewrite_template(Tx&, const TemplateId&, const TemplateText&);  // throws not_found as well
void remove_template(Tx&, const TemplateId&);                                   // throws not_found
WrittenTemplate template_of(Tx&, const TemplateId&);                            // throws not_found
Page<WrittenTemplate> templates(Tx&, const PageRequest&);                       // newest first
std::optional<WrittenTemplate> template_named(Tx&, std::string_view name, Channel);

// The letter. Throws validation_failed with an error "variables.NAME" for each variable that is missing, too
// long, or would break the subject's line. Variables that the template does not declare are ignored, so that
// one set serves the templates of several channels.
Letter render(const WrittenTemplate&, const std::vector<Variable>&);

}  // namespace pamoja::notifications
