#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/daraja/network.hpp"
#include "sandbox/daraja/wire.hpp"

namespace pamoja::sandbox::daraja {

// A command of an initiator, whose result is posted later.
struct Conversation {
    std::string id;             // ours: "AG_20191219_…"
    std::string originator_id;  // the client's, or ours where it gave none
    std::string result_url;
    std::string timeout_url;
};

// Reads what every command carries: initiator, credential, remarks and the two URLs. Throws a Refusal.
Conversation begin_conversation(Network&, const Command&, std::string_view initiator_field);

// The answer to the command itself.
std::string acceptance_of(const Conversation&);

// One named value of a result.
struct ResultValue {
    std::string key;
    std::string json;  // empty: the key comes without a value
};
ResultValue text_value(std::string key, std::string_view text);

// What is posted as the result. Values come with a success only.
std::string result_of(const Conversation&, const Verdict&, const std::string& transaction_id,
                      const std::vector<ResultValue>& values);

}  // namespace pamoja::sandbox::daraja
