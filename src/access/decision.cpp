#include "access/decision.hpp"

#include "access/decision_log.hpp"
#include "access/internal/state.hpp"

namespace pamoja::access {

void PolicyTrace::describe(Fields& f) {
    f("id", id);
    f("name", name);
    f("effect", effect);
    f("result", truth);
    f("is_deciding", is_deciding);
    f("clauses", clauses);
}

void Decision::describe(Fields& f) {
    f("is_allowed", is_allowed);
    f("reason", reason);
    f("policies", policies);
    f("permitted_by", permitted_by);
    f("trace", trace);
}

Decision decide(Tx& tx, const Subject& subject, const Question& question) {
    return policy_set(tx)->decide(subject, question, tx.now());
}

Decision explain(Tx& tx, const Subject& subject, const Question& question) {
    return policy_set(tx)->explain(subject, question, tx.now());
}

void require_allowed(Tx& tx, const Subject& subject, const Question& question) {
    const auto decision = decide(tx, subject, question);
    note_decision(tx, subject, question, decision);
    require(decision.is_allowed, forbidden, decision.reason);
}

bool has_permission(Tx& tx, const Subject& subject, std::string_view resource, std::string_view action) {
    return policy_set(tx)->has_permission(subject, resource, action);
}

void require_permission(Tx& tx, const Subject& subject, std::string_view permission) {
    const auto dot = permission.rfind('.');
    const bool is_held =
        dot == std::string_view::npos
            ? has_permission(tx, subject, permission, permission)
            : has_permission(tx, subject, permission.substr(0, dot), permission.substr(dot + 1));
    require(is_held, forbidden, "You do not have permission to do this.");
}

}  // namespace pamoja::access
