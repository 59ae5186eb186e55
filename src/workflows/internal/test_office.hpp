#pragma once
#include <gtest/gtest.h>

#include "db/testing.hpp"
#include "jobs/queue.hpp"
#include "jobs/runner.hpp"
#include "workflows/engine.hpp"

namespace pamoja::workflows::testing {

inline const TenantId tenant("a");
inline const Actor ann{.id = UserId("ann"), .roles = {}};
inline const Actor bob{.id = UserId("bob"), .roles = {"Reviewer"}};
inline const Actor eve{.id = UserId("eve"), .roles = {"Reviewer", "Head"}};

inline constexpr jobs::Kind listen{"test.listen"};

// The code of the failure that ends `action`; empty when nothing does.
template <class F>
std::string code_of(F action) {
    try {
        action();
        return {};
    } catch (const Failure& failure) {
        return failure.reason().code;
    }
}

// Workflows of one tenant, whose actions and events each leave a line in a table of the test's own.
class Office : public ::testing::TestWithParam<pamoja::Engine> {
  protected:
    Office() : db_(GetParam()), engine_(actions()), runner_(*db_, db_.clock, db_.random, handlers_) {
        db_->write(every_tenant(), [](Tx& tx) { tx.run("CREATE TABLE lines (text TEXT NOT NULL)"); });
        handlers_.add(listen, [](Tx& tx, const jobs::Job& job) {
            const jobs::Event event = jobs::event_of(job);
            leave(tx, event.name);
        });
        handlers_.subscribe("*", listen);
        engine_.handle_jobs(handlers_);
    }

    static void leave(Tx& tx, const std::string& line) {
        tx.run("INSERT INTO lines (text) VALUES ($1)", line);
    }

    Actions actions() {
        return {.set_provider_status =
                    [](Tx& tx, const std::string& id, const std::string& status) {
                        require(id != "locked", conflict, "This provider cannot be changed.");
                        leave(tx, "status " + id + " " + status);
                    },
                .send_notification =
                    [](Tx& tx, const Notice& notice) {
                        leave(tx, "notice " + notice.template_name + " " +
                                      (notice.to_user ? notice.to_user->text() : "role " + *notice.to_role) +
                                      " " + json::to_text(notice.variables));
                    },
                .person_behind = [](Tx&, const std::string&,
                                    const std::string& id) { return UserId("of " + id); },
                .may_use_file = [](Tx&, const Actor& actor,
                                   const std::string& file) { return file.starts_with(actor.id.text()); },
                .names = {}};
    }

    template <class F>
    auto write(F work) {
        return db_->write(tenant, std::move(work));
    }
    template <class F>
    auto read(F work) {
        return db_->read(tenant, std::move(work));
    }

    DefinitionId define(const std::string& steps, const std::string& more = "") {
        const auto definition =
            read_json<Definition>(json::parse(R"({"name": "Test", "entity_type": "provider", "steps": [)" +
                                              steps + "]" + more + "}"),
                                  WireStyle::storage());
        return write([&](Tx& tx) { return workflows::define(tx, definition, ann.id).id; });
    }
    WorkflowId start(const DefinitionId& definition, const std::string& entity = "p1") {
        return write([&](Tx& tx) {
            return engine_.start(tx, ann, {definition, "provider", entity}).workflow.id;
        });
    }
    Instance submit(const WorkflowId& id, const std::string& step, const std::string& data = "{}",
                    const Actor& actor = ann) {
        return write(
            [&](Tx& tx) { return engine_.submit(tx, actor, {id}, step, json::parse(data)).instance; });
    }
    Instance approve(const WorkflowId& id, const Actor& actor = bob) {
        return write([&](Tx& tx) { return engine_.approve(tx, actor, {id}, "Fine").instance; });
    }
    Instance reject(const WorkflowId& id, const Actor& actor = bob) {
        return write([&](Tx& tx) { return engine_.reject(tx, actor, {id}, "Not fine").instance; });
    }
    Instance give_back(const WorkflowId& id, std::optional<std::string_view> step = {},
                       const Actor& actor = bob) {
        return write(
            [&](Tx& tx) { return engine_.return_for_changes(tx, actor, {id}, step, "Once more").instance; });
    }
    Instance cancel(const WorkflowId& id) {
        return write([&](Tx& tx) { return engine_.cancel(tx, ann, {id}, "No need").instance; });
    }
    Instance reassign(const WorkflowId& id, const Progress::Assignment& to) {
        return write([&](Tx& tx) { return engine_.reassign(tx, eve, {id}, to, "Yours").instance; });
    }
    Instance stored(const WorkflowId& id) {
        return read([&](Tx& tx) { return instance_of(tx, id); });
    }

    std::vector<HistoryEntry> history(const WorkflowId& id) {
        return read([&](Tx& tx) { return history_of(tx, id, {1, 100}).items; });
    }
    // "started submitted approved"
    std::string story(const WorkflowId& id) {
        std::string events;
        for (const HistoryEntry& entry : history(id))
            events += (events.empty() ? "" : " ") + std::string(name_of(entry.event));
        return events;
    }
    // "completed in_progress pending"
    static std::string statuses(const Instance& instance) {
        std::string result;
        for (const StepRun& run : instance.steps)
            result += (result.empty() ? "" : " ") + std::string(name_of(run.status));
        return result;
    }
    std::vector<std::string> lines(std::string_view prefix) {
        runner_.drain();
        std::vector<std::string> found;
        const auto rows = read([](Tx& tx) { return tx.rows("SELECT text FROM lines ORDER BY text"); });
        for (const Row& row : rows.rows) {
            const auto& text = std::get<std::string>(row.cells[0]);
            if (text.starts_with(prefix)) found.push_back(text);
        }
        return found;
    }

    pamoja::testing::TestDatabase db_;
    jobs::Handlers handlers_;
    Engine engine_;
    jobs::Runner runner_;
};

}  // namespace pamoja::workflows::testing
