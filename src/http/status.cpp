#include "http/status.hpp"

#include <cstdlib>

namespace pamoja::http {

int usual_status(FailureKind kind) {
    switch (kind) {
        case FailureKind::malformed:
            return 400;
        case FailureKind::invalid:
            return 422;
        case FailureKind::unauthenticated:
            return 401;
        case FailureKind::forbidden:
            return 403;
        case FailureKind::not_found:
            return 404;
        case FailureKind::conflict:
            return 409;
        case FailureKind::rate_limited:
            return 429;
        case FailureKind::too_large:
            return 413;
        case FailureKind::unsupported:
            return 415;
        case FailureKind::unavailable:
            return 503;
        case FailureKind::internal:
            return 500;
    }
    std::abort();
}

}  // namespace pamoja::http
