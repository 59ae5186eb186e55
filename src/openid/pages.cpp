#include "openid/pages.hpp"

#include "base/html.hpp"
#include "crypto/base64.hpp"
#include "crypto/digest.hpp"

namespace pamoja::openid {
namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c2430}"
    "main{max-width:24rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:.75rem;"
    "box-shadow:0 1px 4px #0003}"
    "h1{font-size:1.3rem;margin:0 0 .5rem}label{display:block;margin:1rem 0 .25rem;font-weight:600}"
    "input{box-sizing:border-box;width:100%;padding:.6rem;font:inherit;border:1px solid #8a94a6;"
    "border-radius:.4rem}"
    "button{margin:1.25rem .5rem 0 0;padding:.6rem 1.2rem;font:inherit;border:1px solid #1f4fd8;"
    "border-radius:.4rem;background:#fff;color:#1f4fd8;cursor:pointer}"
    "button.first{background:#1f4fd8;color:#fff}.problem{color:#a3161a;font-weight:600}";

// Nothing but the one style sheet is allowed, and forms only lead where this one may. Chrome holds the
// redirect that answers a form against the policy as well, so the application's address is in it.
http::Response page(int status, std::string_view title, const std::string& content,
                    std::string_view leads_to = {}) {
    static const std::string style_hash = crypto::to_base64(crypto::sha256(style));
    std::string policy = "default-src 'none'; style-src 'sha256-" + style_hash +
                         "'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    if (!leads_to.empty()) policy.append(" ").append(leads_to);
    std::string html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>";
    html.append(escaped_html(title))
        .append("</title><style>")
        .append(style)
        .append("</style></head><body><main>");
    html.append("<h1>").append(escaped_html(title)).append("</h1>").append(content);
    html.append("</main></body></html>\n");
    return {status,
            "text/html; charset=utf-8",
            {{"Content-Security-Policy", std::move(policy)},
             {"Cache-Control", "no-store"},
             {"X-Frame-Options", "DENY"},
             {"Referrer-Policy", "no-referrer"}},
            std::move(html)};
}

std::string paragraph(std::string_view text, std::string_view kind = {}) {
    const std::string attribute = kind.empty() ? "" : " class=\"" + std::string(kind) + "\"";
    return "<p" + attribute + ">" + escaped_html(text) + "</p>";
}

std::string hidden(std::string_view name, std::string_view value) {
    return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escaped_html(value) + "\">";
}

std::string form_around(const PageForm& form, const std::string& content) {
    return "<form method=\"post\" action=\"" + escaped_html(form.action) + "\">" +
           hidden("interaction", form.interaction) + content + "</form>";
}

std::string button(std::string_view answer, std::string_view text, bool is_first) {
    return "<button type=\"submit\" name=\"answer\" value=\"" + std::string(answer) + "\"" +
           (is_first ? " class=\"first\"" : " formnovalidate") + ">" + escaped_html(text) + "</button>";
}

std::string field(std::string_view label, std::string_view attributes) {
    return "<label>" + escaped_html(label) + "<input " + std::string(attributes) + "></label>";
}

// What a scope lets an application do, as a person understands it.
std::string meaning_of(const std::string& permission) {
    if (permission == "profile") return "See your name and date of birth";
    if (permission == "email" || permission == "claim:email") return "See your e-mail address";
    if (permission == "phone" || permission == "claim:phone_number") return "See your phone number";
    if (permission == "address") return "See your postal address";
    if (permission == "offline_access") return "Keep this access while you are not there";
    if (permission == "api") return "Do everything on this platform that you may do yourself";
    if (permission.starts_with("claim:")) return "See your " + permission.substr(6);
    return "Use " + permission;
}

std::string password_fields(const SignInPage& shown) {
    return field(
               "E-mail",
               "type=\"email\" name=\"email\" autocomplete=\"username\" required maxlength=\"254\" value=\"" +
                   escaped_html(shown.email) + "\"") +
           field("Password",
                 "type=\"password\" name=\"password\" autocomplete=\"current-password\" required "
                 "maxlength=\"1000\"");
}

std::string code_field(const SignInPage& shown) {
    return field("Code",
                 "type=\"text\" name=\"mfa_code\" autocomplete=\"one-time-code\" required maxlength=\"20\" "
                 "autofocus") +
           hidden("attempt", shown.attempt);
}

}  // namespace

http::Response sign_in_page(const SignInPage& shown) {
    std::string content = paragraph("to continue to " + shown.client_name);
    if (!shown.problem.empty()) content += paragraph(shown.problem, "problem");
    const std::string fields = shown.asks_for_code ? code_field(shown) : password_fields(shown);
    content += form_around(shown.form,
                           fields + button("sign_in", "Sign in", true) + button("cancel", "Cancel", false));
    return page(shown.status, "Sign in to " + shown.tenant_name, content, shown.form.leads_to);
}

http::Response consent_page(const ConsentPage& shown) {
    std::string list = "<ul><li>" + escaped_html("Know that it is you") + "</li>";
    for (const auto& permission : shown.permissions) {
        list += "<li>" + escaped_html(meaning_of(permission)) + "</li>";
    }
    const std::string content =
        paragraph("You are signed in to " + shown.tenant_name + " as " + shown.email + ".") +
        paragraph(shown.client_name + " would like to:") + list + "</ul>" +
        form_around(shown.form, button("allow", "Allow", true) + button("deny", "Deny", false) +
                                    button("switch", "Use another account", false));
    return page(200, "Allow " + shown.client_name + "?", content, shown.form.leads_to);
}

http::Response sign_out_page(const PageForm& form, const std::string& tenant_name) {
    return page(
        200, "Sign out of " + tenant_name + "?",
        form_around(form, button("sign_out", "Sign out", true) + button("stay", "Stay signed in", false)),
        form.leads_to);
}

http::Response note_page(const std::string& title, const std::string& sentence) {
    return page(200, title, paragraph(sentence));
}

http::Response refusal_page(int status, const std::string& sentence) {
    return page(status, "This did not work", paragraph(sentence, "problem"));
}

}  // namespace pamoja::openid
