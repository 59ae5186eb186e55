#pragma once
#include "base/clock.hpp"
#include "base/random.hpp"
#include "sandbox/courier.hpp"
#include "sandbox/daraja/books.hpp"
#include "sandbox/daraja/certificate.hpp"
#include "sandbox/daraja/outcome.hpp"

namespace pamoja::sandbox::daraja {

// What the services of the simulated Safaricom share.
struct Network {
    Network(const Clock& the_clock, Random& the_random)
        : clock(the_clock), random(the_random), books(the_clock, the_random) {}

    const Clock& clock;
    Random& random;
    Certificate certificate;
    Books books;
    Script script;
    Courier courier;
    Timetable decisions{1};  // apart from the courier, so that slow receivers delay no decision
};

// Posts a callback, or several at once and one more afterwards where the plan says so.
void tell(Network&, const Plan&, const Parcel&);

}  // namespace pamoja::sandbox::daraja
