#pragma once
#include <string>

#include "connectors/mpesa/internal/session.hpp"
#include "json/value.hpp"

namespace pamoja::mpesa {

// What any answer of Safaricom's says, before its ids are read.
struct Reading {
    AnswerKind kind = AnswerKind::unknown;
    std::string code{};
    std::string message{};
    bool is_retryable = false;
    std::string raw{};
    json::Value body{};

    std::string text(std::string_view name) const;  // of a member; empty when there is none
};

Reading read_answer(const Posted&);

}  // namespace pamoja::mpesa
