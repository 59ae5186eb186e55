#pragma once
#include "faces/shared/face.hpp"
#include "http/message.hpp"

namespace pamoja::faces {

// On every answer: no sniffing, no framing, no caching of what belongs to one caller.
void add_security_headers(http::Response&);
// The same after the face's own.
void add_headers(http::Response&, const Face&);

// Both families: X-RateLimit-* as the documents have it (reset in epoch seconds), and
// RateLimit/RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers (reset in seconds).
void add_limit_headers(http::Response&, const LimitState&, Timestamp now);

// Whether the caller prefers problem details (RFC 9457) to the face's own form.
bool wants_problem(const http::Request&);
http::Response problem(const Failure&, int status, const EnvelopeContext&);

}  // namespace pamoja::faces
