#pragma once
#include <string>
#include <vector>

#include "http/message.hpp"

namespace pamoja::openid {

// The pages that people see: plain HTML without scripts. All texts are escaped here.

// A form's frame: where it goes, what it carries along, and where its answer may lead the browser, as sources
// of a Content-Security-Policy ("https://app.example.com").
struct PageForm {
    std::string action;
    std::string interaction;
    std::string leads_to;
};

struct SignInPage {
    PageForm form;
    std::string tenant_name;
    std::string client_name;
    std::string email;
    std::string problem;         // a sentence; empty on the first try
    std::string attempt;         // of a code that was sent; empty when none was
    bool asks_for_code = false;  // of the second step; the password was right
    int status = 200;
};
http::Response sign_in_page(const SignInPage&);

struct ConsentPage {
    PageForm form;
    std::string tenant_name;
    std::string client_name;
    std::string email;                     // of the person who is asked
    std::vector<std::string> permissions;  // scopes and "claim:NAME"
};
http::Response consent_page(const ConsentPage&);

// Asks before somebody is signed out whom no application can vouch for.
http::Response sign_out_page(const PageForm&, const std::string& tenant_name);
http::Response note_page(const std::string& title, const std::string& sentence);
http::Response refusal_page(int status, const std::string& sentence);

}  // namespace pamoja::openid
