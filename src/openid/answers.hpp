#pragma once
#include <string>

#include "base/failure.hpp"
#include "http/message.hpp"

namespace pamoja::openid {

http::Response redirect_to(std::string address);  // 303, never cached
http::Response json_answer(std::string body);     // 200, never cached
// Where an OAuth client wants to read a refusal: {"error", "error_description"} with its status.
http::Response oauth_refusal(const Failure&);
// The same where a person does.
http::Response page_refusal(const Failure&);

// The word that OAuth has for a refusal of whatever module.
std::string error_code_of(const Reason&);

// The edges of the protocol: whatever refuses becomes an answer in the protocol's form.
template <class F>
http::Response answer_client(F work) {
    try {
        return work();
    } catch (const Failure& failure) {
        return oauth_refusal(failure);
    }
}
template <class F>
http::Response answer_person(F work) {
    try {
        return work();
    } catch (const Failure& failure) {
        return page_refusal(failure);
    }
}

}  // namespace pamoja::openid
