#pragma once
#include <array>
#include <optional>
#include <vector>

#include "files/stored_file.hpp"

namespace pamoja::kyc {

inline constexpr Reason kyc_not_pending{FailureKind::conflict, "kyc_not_pending"};

enum class Status { pending, submitted, approved, rejected };
constexpr std::array<const char*, 4> names(Status) {
    return {"pending", "submitted", "approved", "rejected"};
}

enum class Level { none, basic, standard, enhanced };
constexpr std::array<const char*, 4> names(Level) {
    return {"none", "basic", "standard", "enhanced"};
}

// How far a person's identity has been checked. One row a person; a new submission replaces a rejected one.
struct File {
    UserId user_id;
    Status status = Status::pending;
    Level level = Level::none;
    std::optional<Timestamp> submitted_at = {};
    std::optional<Timestamp> reviewed_at = {};
    std::optional<UserId> reviewed_by = {};
    std::optional<std::string> review_notes = {};
    std::optional<Date> next_review_on = {};
    std::vector<files::FileId> documents = {};

    void describe(Fields&);
};

// What is known of a person; pending with nothing submitted when there is no row.
File file_of(Tx&, const UserId&);

// The person hands in documents, which wait for a review together with what they have handed in since the
// last one; of each type the latest counts. Throws conflict once the file is approved.
File submit(Tx&, const UserId&, const std::vector<files::FileId>& documents);

struct Review {
    bool is_approved = false;
    Level level = Level::standard;
    std::string notes = {};
    std::optional<Date> next_review_on = {};
};

// A reviewer decides, on the documents that were handed in as well. Throws not_found, kyc_not_pending when
// nothing waits, forbidden for one's own file.
File review(Tx&, const UserId&, const Review&, const UserId& reviewer);

Page<File> waiting_for_review(Tx&, const PageRequest&);  // oldest first

}  // namespace pamoja::kyc
