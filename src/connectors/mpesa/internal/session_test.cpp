#include "connectors/mpesa/internal/session.hpp"

#include <gtest/gtest.h>

#include <future>

#include "connectors/mpesa/internal/daraja_fixture.hpp"

namespace pamoja::mpesa {
namespace {

using SessionTest = DarajaTest;

TEST_F(SessionTest, AsksForOneTokenUntilItIsAboutToExpire) {
    will_answer(200, stk_accepted);
    daraja_.stk_push(push_);
    clock_.advance(std::chrono::seconds(3538));
    daraja_.stk_push(push_);
    EXPECT_EQ(tokens_count_, 1);
    clock_.advance(std::chrono::seconds(1));
    daraja_.stk_push(push_);
    EXPECT_EQ(tokens_count_, 2);
    EXPECT_NE(last_request_.find("Bearer token-2\r\n"), std::string::npos);
}

TEST_F(SessionTest, AsksForOneTokenForAllThreads) {
    will_answer(200, stk_accepted);
    std::vector<std::future<bool>> pushes;
    for (int i = 0; i < 8; ++i) {
        pushes.push_back(std::async(std::launch::async,
                                    [&] { return daraja_.stk_query("c").kind != AnswerKind::refused; }));
    }
    for (auto& push : pushes) EXPECT_TRUE(push.get());
    EXPECT_EQ(tokens_count_, 1);
}

TEST_F(SessionTest, SignsInAgainOnceWhenTheTokenIsRefused) {
    const std::pair<int, std::string> refusals[] = {
        {404, error("404.001.03", "Invalid Access Token")},
        {401, error("401.002.01", "Error Occurred - Invalid Access Token")},
        {401, ""},
        {400, error("404.001.03", "Invalid Access Token")}};
    for (const auto& refusal : refusals) {
        Daraja daraja(config(), web_, clock_);
        const int tokens_before = tokens_count_;
        const std::string first = "Bearer token-" + std::to_string(tokens_before + 1) + "\r\n";
        answer_ = [&](const std::string& request) {
            const bool is_first = request.find(first) != std::string::npos;
            return is_first ? web::http_answer(refusal.first, refusal.second)
                            : web::http_answer(200, stk_accepted);
        };
        EXPECT_TRUE(daraja.stk_push(push_).is_accepted()) << refusal.second;
        EXPECT_TRUE(daraja.stk_push(push_).is_accepted());
        EXPECT_EQ(tokens_count_, tokens_before + 2);
    }
    will_answer(404, error("404.001.03", "Invalid Access Token"));
    requests_count_ = 0;
    EXPECT_EQ(daraja_.stk_push(push_).kind, AnswerKind::refused);
    EXPECT_EQ(requests_count_, 2);
}

TEST_F(SessionTest, SendsNothingWithoutAToken) {
    will_answer(200, stk_accepted);
    const std::tuple<int, std::string, AnswerKind> cases[] = {
        {400, R"({"errorCode":"400.008.01","errorMessage":"Invalid Authentication passed"})",
         AnswerKind::refused},
        {401, "", AnswerKind::refused},
        {500, "", AnswerKind::unreachable},
        {503, "<html>", AnswerKind::unreachable},
        {200, "{}", AnswerKind::unreachable},
        {200, R"({"access_token":"","expires_in":"3599"})", AnswerKind::unreachable},
        {200, R"({"access_token":"t","expires_in":"soon"})", AnswerKind::unreachable},
        {200, R"({"access_token":"a\r\nX-Evil: 1","expires_in":"3599"})", AnswerKind::unreachable},
    };
    for (const auto& [status, body, kind] : cases) {
        token_answer_ = web::http_answer(status, body);
        EXPECT_EQ(Daraja(config(), web_, clock_).stk_push(push_).kind, kind) << body;
    }
    EXPECT_EQ(requests_count_, 0);
    token_answer_ = web::http_answer(200, R"({"access_token":"t","expires_in":3599})");
    EXPECT_TRUE(Daraja(config(), web_, clock_).stk_push(push_).is_accepted());
}

}  // namespace
}  // namespace pamoja::mpesa
