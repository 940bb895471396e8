package io.meshwork.aws.internal.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.MirrorSettings.TrustedEngines;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.LakeFormationObject.Stage;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.rights.CatalogAccess;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The objects of Lake Formation, and the commands that make them. */
class LakeFormationImagesTest {
  private static final String CATALOG = "111111111111";
  private static final String FINANCE = "333333333333";
  private static final Grantee ANALYST = Grantee.of(Principal.of(FINANCE, "analyst"));
  private static final Resource.Table ORDERS = new Resource.Table(CATALOG, "shop", "orders_v1");
  private static final Instant SOON = Instant.parse("2026-05-01T00:00:00Z");
  private static final ResourceNames NAMES = new ResourceNames("eu-central-1", Map.of());
  private static final MirrorSettings SETTINGS = new MirrorSettings(NAMES, true, Optional.empty());

  /** The objects without links. */
  private static LakeFormationImages images(MirrorSettings settings, AccessState.Builder state) {
    LakeFormationNames names = new LakeFormationNames(settings, List.of(CATALOG, FINANCE));
    return new LakeFormationImages(
        CATALOG,
        state
            .databases(
                Database.of(CATALOG, "shop", Table.of("orders_v1", "id", "Region", "email"))
                    .tags(Map.of("domain", "shop")))
            .tags(new TagKey(CATALOG, "domain", List.of("shop")))
            .build(),
        names,
        new CatalogShares(
            CATALOG, AccessEvaluator.over(AccessState.builder().build()), names, SOON));
  }

  private static List<String> grants(Grant... grants) {
    return images(SETTINGS, AccessState.builder().grants(grants)).ofCatalog(List.of()).stream()
        .filter(object -> object.stage() == Stage.GRANT)
        .map(object -> Mirror.contentOf(object.content()))
        .toList();
  }

  private static Resource.Columns columns(String... names) {
    return new Resource.Columns(CATALOG, "shop", "orders_v1", List.of(names));
  }

  @Test
  void severalGrantsOfOnePrincipalOnOneTableAreOneEntry() {
    assertThat(
            grants(
                Grant.of("a", ANALYST, ORDERS, Permission.SELECT),
                Grant.of("b", ANALYST, ORDERS, Permission.DESCRIBE).withGrantOption()))
        .containsExactly(
            "{\"Permissions\":[\"DESCRIBE\",\"SELECT\"],"
                + "\"PermissionsWithGrantOption\":[\"DESCRIBE\"],"
                + "\"Principal\":\"arn:aws:iam::333333333333:role/analyst\","
                + "\"Resource\":{\"Table\":{\"CatalogId\":\"111111111111\","
                + "\"DatabaseName\":\"shop\",\"Name\":\"orders_v1\"}}}");
  }

  @Test
  void listsOfColumnsAreOneObjectWithoutWhatIsExcludedOrMissing() {
    assertThat(
            grants(
                Grant.of("a", ANALYST, columns("id", "dropped"), Permission.SELECT),
                Grant.of(
                    "b",
                    ANALYST,
                    new Resource.ColumnsExcept(CATALOG, "shop", "orders_v1", List.of("EMAIL")),
                    Permission.SELECT)))
        .singleElement()
        .asString()
        .contains("\"ColumnNames\":[\"id\",\"region\"]", "\"ColumnNamesWithGrantOption\":[]");
    assertThat(grants(Grant.of("a", ANALYST, columns("dropped"), Permission.SELECT))).isEmpty();
  }

  @Test
  void permissionsOnTheWholeTableReplaceListsOfColumns() {
    assertThat(
            grants(
                Grant.of("a", ANALYST, columns("id"), Permission.SELECT),
                Grant.of("b", ANALYST, ORDERS, Permission.SELECT)))
        .singleElement()
        .asString()
        .doesNotContain("ColumnNames");
    assertThat(
            grants(
                Grant.of("a", ANALYST, columns("id"), Permission.SELECT),
                Grant.of("b", ANALYST, ORDERS, Permission.DESCRIBE)))
        .singleElement()
        .asString()
        .contains("\"ColumnNames\":[\"id\"]");
  }

  @Test
  void anEntryIsDueAtTheFirstEndOfItsGrants() {
    List<LakeFormationObject> objects =
        images(
                SETTINGS,
                AccessState.builder()
                    .grants(
                        Grant.of("a", ANALYST, ORDERS, Permission.SELECT),
                        Grant.of("b", ANALYST, ORDERS, Permission.DESCRIBE).until(SOON)))
            .ofCatalog(List.of());

    assertThat(objects)
        .filteredOn(object -> object.stage() == Stage.GRANT)
        .extracting(LakeFormationObject::nextDue)
        .containsExactly(Optional.of(SOON));
  }

