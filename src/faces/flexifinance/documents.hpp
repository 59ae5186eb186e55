#pragma once
#include "faces/shared/answers.hpp"
#include "faces/shared/outside.hpp"
#include "files/cabinet.hpp"
#include "kyc/documents.hpp"

namespace pamoja::faces::flexifinance {

// Where the document's content can be had.
std::string download_url_of(const kyc::DocumentId&);

struct DocumentView {
    kyc::Document document;
    std::string download_url = download_url_of(document.id);

    void describe(Fields& f) {
        f("document_id", document.id);
        f("document_type", document.type);
        f("file_name", document.file_name);
        f("file_size", document.file_size);
        f("upload_date", document.created_at);
        f("verification_status", document.status);
        f("verified_at", document.verified_at);
        f("verified_by", document.verified_by);
        f("download_url", download_url);
    }
};

// Checks and stores a part of a form before any transaction. Throws what Cabinet::prepare throws, on the
// field of the part.
files::PreparedFile prepare_part(const Outside&, const FilePart&);

}  // namespace pamoja::faces::flexifinance
