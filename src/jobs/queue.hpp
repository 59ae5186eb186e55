#pragma once
#include "jobs/job.hpp"

namespace pamoja::jobs {

// What an enqueue does when a job with its unique key is waiting already.
enum class IfLive {
    leave,   // nothing
    move,    // that job runs at the new time instead
    sooner,  // that job runs at the earlier of both times
};

struct NewJob {
    Kind kind;
    json::Value payload = json::Value(json::Object());
    std::optional<Timestamp> run_at = {};  // at once when absent
    // At most one live job of a tenant has a key: who enqueues it again gets the live one, with its payload.
    // When that one is running at the moment, it runs once more afterwards, so that nothing is missed.
    std::string unique_key = {};
    IfLive if_live = IfLive::leave;
    int attempts_max = 0;  // of the kind when 0
};

// Writes a job of the Tx's tenant; it exists when the transaction commits and then starts without delay.
// Returns its id, or that of the live job with the same key.
JobId enqueue(Tx&, const NewJob&);

// Whether a job with that key waits or runs.
bool is_live(Tx&, std::string_view unique_key);

// Takes back the waiting job with that key. False when there is none, or when it is running.
bool cancel(Tx&, std::string_view unique_key);

// Something happened ("loan.disbursed"): each subscriber gets a job, from one row written here. The data must
// not hold secrets; it is under 20 kB.
void publish(Tx&, std::string_view event, json::Value data);

// What a subscriber's job carries.
struct Event {
    std::string id;  // the same for all subscribers and attempts
    std::string name;
    Timestamp at;
    json::Value data;

    void describe(Fields&);
};
Event event_of(const Job&);

}  // namespace pamoja::jobs