  @Test
  void theWholeMeshIsTheOrganizationOrEachOfItsAccounts() {
    AccessState.Builder state =
        AccessState.builder()
            .grants(Grant.of("a", CatalogAccess.MESH, ORDERS, Permission.SELECT).withGrantOption());
    String organization = "arn:aws:organizations::999999999999:organization/o-abcdefghij";

    assertThat(grants(state.build().grants().get(0)))
        .singleElement()
        .asString()
        .contains("\"Principal\":\"333333333333\"");
    assertThat(
            images(new MirrorSettings(NAMES, true, Optional.of(organization)), state)
                .ofCatalog(List.of())
                .stream()
                .filter(object -> object.stage() == Stage.GRANT)
                .map(object -> object.content().path("Principal").asText()))
        .containsExactly(organization);
  }

  @Test
  void aRoleWithAPathIsNamedWithIt() {
    String arn = "arn:aws:iam::333333333333:role/people/analyst";
    assertThat(
            images(
                    new MirrorSettings(
                        new ResourceNames(
                            "eu-central-1", Map.of(Principal.of(FINANCE, "analyst"), arn)),
                        true,
                        Optional.empty()),
                    AccessState.builder().grants(Grant.of("a", ANALYST, ORDERS, Permission.SELECT)))
                .ofCatalog(List.of()))
        .filteredOn(object -> object.stage() == Stage.GRANT)
        .singleElement()
        .satisfies(
            object -> assertThat(object.content().path("Principal").asText()).isEqualTo(arn));
  }

  @Test
  void objectsAreMadeFromSettingsToGrants() {
    List<LakeFormationObject> objects =
        images(
                SETTINGS,
                AccessState.builder()
                    .filters(
                        new DataFilter(
                            CATALOG,
                            "shop",
                            "orders_v1",
                            "f1",
                            Optional.empty(),
                            Optional.of(List.of("email")),
                            Optional.of("region = 'EU'")))
                    .grants(
                        Grant.of(
                            "f1",
                            ANALYST,
                            new Resource.FilteredTable(CATALOG, "shop", "orders_v1", "f1"),
                            Permission.SELECT)))
            .ofCatalog(List.of("s3://lake/data/shop"));

    assertThat(objects)
        .extracting(LakeFormationObject::stage)
        .isSorted()
        .containsOnly(
            Stage.SETTINGS,
            Stage.LOCATION,
            Stage.CLOSED_DATABASE,
            Stage.CLOSED_TABLE,
            Stage.TAG,
            Stage.ASSIGNMENT,
            Stage.FILTER,
            Stage.OPENED_TABLE,
            Stage.GRANT);
    assertThat(objects)
        .extracting(LakeFormationObject::key)
        .doesNotHaveDuplicates()
        .contains(
            "settings",
            "location/lake/data/shop",
            "closed/shop/-",
            "closed/shop/orders_v1",
            "lf-tag/domain/shop",
            "assignment/shop/-/-/domain",
            "filter/shop/orders_v1/f1",
            "assignment/shop/orders_v1/-/domain");
  }

  private static List<String> commands(
      LakeFormationObject wanted, Optional<String> known, Optional<String> actual) {
    String content = Mirror.contentOf(wanted.content());
    return calls(
        new ObjectChange(
            wanted.key(),
            Optional.of(Image.of(wanted.key(), 0, Optional.empty(), content, "")),
            known.map(Set::of).orElse(Set.of()),
            actual.map(text -> new ServiceObject(Optional.empty(), text, ""))));
  }

  private static List<String> calls(ObjectChange change) {
    return new LakeFormationChanges(
            CATALOG,
            CATALOG,
            new LakeFormationFailure("test", CATALOG, "eu-central-1"),
            () -> {
              throw new IllegalStateException("Commands need no client");
            })
        .calls(change).stream().map(ServiceCall::command).toList();
  }

