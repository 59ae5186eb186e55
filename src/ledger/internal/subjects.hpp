#pragma once
#include <map>
#include <string>

#include "ledger/chain.hpp"

namespace pamoja::ledger::internal {

// What the hash of a link covers, by the subject's id: JSON whose form never changes, because every hash ever
// made depends on it. A subject that is not there is not in the map.
using SubjectTexts = std::map<std::string, std::string>;

// Of the unsealed subjects with ids up to `last_id`.
SubjectTexts unsealed_subjects(Tx&, const std::string& last_id);
// Of the links with first < sequence <= last.
SubjectTexts sealed_subjects(Tx&, std::int64_t first, std::int64_t last);

}  // namespace pamoja::ledger::internal
