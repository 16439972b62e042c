"""Writes that are answered as if they had worked, and have left nothing or too little."""

from contracts.mutants.model import Kind, Probe, id_of
from contracts.mutants.storing import forget_change, forget_fields

no_op_delete = Kind("no-op-delete")
no_op_create = Kind("no-op-create")
lost_update = Kind("lost-update")
lost_field = Kind("lost-field")

MUTANTS = (
    no_op_delete(
        "deletePortalPage-stays", "deletePortalPage getPortalPage getPortalPages", "a deleted page stays",
        forget_change(), on="deletePortalPage",
    ),
    no_op_delete(
        "deletePortalPageBlock-stays", "deletePortalPageBlock getPortalPageBlock getPortalPageBlocks",
        "a deleted block stays", forget_change(), on="deletePortalPageBlock",
    ),
    no_op_delete(
        "deletePortalConfig-stays", "deletePortalConfig getPortalConfigV3 listAllPortalConfigs",
        "a deleted portal stays", forget_change(), on="deletePortalConfig",
        witness=(Probe("deletePortalConfig"), Probe("listAllPortalConfigs")),
    ),
    no_op_delete(
        "deletePortal-stays", "deletePortal getAllPortalConfigs", "a deleted portal stays", forget_change(),
        on="deletePortal",
    ),
    no_op_delete(
        "deleteEntityFile-stays", "deleteEntityFile getFileById getAllFiles", "a deleted file stays",
        forget_change(), on="deleteEntityFile",
    ),
    no_op_delete(
        "revokePartner-stays", "revokePartner listBusinessPartners", "a revoked partner stays",
        forget_change(), on="revokePartner",
    ),
    no_op_delete(
        "deletePortalUser-stays", "deletePortalUser getPortalUser", "a deleted user stays", forget_change(),
        on="deletePortalUser",
    ),
    no_op_create(
        "createPortalPage-gone", "createPortalPage getPortalPage getPortalPages", "a new page is not there",
        forget_change(), on="createPortalPage",
        witness=(Probe("createPortalPage"), Probe("getPortalPages", "dev-admin")),
    ),
    no_op_create(
        "createPortalPageBlock-gone", "createPortalPageBlock getPortalPageBlock getPortalPageBlocks",
        "a new block is not there", forget_change(), on="createPortalPageBlock",
    ),
    no_op_create(
        "saveEntityFile-gone", "saveEntityFile getFileById getAllFiles", "a new file is not there",
        forget_change(), on="saveEntityFile",
    ),
    no_op_create(
        "createPortalConfig-gone", "createPortalConfig getPortalConfigV3 listAllPortalConfigs",
        "a new portal is not there", forget_change(), on="createPortalConfig",
    ),
    no_op_create(
        "clonePortalConfig-gone", "clonePortalConfig getPortalConfigV3 listAllPortalConfigs",
        "a copied portal is not there", forget_change(), on="clonePortalConfig",
    ),
    no_op_create(
        "createMeterReading-gone", "createMeterReading getMeterReadings", "a new reading is not there",
        forget_change(), on="createMeterReading",
    ),
    no_op_create(
        "invitePartner-gone", "invitePartner listBusinessPartners", "an invited partner is not there",
        forget_change(), on="invitePartner",
    ),
    no_op_create(
        "createUser-gone", "createUser userExists", "a new user is not there", forget_change(),
        on="createUser",
        witness=(Probe("createUser"), Probe("userExists", params={"email": "lena.fischer@example.org"})),
    ),
    no_op_create(
        "createCustomEntityActivity-gone", "createCustomEntityActivity getEntityActivityFeed",
        "a new activity is not there", forget_change(), on="createCustomEntityActivity",
        witness=(
            Probe("createCustomEntityActivity"),
            Probe("getEntityActivityFeed", params={"slug": "contact", "id": id_of("contact/anna")}),
        ),
    ),
    no_op_create(
        "addContractByIdentifiers-gone", "addContractByIdentifiers getAllContracts",
        "a claimed contract is not there", forget_change(), on="addContractByIdentifiers",
    ),
    lost_update(
        "updatePortalPage-lost", "updatePortalPage getPortalPage getPortalPages",
        "a change of a page is lost", forget_change(), on="updatePortalPage",
    ),
    lost_update(
        "updatePortalPageBlock-lost", "updatePortalPageBlock getPortalPageBlock getPortalPageBlocks",
        "a change of a block is lost", forget_change(), on="updatePortalPageBlock",
    ),
    lost_update(
        "putPortalConfig-lost", "putPortalConfig getPortalConfigV3 listAllPortalConfigs",
        "a change of a portal is lost", forget_change(), on="putPortalConfig",
        witness=(Probe("putPortalConfig", fields={"name": "Neu"}), Probe("getPortalConfigV3")),
    ),
    lost_update(
        "upsertPortal-lost", "upsertPortal getOrgPortalConfig", "a change of a portal is lost",
        forget_change(), on="upsertPortal",
        witness=(Probe("upsertPortal", fields={"name": "Neu"}), Probe("getOrgPortalConfig")),
    ),
    lost_update(
        "updateContact-lost", "updateContact getContact", "a change of a contact is lost", forget_change(),
        on="updateContact",
    ),
    lost_update(
        "updateOrder-lost", "updateOrder getOrder getAllOrders", "a change of an order is lost",
        forget_change(), on="updateOrder",
    ),
    lost_update(
        "updateOpportunity-lost", "updateOpportunity getOpportunity", "a change of an opportunity is lost",
        forget_change(), on="updateOpportunity",
        witness=(
            Probe("updateOpportunity"),
            Probe("getOpportunity", "dev-marek", {"id": id_of("opportunity/op-3001")}),
        ),
    ),
    lost_update(
        "updateContract-lost", "updateContract getContract getAllContracts", "a change of a contract is lost",
        forget_change(), on="updateContract",
    ),
    lost_update(
        "updatePortalUser-lost", "updatePortalUser getPortalUser", "a change of a user is lost",
        forget_change(), on="updatePortalUser",
    ),
    lost_update(
        "upsertPortalWidgetV3-lost", "upsertPortalWidgetV3 getPortalWidgetsV3", "new widgets are lost",
        forget_change(), on="upsertPortalWidgetV3",
    ),
    lost_update(
        "upsertEmailTemplates-lost", "upsertEmailTemplates getEmailTemplates", "a chosen template is lost",
        forget_change(), on="upsertEmailTemplates",
    ),
    lost_update(
        "disablePartner-lost", "disablePartner listBusinessPartners", "a disabled partner stays enabled",
        forget_change(), on="disablePartner",
    ),
    lost_update(
        "enablePartner-lost", "enablePartner listBusinessPartners", "an enabled partner stays disabled",
        forget_change(), on="enablePartner",
    ),
    lost_update(
        "trackFileDownloaded-lost", "trackFileDownloaded getFileById", "a downloaded file stays new",
        forget_change(), on="trackFileDownloaded",
        witness=(
            Probe("trackFileDownloaded", params={"id": id_of("file/re-2026-00135")}),
            Probe("getFileById", params={"id": id_of("file/re-2026-00135")}),
        ),
    ),
    lost_update(
        "swapPortalConfig-lost", "swapPortalConfig listAllPortalConfigs", "nothing is swapped",
        forget_change(), on="swapPortalConfig",
    ),
    lost_update(
        "savePortalFilesV3-lost", "savePortalFilesV3 getOrgPortalConfigV3", "a saved image is not shown",
        forget_change(), on="savePortalFilesV3",
    ),
    lost_update(
        "revokeToken-lost", "revokeToken validateToken", "a revoked token stays good", forget_change(),
        on="revokeToken",
    ),
    lost_update(
        "updateWorkflowStepAsDone-lost", "updateWorkflowStepAsDone getEntityWorkflows",
        "a completed step stays open", forget_change(), on="updateWorkflowStepAsDone",
        witness=(
            Probe("updateWorkflowStepAsDone"),
            Probe("getEntityWorkflows", params={"slug": "opportunity", "id": id_of("opportunity/op-3004")}),
        ),
    ),
    lost_update(
        "postOrderAcceptance-lost", "postOrderAcceptance getOrder getAllOrders",
        "an accepted offer stays open", forget_change(), on="postOrderAcceptance",
    ),
    lost_update(
        "confirmUser-lost", "confirmUser", "a confirmed address can be confirmed again", forget_change(),
        witness=(Probe("confirmUser"), Probe("confirmUser")),
    ),
    lost_field(
        "createPortalPage-content", "createPortalPage getPortalPage getPortalPages",
        "the content is not stored", forget_fields("page", "content"), on="createPortalPage",
        witness=(Probe("createPortalPage"), Probe("getPortalPages", "dev-admin")),
    ),
    lost_field(
        "putPortalConfig-grace-period", "putPortalConfig getPortalConfigV3 listAllPortalConfigs",
        "the grace period is not stored", forget_fields("portal", "meter_reading_grace_period"),
        on="putPortalConfig",
        witness=(
            Probe("putPortalConfig", fields={"meter_reading_grace_period": 14}), Probe("getPortalConfigV3"),
        ),
    ),
    lost_field(
        "upsertEmailTemplatesByPortalId-invitation",
        "upsertEmailTemplatesByPortalId getEmailTemplatesByPortalId", "one slot is not stored",
        forget_fields("email_templates", "partnerInvitation"), on="upsertEmailTemplatesByPortalId",
    ),
)  # fmt: skip
