// Measures decisions about policies in this process: prints one line of JSON.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "access/policy_set.hpp"
#include "base/random.hpp"

namespace pamoja {
namespace {

constexpr std::size_t questions_count = 4096;
constexpr std::size_t rules_per_resource = 10;
const Timestamp now = *Timestamp::parse("2025-12-05T14:48:13Z");

struct Asked {
    access::Subject subject;
    access::Question question;
    bool is_allowed = false;  // what must come out
};

// Rule i: role i may read the resource i / 10, with a condition on the time as well where that is wanted.
std::vector<access::Rule> rules(std::size_t count, bool has_time) {
    std::vector<access::Rule> rules;
    for (std::size_t i = 0; i < count; ++i) {
        json::Object condition{{"user.role", json::Value("role" + std::to_string(i))}};
        if (has_time) condition.emplace_back("booking.scheduled_at", json::Value("> now() + 24h"));
        const json::Value written(json::Array{json::Value(std::move(condition))});
        rules.push_back({access::PolicyId(std::to_string(i)), "rule " + std::to_string(i),
                         "data" + std::to_string(i / rules_per_resource), "read", access::Effect::allow,
                         access::Condition::compile(written)});
    }
    return rules;
}

// Half of the questions are about what the role may read, half about another resource.
std::vector<Asked> questions(std::size_t rules_count) {
    SeededRandom random(1);
    std::vector<Asked> all;
    const auto attributes = json::parse(R"({"booking": {"scheduled_at": "2025-12-25T10:00:00Z"}})");
    for (std::size_t i = 0; i < questions_count; ++i) {
        const auto role = random.below(rules_count);
        const bool is_allowed = i % 2 == 0;
        const auto resource = role / rules_per_resource + (is_allowed ? 0 : 1);
        access::Subject subject{UserId("user" + std::to_string(role)), {"role" + std::to_string(role)}};
        all.push_back(
            {std::move(subject), {"data" + std::to_string(resource), "read", attributes}, is_allowed});
    }
    return all;
}

// Decisions in a second, on one thread.
double rate_of(const access::PolicySet& set, const std::vector<Asked>& asked, std::chrono::seconds duration) {
    const auto start = std::chrono::steady_clock::now();
    std::size_t decided = 0;
    while (std::chrono::steady_clock::now() - start < duration) {
        for (const auto& each : asked) {
            const auto decision = set.decide(each.subject, each.question, now);
            if (decision.is_allowed != each.is_allowed) throw std::logic_error("a decision is wrong");
        }
        decided += asked.size();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return static_cast<double>(decided) / took.count();
}

void print_rates(std::int64_t seconds) {
    std::cout << "{";
    for (const std::size_t count : {10U, 1000U, 100'000U}) {
        const auto asked = questions(count);
        for (const bool has_time : {false, true}) {
            const access::PolicySet set(rules(count, has_time), {});
            std::cout << (count == 10 && !has_time ? "" : ", ") << '"' << count << (has_time ? "_time" : "")
                      << "\": " << rate_of(set, asked, std::chrono::seconds(seconds));
        }
    }
    std::cout << "}" << std::endl;
}

}  // namespace
}  // namespace pamoja

int main(int argc, char** argv) {
    std::int64_t seconds = 2;
    CLI::App app("Measures decisions about policies.");
    app.add_option("--seconds", seconds, "how long each measurement lasts");
    CLI11_PARSE(app, argc, argv);
    pamoja::print_rates(seconds);
}
