#pragma once
#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "connectors/mpesa/daraja.hpp"

namespace pamoja::mpesa {

// Why there is no access token, so that a request could not be sent.
struct SignInProblem {
    bool is_refused = false;  // Safaricom does not know our credentials; otherwise it did not answer
    std::string code{};
    std::string message{};
};

// What came of a request: an answer, or no token to send it with.
struct Posted {
    web::WebResponse response{};
    std::optional<SignInProblem> problem{};
};

// Signs requests in with a token that all threads share. One thread at a time fetches a new one; those that
// wait for it share what it gets, its failure included.
class Daraja::Session {
  public:
    Session(const DarajaConfig&, web::WebClient&, const Clock&);

    // Tries once more with a new token when Safaricom refuses the one it was sent with.
    Posted post(std::string_view path, const std::string& body, bool is_repeatable);

  private:
    struct Ticket {
        std::string token{};
        std::optional<SignInProblem> problem{};
    };
    Ticket ticket(const std::string& refused_token);
    Ticket fetch();
    web::WebResponse send(std::string_view path, const std::string& body, const std::string& token,
                          bool is_repeatable);

    const DarajaConfig& config_;
    web::WebClient& web_;
    const Clock& clock_;

    std::atomic<int> fetches_count_{0};
    std::mutex mutex_;
    Ticket ticket_;
    Timestamp refresh_at_;
};

// The errorCode of an answer, or empty.
std::string error_code_of(const web::WebResponse&);

}  // namespace pamoja::mpesa