  @Test
  void eachObjectHasTheCommandThatMakesIt() {
    AccessState.Builder state =
        AccessState.builder()
            .grants(
                Grant.of(
                    "a",
                    ANALYST,
                    new Resource.TagPolicy(
                        CATALOG,
                        PolicyType.TABLE,
                        TagExpression.of(
                            Map.of("domain", List.of("shop"), "kind", List.of("plain")))),
                    Permission.SELECT));
    List<String> commands =
        images(SETTINGS, state).ofCatalog(List.of("s3://lake/data/shop")).stream()
            .flatMap(object -> commands(object, Optional.empty(), Optional.empty()).stream())
            .toList();

    assertThat(commands)
        .allMatch(command -> command.startsWith("aws lakeformation "))
        .anyMatch(
            command ->
                command.contains("put-data-lake-settings")
                    && command.contains("role/mesh-mirror")
                    && command.contains(
                        "CROSS_ACCOUNT_VERSION |= (if ((. // \"0\") | tonumber) < 4"))
        .contains(
            "aws lakeformation register-resource --region eu-central-1 --resource-arn"
                + " arn:aws:s3:::lake/data/shop --role-arn"
                + " arn:aws:iam::111111111111:role/mesh-registration --no-hybrid-access-enabled",
            "aws lakeformation revoke-permissions --region eu-central-1 --principal"
                + " DataLakePrincipalIdentifier=IAM_ALLOWED_PRINCIPALS --resource"
                + " '{\"Table\":{\"CatalogId\":\"111111111111\",\"DatabaseName\":\"shop\",\"Name\":\"orders_v1\"}}'"
                + " --permissions ALL",
            "aws lakeformation grant-permissions --region eu-central-1"
                + " --principal DataLakePrincipalIdentifier=arn:aws:iam::333333333333:role/analyst"
                + " --resource '{\"LFTagPolicy\":{\"CatalogId\":\"111111111111\","
                + "\"Expression\":[{\"TagKey\":\"domain\",\"TagValues\":[\"shop\"]},"
                + "{\"TagKey\":\"kind\",\"TagValues\":[\"plain\"]}],\"ResourceType\":\"TABLE\"}}'"
                + " --permissions SELECT");
  }

  @Test
  void theCommandForTheSettingsAddsTrustedEngines() {
    MirrorSettings settings =
        new MirrorSettings(
            NAMES,
            true,
            Optional.empty(),
            TrustedEngines.NONE.and("b", List.of(FINANCE)).and("a", List.of(FINANCE, CATALOG)),
            false);

    String command =
        images(settings, AccessState.builder()).ofCatalog(List.of()).stream()
            .flatMap(object -> commands(object, Optional.empty(), Optional.empty()).stream())
            .filter(each -> each.contains("put-data-lake-settings"))
            .findFirst()
            .orElseThrow();

    assertThat(command)
        .contains(
            " | .AllowExternalDataFiltering = true"
                + " | .ExternalDataFilteringAllowList |= (. + ["
                + "{\"DataLakePrincipalIdentifier\":\"111111111111\"},"
                + "{\"DataLakePrincipalIdentifier\":\"333333333333\"}] | unique)"
                + " | .AuthorizedSessionTagValueList |= (. + [\"a\",\"b\"] | unique)'");
  }

  @Test
  void whatIsTooMuchIsRevokedBeforeWhatIsMissingIsGranted() {
    LakeFormationObject wanted =
        images(
                SETTINGS,
                AccessState.builder().grants(Grant.of("a", ANALYST, ORDERS, Permission.SELECT)))
            .ofCatalog(List.of())
            .stream()
            .filter(object -> object.stage() == Stage.GRANT)
            .findFirst()
            .orElseThrow();
    String actual =
        Mirror.contentOf(wanted.content())
            .replace("[\"SELECT\"]", "[\"INSERT\",\"SELECT\"]")
            .replace("GrantOption\":[]", "GrantOption\":[\"SELECT\"]");

    assertThat(commands(wanted, Optional.empty(), Optional.of(actual)))
        .satisfiesExactly(
            revoked ->
                assertThat(revoked).contains("revoke-permissions", "--permissions INSERT SELECT"),
            granted ->
                assertThat(granted)
                    .contains("grant-permissions", "--permissions SELECT")
                    .doesNotContain("with-grant-option"));
  }

  @Test
  void whatAnInterruptedChangeLeftIsRecognized() {
    String all = "{\"Principal\":\"p\",\"Permissions\":[\"DESCRIBE\",\"SELECT\"]}";
    String some = "{\"Principal\":\"p\",\"Permissions\":[\"SELECT\"]}";
    String none = "{\"Principal\":\"p\",\"Permissions\":[]}";
    String other = "{\"Principal\":\"p\",\"Permissions\":[\"INSERT\"]}";

    assertThat(PartialGrant.isBetween(Optional.of(all), Optional.of(some), none)).isTrue();
    assertThat(PartialGrant.isBetween(Optional.empty(), Optional.of(all), some)).isTrue();
    assertThat(PartialGrant.isBetween(Optional.of(all), Optional.empty(), some)).isTrue();
    assertThat(PartialGrant.isBetween(Optional.of(all), Optional.of(some), other)).isFalse();
    assertThat(PartialGrant.isBetween(Optional.of("{}"), Optional.of("{}"), "{}")).isFalse();
  }
}
