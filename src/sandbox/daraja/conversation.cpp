#include "sandbox/daraja/conversation.hpp"

namespace pamoja::sandbox::daraja {

Conversation begin_conversation(Network& network, const Command& command, std::string_view initiator_field) {
    constexpr std::size_t remarks_length_max = 100;
    constexpr std::size_t id_bytes = 10;
    command.initiator(initiator_field);
    if (!is_plausible_credential(command.text("SecurityCredential"))) refuse_field("SecurityCredential");
    command.text_within("Remarks", 1, remarks_length_max);
    const std::string day = compact_time(network.clock.now()).substr(0, 8);
    return {.id = "AG_" + day + "_" + network.random.hex(id_bytes),
            .originator_id = network.random.digits(5) + "-" + network.random.digits(9) + "-1",
            .result_url = command.url("ResultURL"),
            .timeout_url = command.url("QueueTimeOutURL")};
}

std::string acceptance_of(const Conversation& conversation) {
    json::Writer body;
    body.begin_object();
    body.member("ConversationID", conversation.id);
    body.member("OriginatorConversationID", conversation.originator_id);
    body.member("ResponseCode", "0");
    body.member("ResponseDescription", "Accept the service request successfully.");
    body.end_object();
    return body.take();
}

ResultValue text_value(std::string key, std::string_view text) {
    return {std::move(key), json::quoted(text)};
}

std::string result_of(const Conversation& conversation, const Verdict& verdict,
                      const std::string& transaction_id, const std::vector<ResultValue>& values) {
    json::Writer body;
    body.begin_object();
    body.name("Result");
    body.begin_object();
    body.member("ResultType", 0);
    write_code(body, "ResultCode", verdict.code);
    body.member("ResultDesc", verdict.text);
    body.member("OriginatorConversationID", conversation.originator_id);
    body.member("ConversationID", conversation.id);
    body.member("TransactionID", transaction_id);
    if (verdict.is_success()) {
        body.name("ResultParameters");
        body.begin_object();
        body.name("ResultParameter");
        body.begin_array();
        for (const ResultValue& value : values) {
            body.begin_object();
            body.member("Key", value.key);
            if (!value.json.empty()) {
                body.name("Value");
                body.raw(value.json);
            }
            body.end_object();
        }
        body.end_array();
        body.end_object();
    }
    body.name("ReferenceData");
    body.begin_object();
    body.name("ReferenceItem");
    body.begin_object();
    body.member("Key", "QueueTimeoutURL");
    body.member("Value", conversation.timeout_url);
    body.end_object();
    body.end_object();
    body.end_object();
    body.end_object();
    return body.take();
}

}  // namespace pamoja::sandbox::daraja
