#include "faces/flexifinance/templates.hpp"

namespace pamoja::faces::flexifinance {
namespace {

using notifications::Channel;
using notifications::Template;

// Letters with a secret greet nobody by name: whoever registers a stranger's address chooses that name.
constexpr std::array account_templates{
    Template{.name = "verify_email",
             .channel = Channel::email,
             .title = "Confirm your e-mail address",
             .text = "Welcome to FlexiFinance.\n\nPlease confirm that this address is yours:\n{{link}}\n\n"
                     "If you are asked for a code, it is:\ntoken={{token}}\n\n"
                     "Both work once, within 24 hours. If you did not open an account with us, no action is "
                     "needed.\n",
             .category = "security",
             .is_critical = true},
    Template{.name = "reset_password",
             .channel = Channel::email,
             .title = "Choose a new password",
             .text = "Somebody asked for a new password for your FlexiFinance account.\n\nChoose it here:\n"
                     "{{link}}\n\nIf you are asked for a code, it is:\ntoken={{token}}\n\n"
                     "Both work once, within one hour. If it was not you, your password stays as it is.\n",
             .category = "security",
             .is_critical = true},
    Template{.name = "password_changed",
             .channel = Channel::email,
             .title = "Your password was changed",
             .text = "The password of your FlexiFinance account has just been changed, and other devices "
                     "were signed out.\n\nIf it was not you, ask for a new password at once and write to "
                     "our support.\n",
             .category = "security",
             .is_critical = true},
    Template{.name = "password_changed",
             .channel = Channel::in_app,
             .title = "Password Changed",
             .text = "Your password was changed and other devices were signed out.",
             .category = "security",
             .is_critical = true},
    Template{.name = "phone_changed",
             .channel = Channel::email,
             .title = "Your phone number was changed",
             .text = "Loans are paid out to the phone number of your FlexiFinance account, which is now "
                     "{{phone}}.\n\nIf it was not you who changed it, change your password and write to our "
                     "support at once.\n",
             .category = "security",
             .is_critical = true},
    Template{.name = "phone_changed",
             .channel = Channel::in_app,
             .title = "Phone Number Changed",
             .text = "Loans are now paid out to {{phone}}.",
             .category = "security",
             .is_critical = true},
};

constexpr std::array review_templates{
    Template{.name = "kyc_submitted",
             .channel = Channel::in_app,
             .title = "Documents Received",
             .text = "We have received your identity documents and will review them shortly.",
             .category = "kyc"},
    Template{.name = "kyc_approved",
             .channel = Channel::email,
             .title = "Your identity is verified",
             .text = "Hello {{first_name}},\n\nyour identity documents were checked and accepted. You can "
                     "now use every product that asks for a verified identity.\n",
             .category = "kyc"},
    Template{.name = "kyc_approved",
             .channel = Channel::in_app,
             .title = "Identity Verified",
             .text = "Your identity documents were checked and accepted.",
             .category = "kyc"},
    Template{.name = "kyc_rejected",
             .channel = Channel::email,
             .title = "Your identity documents were not accepted",
             .text = "Hello {{first_name}},\n\nwe could not accept your identity documents.\n{{notes}}\n\n"
                     "Please upload them again.\n",
             .category = "kyc"},
    Template{.name = "kyc_rejected",
             .channel = Channel::in_app,
             .title = "Identity Documents Not Accepted",
             .text = "We could not accept your identity documents. {{notes}}",
             .category = "kyc"},
    Template{.name = "document_verified",
             .channel = Channel::in_app,
             .title = "Document Verified",
             .text = "Your document {{file_name}} was checked and accepted.",
             .category = "documents"},
    Template{.name = "document_rejected",
             .channel = Channel::in_app,
             .title = "Document Not Accepted",
             .text = "We could not accept your document {{file_name}}. {{notes}}",
             .category = "documents"},
};

// Named after the events of lending.
constexpr std::array loan_templates{
    Template{.name = "loan.submitted",
             .channel = Channel::email,
             .title = "We have your loan application",
             .text = "Hello {{first_name}},\n\nthank you for applying for KES {{amount}}. Your application "
                     "has the reference {{loan_reference}}; we decide within 24 to 48 hours.\n",
             .category = "loans"},
    Template{.name = "loan.submitted",
             .channel = Channel::in_app,
             .title = "Loan Application Received",
             .text = "Your application {{loan_reference}} for KES {{amount}} has been received.",
             .category = "loans"},
    Template{.name = "loan.under_review",
             .channel = Channel::in_app,
             .title = "Loan Application Under Review",
             .text = "A loan officer is looking at your application {{loan_reference}}.",
             .category = "loans"},
    Template{.name = "loan.approved",
             .channel = Channel::email,
             .title = "Your loan is approved",
             .text = "Hello {{first_name}},\n\nyour loan {{loan_reference}} of KES {{amount}} is approved. "
                     "The money goes to your M-Pesa account next.\n",
             .category = "loans"},
    Template{.name = "loan.approved",
             .channel = Channel::sms,
             .title = {},
             .text = "FlexiFinance: your loan {{loan_reference}} of KES {{amount}} is approved.",
             .category = "loans"},
    Template{.name = "loan.approved",
             .channel = Channel::in_app,
             .title = "Loan Application Approved",
             .text = "Your loan application {{loan_reference}} has been approved.",
             .category = "loans"},
    Template{.name = "loan.rejected",
             .channel = Channel::email,
             .title = "About your loan application",
             .text = "Hello {{first_name}},\n\nwe cannot grant your application {{loan_reference}} for KES "
                     "{{amount}}.\nThe reason: {{reason}}\n",
             .category = "loans"},
    Template{.name = "loan.rejected",
             .channel = Channel::in_app,
             .title = "Loan Application Rejected",
             .text = "Your loan application {{loan_reference}} was not granted: {{reason}}",
             .category = "loans"},
    Template{.name = "loan.disbursed",
             .channel = Channel::sms,
             .title = {},
             .text = "FlexiFinance: KES {{amount}} of loan {{loan_reference}} has been sent to your M-Pesa "
                     "account.",
             .category = "loans",
             .is_critical = true},
    Template{.name = "loan.disbursed",
             .channel = Channel::in_app,
             .title = "Loan Disbursed",
             .text = "KES {{amount}} of loan {{loan_reference}} has been sent to your M-Pesa account.",
             .category = "loans",
             .is_critical = true},
    Template{
        .name = "loan.payout_failed",
        .channel = Channel::sms,
        .title = {},
        .text = "FlexiFinance: M-Pesa could not pay out your loan {{loan_reference}}. We will try again.",
        .category = "loans",
        .is_critical = true},
    Template{.name = "loan.payout_failed",
             .channel = Channel::in_app,
             .title = "Payout Failed",
             .text = "M-Pesa could not pay out your loan {{loan_reference}}. We will try again.",
             .category = "loans",
             .is_critical = true},
};

constexpr std::array repayment_templates{
    Template{.name = "loan.repaid",
             .channel = Channel::sms,
             .title = {},
             .text = "FlexiFinance: we received KES {{amount}} for loan {{loan_reference}}. Thank you.",
             .category = "loans",
             .is_critical = true},
    Template{.name = "loan.repaid",
             .channel = Channel::in_app,
             .title = "Payment Received",
             .text = "We received KES {{amount}} for your loan {{loan_reference}}.",
             .category = "loans",
             .is_critical = true},
    Template{.name = "loan.repayment_failed",
             .channel = Channel::in_app,
             .title = "Payment Failed",
             .text = "Your payment for loan {{loan_reference}} did not go through; nothing was taken.",
             .category = "loans"},
    Template{.name = "loan.completed",
             .channel = Channel::email,
             .title = "Your loan is paid off",
             .text = "Hello {{first_name}},\n\nyour loan {{loan_reference}} is fully repaid. Thank you for "
                     "borrowing with FlexiFinance.\n",
             .category = "loans"},
    Template{.name = "loan.completed",
             .channel = Channel::in_app,
             .title = "Loan Completed",
             .text = "Your loan {{loan_reference}} is fully repaid.",
             .category = "loans"},
    Template{.name = "loan.penalty_charged",
             .channel = Channel::sms,
             .title = {},
             .text = "FlexiFinance: an instalment of loan {{loan_reference}} is overdue and a penalty was "
                     "added. Please pay soon.",
             .category = "loans",
             .is_critical = true},
    Template{.name = "loan.penalty_charged",
             .channel = Channel::in_app,
             .title = "Penalty Charged",
             .text = "An instalment of your loan {{loan_reference}} is overdue and a penalty was added.",
             .category = "loans",
             .is_critical = true},
};

}  // namespace

std::span<const Template> templates() {
    static const std::vector<Template> all = [] {
        std::vector<Template> collected(account_templates.begin(), account_templates.end());
        collected.insert(collected.end(), review_templates.begin(), review_templates.end());
        collected.insert(collected.end(), loan_templates.begin(), loan_templates.end());
        collected.insert(collected.end(), repayment_templates.begin(), repayment_templates.end());
        return collected;
    }();
    return all;
}

notifications::Notice notice_to(const identity::Person& person, std::string_view template_name,
                                std::vector<Channel> channels) {
    return {.user_id = person.id,
            .template_name = template_name,
            .channels = std::move(channels),
            .variables = {{"first_name", person.first_name}},
            .email = person.email,
            .phone = person.phone};
}

}  // namespace pamoja::faces::flexifinance
