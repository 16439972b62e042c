import pytest

from mockportal.spec.routes import BadPath
from mockportal.spec.spec import Spec

ID = "5da0a718-c822-403d-9f5d-20d4584e0528"

RULE = "validateCadenceEntityEditRules"
VECTORS = [
    ("GET", f"/v2/portal/contract/{ID}:validateRule", RULE, {"slug": "contract", "id": ID}),
    ("GET", f"/v2/portal/order/{ID}:validateRule", RULE, {"slug": "order", "id": ID}),
    ("GET", "/v2/portal/opportunities/x:validateRule", RULE, {"slug": "opportunities", "id": "x"}),
    ("GET", f"/v2/portal/pages/{ID}:validateRule", RULE, {"slug": "pages", "id": ID}),
    ("GET", "/v2/portal/meter/a:b:validateRule", RULE, {"slug": "meter", "id": "a:b"}),
    ("GET", "/v2/portal/meter/a%3AvalidateRule", RULE, {"slug": "meter", "id": "a"}),
    ("GET", "/v2/portal/resolve:external-link/x:validateRule", "getResolvedExternalLink", {"id": "x:validateRule"}),
    ("PUT", "/v2/portal/workflow/w1/s1:markDone", "updateWorkflowStepAsDone", {"workflow_id": "w1", "step_id": "s1"}),
    ("GET", "/v2/portal/pages/default", "getDefaultPages", {}),
    ("GET", f"/v2/portal/pages/{ID}", "getPortalPage", {"id": ID}),
    ("GET", "/v2/portal/opportunities/searchable-attributes", "getSearchableAttributesForOpportunities", {}),
    ("POST", "/v2/portal/opportunities/search", "getSearchResultsForOpportunities", {}),
    ("POST", "/v2/portal/contract/by-identifiers", "addContractByIdentifiers", {}),
    ("POST", "/v3/portal/config/swap", "swapPortalConfig", {}),
    ("POST", "/v3/portal/config/clone", "clonePortalConfig", {}),
    ("GET", f"/v3/portal/config/{ID}", "getPortalConfigV3", {"portal_id": ID}),
    ("HEAD", f"/v3/portal/config/{ID}", "getPortalConfigV3", {"portal_id": ID}),
    ("POST", "/v2/portal/entity:search", "searchPortalUserEntities", {}),
    ("POST", "/v2/portal/entity%3Asearch", "searchPortalUserEntities", {}),
    ("GET", "/v2/portal/contract/a%2Fb", "getContract", {"id": "a/b"}),
    ("GET", "/v2/portal/entity/identifiers/access", "getEntityIdentifiers", {"slug": "access"}),
    ("POST", "/v2/portal/entity/identifiers/access", "triggerEntityAccessEvent", {"schema": "identifiers"}),
    ("GET", "/v2/portal/user/files/count-by-entity", "getFilesCountByEntity", {}),
    ("GET", "/v2/portal/user/confirm", "confirmUser", {}),
    ("GET", "/v2/portal/user/confirm/x", "confirmUserWithUserId", {"id": "x"}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "operation", "parameters"), VECTORS)
def test_path_leads_to_its_operation(
    spec: Spec, method: str, path: str, operation: str, parameters: dict[str, str]
) -> None:
    route = spec.routes.find(path)
    found = route.operation(method) if route else None

    assert found is not None
    assert (found[0].id, dict(found[1])) == (operation, parameters)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/v3/portal/config/swap", "OPTIONS, POST"),
        ("GET", "/v2/portal/opportunities/search", "OPTIONS, POST"),
        ("GET", "/v2/portal/contract/by-identifiers", "OPTIONS, POST"),
        ("DELETE", "/v2/portal/contact", "GET, HEAD, OPTIONS, PATCH"),
        ("TRACE", "/v2/portal/user", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("DELETE", "/v2/portal/entity/identifiers/access", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_wrong_method_names_the_methods_of_the_most_concrete_path(
    spec: Spec, method: str, path: str, allow: str
) -> None:
    route = spec.routes.find(path)

    assert route is not None
    assert route.operation(method) is None
    assert route.allow == allow


@pytest.mark.parametrize(
    "path",
    [
        f"/v2/portal/meter/{ID}:validateRuleXYZ",
        "/v2/portal/meter/:validateRule",
        "/v2/portal/contact/",
        "/v2/portal//user",
        "/v2/portal/contract/",
        "/",
        "/v2/portal/nothing",
    ],
)
def test_unknown_path_has_no_route(spec: Spec, path: str) -> None:
    assert spec.routes.find(path) is None


@pytest.mark.parametrize(
    "path", ["/v2/portal/contract/%zz", "/v2/portal/contract/%", "/v2/portal/contract/%ff"]
)
def test_broken_percent_encoding_is_refused(spec: Spec, path: str) -> None:
    with pytest.raises(BadPath):
        spec.routes.find(path)
