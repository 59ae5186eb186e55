"""What the documents of the faces list, in their order, and what each leaves out but cannot do without."""

FLEXIFINANCE = """
POST /api/v1/auth/register/
POST /api/v1/auth/login/
POST /api/v1/auth/refresh/
POST /api/v1/auth/logout/
POST /api/v1/auth/forgot-password/
POST /api/v1/auth/reset-password/
GET /api/v1/users/profile/
PUT /api/v1/users/profile/
GET /api/v1/users/kyc/status/
POST /api/v1/users/kyc/documents/
GET /api/v1/loans/products/
POST /api/v1/loans/apply/
GET /api/v1/loans/
GET /api/v1/loans/{loan_id}/
GET /api/v1/loans/{loan_id}/payments/
POST /api/v1/payments/stk-push/
GET /api/v1/payments/transactions/
GET /api/v1/payments/{payment_id}/
POST /api/v1/webhooks/mpesa/
POST /api/v1/webhooks/loan-status/
GET /api/v1/notifications/
PUT /api/v1/notifications/{notification_id}/read/
PUT /api/v1/notifications/mark-all-read/
POST /api/v1/documents/upload/
GET /api/v1/documents/
GET /api/v1/documents/{document_id}/download/
GET /api/v1/admin/loans/pending/
PUT /api/v1/admin/loans/{application_id}/approve/
PUT /api/v1/admin/loans/{application_id}/reject/
""".split("\n")[1:-1]

FLEXIFINANCE_NEEDED = """
POST /api/v1/auth/verify-email/
POST /api/v1/auth/resend-verification/
POST /api/v1/auth/change-password/
GET /api/v1/admin/kyc/pending/
PUT /api/v1/admin/kyc/{user_id}/review/
PUT /api/v1/admin/documents/{document_id}/verify/
GET /api/v1/admin/loans/{application_id}/
PUT /api/v1/admin/loans/{application_id}/review/
POST /api/v1/admin/loans/{loan_id}/disburse/
GET /api/v1/admin/loan-products/
POST /api/v1/admin/loan-products/
PUT /api/v1/admin/loan-products/{product_id}/
""".split("\n")[1:-1]

UPFLAME = """
POST /v1/auth/login
POST /v1/auth/token
POST /v1/auth/logout
GET /v1/auth/me
POST /v1/auth/mfa/setup
POST /v1/auth/mfa/verify
POST /v1/tenants
GET /v1/tenants/{id}
PUT /v1/tenants/{id}/domains
POST /v1/users
GET /v1/users/{id}
POST /v1/users/{id}/roles
GET /v1/roles
POST /v1/roles
POST /v1/permissions
POST /v1/policies
GET /v1/policies
POST /v1/workflows
GET /v1/workflows/{id}
POST /v1/workflows/{id}/steps/{stepKey}/submit
POST /v1/workflows/{id}/actions/approve
POST /v1/providers
POST /v1/providers/onboarding
GET /v1/providers/{id}
POST /v1/providers/{id}/documents
POST /v1/bookings
GET /v1/bookings/{id}/status
PUT /v1/bookings/{id}/cancel
POST /v1/notifications/send
GET /v1/notifications/{id}
PUT /v1/notifications/preferences
""".split("\n")[1:-1]

UPFLAME_NEEDED = """
POST /v1/oauth/clients
GET /v1/tenants
POST /v1/tenants/{id}/domains/{domain}/verify
GET /v1/users
PUT /v1/users/{id}
DELETE /v1/users/{id}/roles/{role_id}
GET /v1/permissions
GET /v1/policies/{id}
PUT /v1/policies/{id}
DELETE /v1/policies/{id}
GET /v1/workflow-definitions
POST /v1/workflow-definitions
GET /v1/workflow-definitions/{id}
GET /v1/workflows
POST /v1/workflows/{id}/actions/reject
POST /v1/files
GET /v1/files/{id}
GET /v1/providers
POST /v1/providers/{id}/services
PUT /v1/providers/{id}/availability
PUT /v1/providers/{id}/documents/{document_id}/review
GET /v1/bookings
GET /v1/bookings/{id}
PUT /v1/bookings/{id}/confirm
PUT /v1/bookings/{id}/decline
PUT /v1/bookings/{id}/complete
GET /v1/notifications
GET /v1/notifications/preferences
GET /v1/notification-templates
POST /v1/notification-templates
""".split("\n")[1:-1]

DOCUMENTED = {"flexifinance": FLEXIFINANCE, "upflame": UPFLAME}
NEEDED = {"flexifinance": FLEXIFINANCE_NEEDED, "upflame": UPFLAME_NEEDED}
SIZES = {"flexifinance": (29, 12), "upflame": (31, 30)}
FACES = tuple(DOCUMENTED)
