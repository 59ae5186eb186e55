#include <algorithm>
#include <thread>

#include "workflows/internal/test_office.hpp"

namespace pamoja::workflows {
namespace {

using testing::code_of;

class RacesTest : public testing::Office {
  protected:
    // Runs `action(i)` on threads at once and returns how many went through.
    template <class F>
    static std::int64_t winners(int count, F action) {
        std::vector<std::string> codes(static_cast<std::size_t>(count));
        std::vector<std::thread> threads;
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([&, i] {
                std::string& code = codes[static_cast<std::size_t>(i)];
                // A busy PostgreSQL may give up on a transaction; its client asks again.
                do {
                    code = code_of([&] { action(i); });
                } while (code == unavailable.code);
            });
        }
        for (auto& thread : threads) thread.join();
        return std::ranges::count(codes, "");
    }
};

TEST_P(RacesTest, OneOfManyDecisionsWins) {
    const auto definition = define(R"({"step_key":"a","title":"A"})");
    for (int round = 0; round < 5; ++round) {
        const auto id = start(definition, "p" + std::to_string(round));
        submit(id, "a");
        EXPECT_EQ(winners(16,
                          [&](int i) {
                              const Actor actor{.id = UserId("u" + std::to_string(i)), .roles = {}};
                              if (i % 3 == 0) {
                                  cancel(id);
                              } else if (i % 3 == 1) {
                                  approve(id, actor);
                              } else {
                                  reject(id, actor);
                              }
                          }),
                  1);
        const auto entries = history(id);
        ASSERT_EQ(entries.size(), 3U);
        EXPECT_EQ(entries.back().to_status, stored(id).workflow.status);
        const bool is_approved = stored(id).workflow.status == WorkflowStatus::approved;
        EXPECT_EQ(lines("status p" + std::to_string(round)).size(), is_approved ? 1U : 0U);
    }
}

TEST_P(RacesTest, OneOfManySubmissionsWins) {
    const auto id = start(define(R"({"step_key":"a","title":"A"},{"step_key":"b","title":"B"})"));
    EXPECT_EQ(winners(16, [&](int) { submit(id, "a"); }), 1);
    EXPECT_EQ(statuses(stored(id)), "completed in_progress");
    EXPECT_EQ(story(id), "started submitted");
}

TEST_P(RacesTest, OneOfManyNewVersionsIsWrittenForEachNumber) {
    const auto definition = define(R"({"step_key":"a","title":"A"})");
    EXPECT_EQ(winners(8,
                      [&](int) {
                          write([&](Tx& tx) {
                              revise(tx, definition, definition_version(tx, definition, 1), testing::ann.id,
                                     1);
                          });
                      }),
              1);
}

INSTANTIATE_TEST_SUITE_P(Engines, RacesTest, ::testing::ValuesIn(pamoja::testing::engines()),
                         [](const auto& engine) { return pamoja::testing::name_of(engine.param); });

}  // namespace
}  // namespace pamoja::workflows
