#include "files/cabinet.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "crypto/digest.hpp"
#include "files/file_name.hpp"
#include "files/internal/image.hpp"
#include "files/internal/pdf.hpp"
#include "files/internal/sniff.hpp"
#include "jobs/queue.hpp"

namespace pamoja::files {
namespace {

constexpr jobs::Kind keep_content{"files.keep_content", jobs::Lane::bulk};
constexpr jobs::Kind remove_content{"files.remove_content", jobs::Lane::bulk};
constexpr jobs::Kind sweep_contents{"files.sweep_contents", jobs::Lane::bulk};
constexpr std::chrono::hours until_abandoned{24};

ContentType allowed_type(std::string_view bytes, const Rules& rules) {
    const auto type = sniff(bytes);
    require(type && std::ranges::find(rules.allowed, *type) != rules.allowed.end(), unsupported_media_type,
            "This type of file is not accepted.");
    return *type;
}

// The content as it will be stored.
std::string checked_content(std::string_view bytes, ContentType type, const Rules& rules) {
    const bool is_document = type == ContentType::pdf;
    require(bytes.size() <= (is_document ? rules.document_bytes_max : rules.image_bytes_max),
            payload_too_large, "The file is too large.");
    if (!is_document) return normalized_image(bytes, type, rules.pixels_max);
    check_pdf(bytes);
    return std::string(bytes);
}

std::int64_t bytes_of(Tx& tx, const UserId& owner) {
    return *tx.value<std::int64_t>(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files WHERE tenant_id = :tenant AND owner_id = "
        "$1",
        owner);
}

bool is_vouched_for(Tx& tx, const std::string& storage_name) {
    return tx.value<std::int64_t>("SELECT 1 FROM files WHERE storage_name = $1", storage_name).has_value();
}

}  // namespace

Cabinet::Cabinet(Storage& storage, const Clock& clock, Random& random)
    : storage_(storage), clock_(clock), random_(random) {}

PreparedFile Cabinet::prepare(std::string_view bytes, std::string_view declared_name, const Rules& rules) {
    require_field(!bytes.empty(), "file", "required", "The file is empty.");
    require(bytes.size() <= std::max(rules.document_bytes_max, rules.image_bytes_max), payload_too_large,
            "The file is too large.");
    const ContentType type = allowed_type(bytes, rules);
    const std::string content = checked_content(bytes, type, rules);
    PreparedFile prepared{display_name(declared_name, type),         type,
                          static_cast<std::int64_t>(content.size()), to_hex(crypto::sha256(content)),
                          make_storage_name(clock_.now(), random_),  rules.owner_bytes_max};
    storage_.put(prepared.storage_name, content);
    return prepared;
}

StoredFile Cabinet::keep(Tx& tx, const PreparedFile& prepared, const UserId& owner,
                         std::string_view purpose) {
    require(bytes_of(tx, owner) + prepared.size <= prepared.owner_bytes_max, conflict,
            "Your files take up all the space that you have. Please remove some first.");
    StoredFile file{
        tx.new_id<FileId>(), owner,           std::string(purpose),  prepared.name, prepared.content_type,
        prepared.size,       prepared.sha256, prepared.storage_name, tx.now()};
    tx.insert("files", file);
    jobs::enqueue(tx, {.kind = keep_content, .payload = json::Value(file.storage_name)});
    return file;
}

std::string Cabinet::content(const StoredFile& file) {
    std::string content = storage_.read(file.storage_name);
    require(to_hex(crypto::sha256(content)) == file.sha256, unavailable,
            "The file cannot be read at the moment.");
    return content;
}

void Cabinet::remove(Tx& tx, const UserId& owner, const FileId& id) {
    const StoredFile file = file_of(tx, owner, id);
    tx.run("DELETE FROM files WHERE tenant_id = :tenant AND id = $1 AND owner_id = $2", id, owner);
    jobs::enqueue(tx, {.kind = remove_content, .payload = json::Value(file.storage_name)});
}

void Cabinet::handle_jobs(jobs::Handlers& handlers) {
    handlers.add(keep_content, [this](jobs::JobCall& call) {
        // A file that was removed at once must not come back as an orphan.
        const auto name = call.job.payload.text_or_empty();
        if (call.database.read(every_tenant(), [&](Tx& tx) { return is_vouched_for(tx, name); }))
            storage_.keep(name);
    });
    handlers.add(remove_content,
                 [this](jobs::JobCall& call) { storage_.remove(call.job.payload.text_or_empty()); });
    handlers.add(sweep_contents, [this](jobs::JobCall& call) { sweep(call); });
    handlers.schedule({"files.sweep", sweep_contents, jobs::Every{std::chrono::hours(1)}, jobs::CatchUp::once,
                       jobs::Scope::once});
}

void Cabinet::sweep(jobs::JobCall& call) {
    for (const auto& name : storage_.provisional_before(call.clock.now().minus(until_abandoned))) {
        if (call.database.read(every_tenant(), [&](Tx& tx) { return is_vouched_for(tx, name); })) {
            storage_.keep(name);
        } else {
            storage_.remove(name);
        }
    }
}

}  // namespace pamoja::files
