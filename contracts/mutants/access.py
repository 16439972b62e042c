"""Who is let in and should not be."""

from contracts.mutants.asking import holders_of, nobody, other_schemes, skip_guard, strangers, unchecked
from contracts.mutants.model import Kind, Probe
from contracts.mutants.replies import says
from contracts.mutants.requests import fields
from contracts.mutants.storing import overlook, without

no_token = Kind("no-token-accepted")
any_token = Kind("garbage-token-accepted")
wrong_class = Kind("wrong-scheme-accepted")
locked_out = Kind("locked-out-accepted")
rights = Kind("rights-ignored")
password = Kind("wrong-password-accepted")

_anonymous = skip_guard(nobody, "dev-anna")
_anonymous_admin = skip_guard(nobody, "dev-admin")
_forged = skip_guard(strangers, "dev-anna")
_forged_admin = skip_guard(strangers, "dev-admin")
_admin_as_user = skip_guard(holders_of("admin"), "dev-anna")
_user_as_admin = skip_guard(holders_of("portal"), "dev-admin")
_reader_writes = skip_guard(holders_of("admin", "read"), "dev-admin")
_denied_reads = skip_guard(holders_of("admin", "none"), "dev-admin")

MUTANTS = (
    no_token(
        "getAllOrders-open", "getAllOrders", "orders without a token", _anonymous,
        witness=(Probe("getAllOrders", ""),),
    ),
    no_token(
        "putPortalConfig-open", "putPortalConfig", "a portal is changed without a token", _anonymous_admin,
        witness=(Probe("putPortalConfig", ""),),
    ),
    no_token(
        "getOrgPortalConfigV3-open", "getOrgPortalConfigV3", "settings and secrets without a token",
        _anonymous_admin, witness=(Probe("getOrgPortalConfigV3", ""),),
    ),
    no_token(
        "deletePortalPage-open", "deletePortalPage", "a page is deleted without a token", _anonymous_admin,
        witness=(Probe("deletePortalPage", ""),),
    ),
    no_token(
        "loginToPortalAsUser-open", "loginToPortalAsUser", "a login as anybody without a token",
        _anonymous_admin, witness=(Probe("loginToPortalAsUser", ""),),
    ),
    no_token(
        "uploadMeterReadingPhoto-open", "uploadMeterReadingPhoto", "an upload without a token", _anonymous,
        witness=(Probe("uploadMeterReadingPhoto", ""),),
    ),
    no_token(
        "ssoLogin-open", "ssoLogin", "a login without the provider's token",
        skip_guard(nobody, "dev-oidc-lea"), witness=(Probe("ssoLogin", ""),),
    ),
    no_token(
        "getPortalPages-open", "getPortalPages", "all pages without a token", _anonymous_admin,
        witness=(Probe("getPortalPages", ""),),
    ),
    no_token(
        "enablePartner-open", "enablePartner", "a partner is enabled without a token",
        skip_guard(nobody, "dev-sabine"), witness=(Probe("enablePartner", ""),),
    ),
    no_token(
        "updateWorkflowStepAsDone-open", "updateWorkflowStepAsDone", "a step is done without a token",
        _anonymous, witness=(Probe("updateWorkflowStepAsDone", ""),),
    ),
    any_token(
        "getContact-any-token", "getContact", "any token is good", _forged,
        witness=(Probe("getContact", "dev-unknown"),),
    ),
    any_token(
        "upsertPortalWidgetV3-any-token", "upsertPortalWidgetV3", "any token is good", _forged_admin,
        witness=(Probe("upsertPortalWidgetV3", "dev-unknown"),),
    ),
    any_token(
        "swapPortalConfig-any-token", "swapPortalConfig", "any token is good", _forged_admin,
        witness=(Probe("swapPortalConfig", "dev-unknown"),),
    ),
    any_token(
        "validateToken-any-token", "validateToken", "every token is valid", _forged,
        witness=(Probe("validateToken", "dev-unknown"),),
    ),
    any_token(
        "getSchemas-any-token", "getSchemas", "any token is good", _forged,
        witness=(Probe("getSchemas", "dev-unknown"),),
    ),
    any_token(
        "ssoLoginV3-any-token", "ssoLoginV3", "a login with a token that the provider has not signed",
        skip_guard(strangers, "dev-oidc-lea"), witness=(Probe("ssoLoginV3", "a.b.c"),),
    ),
    wrong_class(
        "getAllContracts-admin", "getAllContracts", "an administrator is taken for a user", _admin_as_user,
        witness=(Probe("getAllContracts", "dev-admin"),),
    ),
    wrong_class(
        "updatePortalUser-admin", "updatePortalUser", "an administrator changes a user", _admin_as_user,
        witness=(Probe("updatePortalUser", "dev-admin"),),
    ),
    wrong_class(
        "getCustomerBalance-admin", "getCustomerBalance", "an administrator is taken for a user",
        _admin_as_user, witness=(Probe("getCustomerBalance", "dev-admin"),),
    ),
    wrong_class(
        "getAllPortalConfigs-user", "getAllPortalConfigs", "users may do what administrators may",
        _user_as_admin, witness=(Probe("getAllPortalConfigs", "dev-anna"),),
    ),
    wrong_class(
        "upsertEmailTemplatesByPortalId-user", "upsertEmailTemplatesByPortalId",
        "users may do what administrators may", _user_as_admin,
        witness=(Probe("upsertEmailTemplatesByPortalId", "dev-anna"),),
    ),
    wrong_class(
        "createPortalPage-user", "createPortalPage", "users may do what administrators may", _user_as_admin,
        witness=(Probe("createPortalPage", "dev-mehmet"),),
    ),
    wrong_class(
        "getECPContact-user", "getECPContact", "users may do what administrators may", _user_as_admin,
        witness=(Probe("getECPContact", "dev-mehmet"),),
    ),
    wrong_class(
        "getPortalPageBlocks-provider", "getPortalPageBlocks", "a provider's token opens the pages",
        skip_guard(holders_of("oidc"), "dev-anna"), witness=(Probe("getPortalPageBlocks", "dev-oidc-lea"),),
    ),
    wrong_class(
        "getRegistrationIdentifiers-basic", "getRegistrationIdentifiers", "the scheme is not looked at",
        skip_guard(other_schemes, "dev-admin"),
        witness=(Probe("getRegistrationIdentifiers", authorization="Basic dev-admin"),),
    ),
    locked_out(
        "getOpportunity-disabled", "getAllOpportunities getOpportunity", "a disabled user sees opportunities",
        overlook("portal_user", "access_status"), witness=(Probe("getAllOpportunities", "dev-jan"),),
    ),
    locked_out(
        "getAllRequests-deleted", "getAllRequests", "a deleted user gets in",
        overlook("portal_user", "_deleted_at"), witness=(Probe("getAllRequests", "dev-gone"),),
    ),
    locked_out(
        "getExternalLinksV3-pending", "getExternalLinksV3", "a user without a contact gets in",
        overlook("portal_user", "mapping_status"), witness=(Probe("getExternalLinksV3", "dev-kevin"),),
    ),
    locked_out(
        "getExternalLinks-revoked", "getExternalLinks revokeToken", "a revoked token stays good",
        without("revocation"), on="getExternalLinks",
        witness=(Probe("revokeToken"), Probe("getExternalLinks")),
    ),
    password(
        "updatePortalUserEmail-any-password", "updatePortalUserEmail", "any password is good",
        unchecked(fields(password="Musterau!2026"), says("the password is wrong")),
        witness=(Probe("updatePortalUserEmail", fields={"password": "x"}),),
    ),
    rights(
        "upsertPortalWidget-reader", "upsertPortalWidget", "who may read may write", _reader_writes,
        witness=(Probe("upsertPortalWidget", "dev-admin-readonly"),),
    ),
    rights(
        "resendConfirmationEmail-reader", "resendConfirmationEmail", "who may read sends mails",
        _reader_writes, witness=(Probe("resendConfirmationEmail", "dev-admin-readonly"),),
    ),
    rights(
        "getPortalExtensions-denied", "getPortalExtensions", "an administrator without rights gets in",
        _denied_reads, witness=(Probe("getPortalExtensions", "dev-admin-denied"),),
    ),
)  # fmt: skip
