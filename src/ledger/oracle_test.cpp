// The plain model that property_test.cpp holds the ledger against.
#include <algorithm>

#include "ledger/internal/test_oracle.hpp"

namespace pamoja::ledger::testing {

std::string Oracle::content_of(const PostingModel& posting) {
    std::map<std::size_t, std::int64_t> legs;
    for (const auto& leg : posting.legs) legs[leg.account] = leg.minor;
    std::string text =
        posting.memo + "|" + (posting.effective_at ? std::to_string(*posting.effective_at) : "now");
    for (const auto& [account, minor] : legs)
        text += "|" + std::to_string(account) + ":" + std::to_string(minor);
    return text;
}

std::string Oracle::fault_of(const PostingModel& posting) const {
    std::map<std::string, std::int64_t> sums;
    std::set<std::size_t> seen;
    for (const auto& leg : posting.legs) {
        if (leg.minor == 0 || !seen.insert(leg.account).second) return invalid_posting.code;
        sums[accounts[leg.account].currency] += leg.minor;
    }
    const bool is_balanced = std::ranges::all_of(sums, [](const auto& sum) { return sum.second == 0; });
    return is_balanced && posting.legs.size() >= 2 ? "" : invalid_posting.code;
}

bool Oracle::fits(const std::vector<LegModel>& legs) const {
    return std::ranges::all_of(legs, [&](const LegModel& leg) {
        const AccountModel& account = accounts[leg.account];
        return !account.floor || account.posted + leg.minor - account.held >= *account.floor;
    });
}

void Oracle::book(const PostingModel& posting, const std::string& content, std::int64_t now,
                  bool is_reversal) {
    for (const auto& leg : posting.legs) accounts[leg.account].posted += leg.minor;
    transactions[posting.reference] = {content, posting.legs, posting.effective_at.value_or(now), is_reversal,
                                       false};
}

std::string Oracle::post(const PostingModel& posting, std::int64_t now) {
    if (const auto fault = fault_of(posting); !fault.empty()) return fault;
    const auto content = content_of(posting);
    if (const auto found = transactions.find(posting.reference); found != transactions.end()) {
        return found->second.content == content ? "" : reference_conflict.code;
    }
    if (!fits(posting.legs)) return insufficient_funds.code;
    book(posting, content, now, false);
    return "";
}

std::string Oracle::reverse(const std::string& original, const std::string& reference, std::int64_t now) {
    if (transactions.at(original).is_reversal) return not_reversible.code;
    const auto content = "reverses " + original;
    if (const auto found = transactions.find(reference); found != transactions.end()) {
        return found->second.content == content ? "" : reference_conflict.code;
    }
    if (transactions.at(original).is_reversed) return already_reversed.code;
    PostingModel posting{reference, "", std::nullopt, transactions.at(original).legs};
    for (auto& leg : posting.legs) leg.minor = -leg.minor;
    if (!fits(posting.legs)) return insufficient_funds.code;
    book(posting, content, now, true);
    transactions.at(original).is_reversed = true;
    return "";
}

std::string Oracle::place(const std::string& reference, std::size_t account, std::int64_t minor,
                          std::optional<std::int64_t> expires_at, std::int64_t now) {
    AccountModel& model = accounts[account];
    if (model.is_system || minor <= 0) return invalid_posting.code;
    const auto content = std::to_string(account) + ":" + std::to_string(minor) + ":" +
                         (expires_at ? std::to_string(*expires_at) : "never");
    if (const auto found = holds.find(reference); found != holds.end()) {
        return found->second.content == content ? "" : reference_conflict.code;
    }
    if (expires_at && *expires_at <= now) return invalid_posting.code;
    if (model.floor && model.posted - model.held - minor < *model.floor) return insufficient_funds.code;
    model.held += minor;
    holds[reference] = {content, account, minor, expires_at, HoldStatus::active};
    return "";
}

std::string Oracle::settle(const std::string& hold, const PostingModel& to, Rest rest, std::int64_t now) {
    HoldModel& model = holds.at(hold);
    const auto& currency = accounts[model.account].currency;
    std::int64_t amount = 0;
    for (const auto& leg : to.legs) {
        if (leg.minor <= 0 || accounts[leg.account].currency != currency) return invalid_posting.code;
        amount += leg.minor;
    }
    PostingModel posting = to;
    posting.legs.push_back({model.account, -amount});
    if (const auto fault = fault_of(posting); !fault.empty()) return fault;
    const auto content =
        "settles " + hold + (rest == Rest::keep ? " keeping " : " releasing ") + content_of(posting);
    if (const auto found = transactions.find(to.reference); found != transactions.end()) {
        return found->second.content == content ? "" : reference_conflict.code;
    }
    const bool is_late = model.status == HoldStatus::active && model.expires_at && *model.expires_at <= now;
    if (model.status == HoldStatus::expired || is_late) return hold_expired.code;
    if (model.status != HoldStatus::active) return hold_closed.code;
    if (amount > model.remaining) return hold_exceeded.code;
    const auto freed = rest == Rest::keep ? amount : model.remaining;
    model.remaining -= freed;
    accounts[model.account].held -= freed;
    if (model.remaining == 0) model.status = HoldStatus::settled;
    book(posting, content, now, false);
    return "";
}

std::string Oracle::release(const std::string& hold) {
    HoldModel& model = holds.at(hold);
    if (model.status == HoldStatus::expired) return hold_expired.code;
    if (model.status != HoldStatus::active) return hold_closed.code;
    accounts[model.account].held -= model.remaining;
    model.remaining = 0;
    model.status = HoldStatus::released;
    return "";
}

std::int64_t Oracle::expire(std::int64_t now) {
    std::int64_t count = 0;
    for (auto& [reference, model] : holds) {
        if (model.status != HoldStatus::active || !model.expires_at || *model.expires_at > now) continue;
        accounts[model.account].held -= model.remaining;
        model.remaining = 0;
        model.status = HoldStatus::expired;
        ++count;
    }
    return count;
}

std::string Oracle::move_floor(std::size_t account, std::optional<std::int64_t> floor) {
    AccountModel& model = accounts[account];
    if (floor && model.posted - model.held < *floor) return insufficient_funds.code;
    model.floor = floor;
    return "";
}

std::int64_t Oracle::balance_at(std::size_t account, std::int64_t at) const {
    std::int64_t sum = 0;
    for (const auto& [reference, booked] : transactions) {
        if (booked.effective_at > at) continue;
        for (const auto& leg : booked.legs) sum += leg.account == account ? leg.minor : 0;
    }
    return sum;
}

}  // namespace pamoja::ledger::testing
