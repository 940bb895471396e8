package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.AccessDeniedException;
import software.amazon.awssdk.services.lakeformation.model.AlreadyExistsException;
import software.amazon.awssdk.services.lakeformation.model.ConcurrentModificationException;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.GetTemporaryGlueTableCredentialsResponse;
import software.amazon.awssdk.services.lakeformation.model.LFTag;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationException;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PermissionType;
import software.amazon.awssdk.services.lakeformation.model.PermissionTypeMismatchException;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.lakeformation.model.ResourceInfo;
import software.amazon.awssdk.services.lakeformation.model.ResourceType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/** Lake Formation on the emulator: settings, tags, grants, filters, opt-ins, and credentials. */
class LakeFormationRulesTest extends LakeRulesFixture {
  private final String tag = "class_" + id;

  @Test
  void settingsAreReplacedAsAWhole() {
    lake.put(lake.settings().allowExternalDataFiltering(true).build());
    assertThat(lake.lake().getDataLakeSettings(r -> {}).dataLakeSettings())
        .satisfies(
            settings -> {
              assertThat(settings.allowExternalDataFiltering()).isTrue();
              assertThat(settings.parameters()).containsEntry("CROSS_ACCOUNT_VERSION", "4");
            });

    lake.put(lake.settings().dataLakeAdmins(List.of()).build());

    assertThat(lake.lake().getDataLakeSettings(r -> {}).dataLakeSettings())
        .satisfies(
            settings -> {
              assertThat(settings.dataLakeAdmins()).isEmpty();
              assertThat(settings.allowExternalDataFiltering()).isFalse();
            });
    assertDenied(() -> lake.lake().createLFTag(r -> r.tagKey(tag).tagValues("public")));
  }

  @Test
  void aLocationIsRegisteredOnceAndDeregistered() {
    String arn = "arn:aws:s3:::lake-" + id + "/data";
    LakeFormationClient client = lake.lake();
    client.registerResource(r -> r.resourceArn(arn).roleArn(lake.role("register")));
    assertThatThrownBy(
            () -> client.registerResource(r -> r.resourceArn(arn).useServiceLinkedRole(true)))
        .isInstanceOf(AlreadyExistsException.class);

    assertThat(client.describeResource(r -> r.resourceArn(arn)).resourceInfo().roleArn())
        .isEqualTo(lake.role("register"));
    assertThat(client.listResources(r -> {}).resourceInfoList())
        .extracting(ResourceInfo::resourceArn)
        .contains(arn);
    client.updateResource(
        r -> r.resourceArn(arn).roleArn(lake.role("other")).hybridAccessEnabled(true));
    assertThat(client.describeResource(r -> r.resourceArn(arn)).resourceInfo())
        .satisfies(
            location -> {
              assertThat(location.roleArn()).isEqualTo(lake.role("other"));
              assertThat(location.hybridAccessEnabled()).isTrue();
            });
    client.deregisterResource(r -> r.resourceArn(arn));
    assertThatThrownBy(
            () -> client.updateResource(r -> r.resourceArn(arn).roleArn(lake.role("other"))))
        .isInstanceOf(EntityNotFoundException.class);
    assertThatThrownBy(() -> client.deregisterResource(r -> r.resourceArn(arn)))
        .isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void aTableAtARegisteredLocationNeedsAccessToIt() {
    String arn = "arn:aws:s3:::lake-" + ACCOUNT + "/located-" + id;
    lake.lake().registerResource(r -> r.resourceArn(arn).useServiceLinkedRole(true));
    lake.grant(role, lake.databaseResource(sales), Permission.CREATE_TABLE);
    try (GlueClient glue = lake.as(analyst).glue()) {
      assertThatThrownBy(
              () ->
                  glue.createTable(
                      r -> r.databaseName(sales).tableInput(lake.input("located-" + id, "id"))))
          .hasMessageContaining("DATA_LOCATION_ACCESS");

      lake.grant(
          role,
          Resource.builder().dataLocation(d -> d.resourceArn(arn)).build(),
          Permission.DATA_LOCATION_ACCESS);

      glue.createTable(r -> r.databaseName(sales).tableInput(lake.input("located-" + id, "id")));
    }
  }

  @Test
  void tagsAreCreatedOnceAndKeepValuesInUse() {
    LakeFormationClient client = lake.lake();
    client.createLFTag(r -> r.tagKey(tag).tagValues("Public", "secret"));
    assertThatThrownBy(() -> client.createLFTag(r -> r.tagKey(tag).tagValues("other")))
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(client.getLFTag(r -> r.tagKey(tag)).tagValues()).containsExactly("public", "secret");
    assertThat(client.listLFTags(r -> {}).lfTags()).extracting(LFTagPair::tagKey).contains(tag);
    assign(orders, "secret");

    assertInvalid(
        () -> client.updateLFTag(r -> r.tagKey(tag).tagValuesToDelete("secret")),
        "Update not allowed");
    client.updateLFTag(r -> r.tagKey(tag).tagValuesToDelete("public").tagValuesToAdd("open"));
    assertThat(client.getLFTag(r -> r.tagKey(tag)).tagValues()).containsExactly("open", "secret");
    client.deleteLFTag(r -> r.tagKey(tag));
    assertThatThrownBy(() -> client.getLFTag(r -> r.tagKey(tag)))
        .isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void tagsAreInheritedAndOverridden() {
    lake.lake().createLFTag(r -> r.tagKey(tag).tagValues("public", "secret"));
    assign(lake.databaseResource(sales), "public");
    assign(lake.columnsResource(sales, "orders", "email"), "secret");

    var tags = lake.lake().getResourceLFTags(r -> r.resource(orders));
    assertThat(tags.lfTagsOnTable()).singleElement().satisfies(t -> isValue(t, "public"));
    assertThat(tags.lfTagsOnColumns())
        .filteredOn(column -> column.name().equals("email"))
        .singleElement()
        .satisfies(column -> isValue(column.lfTags().get(0), "secret"));
    assertThat(
            lake.lake()
                .getResourceLFTags(r -> r.resource(orders).showAssignedLFTags(true))
                .lfTagsOnTable())
        .isEmpty();
    assertThat(
            lake.lake().searchTablesByLFTags(r -> r.expression(expression("secret"))).tableList())
        .singleElement()
        .satisfies(table -> assertThat(table.table().name()).isEqualTo("orders"));
    lake.lake()
        .removeLFTagsFromResource(
            r -> r.resource(lake.columnsResource(sales, "orders", "email")).lfTags(pair("secret")));
    assertThat(
            lake.lake().searchTablesByLFTags(r -> r.expression(expression("secret"))).tableList())
        .isEmpty();
  }

  @Test
  void aTagThatIsNotDefinedIsAFailureOfItsEntry() {
    assertThat(
            lake.lake()
                .addLFTagsToResource(r -> r.resource(orders).lfTags(pair("secret")))
                .failures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.error().errorCode()).isEqualTo("EntityNotFoundException"));
    try (LakeFormationClient client = lake.as(analyst).lakeFormation()) {
      assertDenied(() -> client.createLFTag(r -> r.tagKey(tag).tagValues("public")));
    }
  }

  @Test
  void aTagPolicyGivesSelectOnMatchingColumns() {
    lake.lake().createLFTag(r -> r.tagKey(tag).tagValues("public", "secret"));
    assign(orders, "public");
    assign(lake.columnsResource(sales, "orders", "email"), "secret");
    lake.grant(
        role,
        Resource.builder()
            .lfTagPolicy(p -> p.resourceType(ResourceType.TABLE).expression(expression("public")))
            .build(),
        Permission.SELECT,
        Permission.DROP);

    try (GlueClient glue = lake.as(analyst).glue()) {
      assertThat(
              LakeAccount.columnsOf(
                  glue.getTable(r -> r.databaseName(sales).name("orders")).table()))
          .containsExactly("id", "total");
      assertThatThrownBy(() -> glue.deleteTable(r -> r.databaseName(sales).name("orders")))
          .hasMessageContaining("DROP");
    }
  }

  @Test
  void aFilterIsUpdatedWithItsVersion() {
    LakeFormationClient client = lake.lake();
    client.createDataCellsFilter(r -> r.tableData(filter("east").build()));
    assertThatThrownBy(() -> client.createDataCellsFilter(r -> r.tableData(filter("east").build())))
        .isInstanceOf(AlreadyExistsException.class);
    DataCellsFilter first = filter();

    client.updateDataCellsFilter(
        r -> r.tableData(filter("west").versionId(first.versionId()).build()));

    assertThat(filter().rowFilter().filterExpression()).isEqualTo("id='west'");
    assertThatThrownBy(
            () ->
                client.updateDataCellsFilter(
                    r -> r.tableData(filter("lost").versionId(first.versionId()).build())))
        .isInstanceOf(ConcurrentModificationException.class);
    assertThat(client.listDataCellsFilter(r -> r.table(orders.table())).dataCellsFilters())
        .hasSize(1);
    client.deleteDataCellsFilter(
        r -> r.tableCatalogId(ACCOUNT).databaseName(sales).tableName("orders").name("rows"));
    assertThatThrownBy(this::filter).isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void aFilterNamesColumnsAndRowsOfATable() {
    LakeFormationClient client = lake.lake();
    assertInvalid(
        () ->
            client.createDataCellsFilter(
                r -> r.tableData(filter("x").columnNames("missing").build())),
        "Column not found");
    assertInvalid(
        () ->
            client.createDataCellsFilter(
                r -> r.tableData(filter("x").rowFilter(rows -> {}).build())),
        "row filter");
    try (LakeFormationClient other = lake.as(analyst).lakeFormation()) {
      assertDenied(() -> other.createDataCellsFilter(r -> r.tableData(filter("x").build())));
    }
  }

  @Test
  void credentialsOfATableNeedSelectOnAllOfIt() {
    String bucket = "lake-" + ACCOUNT;
    String arn = "arn:aws:s3:::" + bucket + "/orders";
    register(arn);
    assertDenied(this::credentials);
    lake.lake().createDataCellsFilter(r -> r.tableData(filter("east").build()));
    Resource filter =
        Resource.builder()
            .dataCellsFilter(
                f -> f.tableCatalogId(ACCOUNT).databaseName(sales).tableName("orders").name("rows"))
            .build();
    lake.grant(role, filter, Permission.SELECT);
    assertThatThrownBy(this::credentials).isInstanceOf(PermissionTypeMismatchException.class);
    revoke(role, filter, Permission.SELECT);
    lake.grant(role, lake.columnsResource(sales, "orders", "id"), Permission.SELECT);
    assertThatThrownBy(this::credentials).isInstanceOf(PermissionTypeMismatchException.class);

    lake.grant(role, orders, Permission.SELECT);

    GetTemporaryGlueTableCredentialsResponse session = credentials();
    createObject(bucket);
    EmulatedClients reader =
        new EmulatedClients(
            aws,
            AwsSessionCredentials.create(
                session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    try (S3Client s3 = reader.s3()) {
      assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("orders/" + id)).asUtf8String())
          .isEqualTo("rows");
    }
    assertThat(session.expiration()).isNotNull();
  }

  @Test
  void anEngineGetsTheFilesOfATableThatItFilters() {
    register("arn:aws:s3:::lake-" + ACCOUNT + "/orders");
    lake.grant(role, lake.columnsResource(sales, "orders", "id"), Permission.SELECT);
    PermissionType columns = PermissionType.COLUMN_PERMISSION;
    PermissionType cells = PermissionType.CELL_FILTER_PERMISSION;
    assertDenied(() -> engineCredentials("engine", columns, cells));
    lake.put(engines().build());

    assertThat(engineCredentials("engine", columns).accessKeyId()).isNotEmpty();
    assertDenied(() -> engineCredentials("other", columns));
    assertThatThrownBy(() -> engineCredentials("engine"))
        .isInstanceOf(PermissionTypeMismatchException.class);
    lake.lake().createDataCellsFilter(r -> r.tableData(filter("east").build()));
    Resource filter =
        Resource.builder()
            .dataCellsFilter(
                f -> f.tableCatalogId(ACCOUNT).databaseName(sales).tableName("orders").name("rows"))
            .build();
    lake.grant(role, filter, Permission.SELECT);
    assertThatThrownBy(() -> engineCredentials("engine", columns))
        .isInstanceOf(PermissionTypeMismatchException.class);
    assertThat(engineCredentials("engine", columns, cells).accessKeyId()).isNotEmpty();

    lake.put(engines().allowExternalDataFiltering(false).build());
    assertDenied(() -> engineCredentials("engine", columns, cells));
    lake.put(
        engines().externalDataFilteringAllowList(LakeAccount.principal("888888888888")).build());
    assertDenied(() -> engineCredentials("engine", columns, cells));
  }

  private static DataLakeSettings.Builder engines() {
    return lake.settings()
        .allowExternalDataFiltering(true)
        .externalDataFilteringAllowList(LakeAccount.principal(ACCOUNT))
        .authorizedSessionTagValueList("engine");
  }

  private GetTemporaryGlueTableCredentialsResponse engineCredentials(
      String tag, PermissionType... supported) {
    EmulatedClients engine =
        EmulatedClients.administrator(aws, ACCOUNT)
            .assuming(
                AssumeRoleRequest.builder()
                    .roleArn(role)
                    .roleSessionName("engine")
                    .tags(Tag.builder().key("LakeFormationAuthorizedCaller").value(tag).build())
                    .build());
    try (LakeFormationClient client = engine.lakeFormation()) {
      return client.getTemporaryGlueTableCredentials(
          r ->
              r.tableArn(
                      "arn:aws:glue:%s:%s:table/%s/orders".formatted(aws.region(), ACCOUNT, sales))
                  .supportedPermissionTypes(supported)
                  .permissions(Permission.SELECT));
    }
  }

  @Test
  void credentialsNeedTheSettingForFullTables() {
    register("arn:aws:s3:::lake-" + ACCOUNT + "/orders");
    lake.grant(role, orders, Permission.SELECT);
    lake.put(lake.settings().allowFullTableExternalDataAccess(false).build());

    assertThatThrownBy(this::credentials)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("AllowFullTableExternalDataAccess");
  }

  @Test
  void credentialsNeedGetDataAccess() {
    register("arn:aws:s3:::lake-" + ACCOUNT + "/orders");
    EmulatedClients administrator = EmulatedClients.administrator(aws, ACCOUNT);
    administrator.createRole(analyst, Policies.trust(ACCOUNT));
    administrator.putRolePolicy(
        analyst, Policies.allow("lakeformation:GetTemporaryGlueTableCredentials", "*"));
    lake.grant(role, orders, Permission.SELECT);
    assertThatThrownBy(this::credentials)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("lakeformation:GetDataAccess");

    administrator.putRolePolicy(analyst, Policies.allow("lakeformation:GetDataAccess", "*"));

    assertThat(credentials().accessKeyId()).isNotEmpty();
  }

  @Test
  void aPrincipalThatOptedInIsHeldToItsGrants() {
    lake.grant("IAM_ALLOWED_PRINCIPALS", orders, Permission.ALL);
    try (GlueClient glue = lake.as(analyst).glue()) {
      glue.getTable(r -> r.databaseName(sales).name("orders"));

      lake.lake()
          .createLakeFormationOptIn(r -> r.principal(LakeAccount.principal(role)).resource(orders));

      assertThatThrownBy(() -> glue.getTable(r -> r.databaseName(sales).name("orders")))
          .hasMessageContaining("DESCRIBE");
      lake.lake()
          .deleteLakeFormationOptIn(r -> r.principal(LakeAccount.principal(role)).resource(orders));
      glue.getTable(r -> r.databaseName(sales).name("orders"));
    }
  }

  @Test
  void faultsApplyToLakeFormation() {
    aws.on("lakeformation", "GrantPermissions").nth(1).expireToken();
    aws.on("lakeformation", "GrantPermissions").nth(2).fail500();

    assertThatThrownBy(() -> lake.grant(role, orders, Permission.SELECT))
        .isInstanceOfSatisfying(
            LakeFormationException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ExpiredTokenException"));
    assertThatThrownBy(() -> lake.grant(role, orders, Permission.SELECT))
        .isInstanceOfSatisfying(
            LakeFormationException.class, e -> assertThat(e.statusCode()).isEqualTo(500));
    assertThat(permissions(role, orders)).isEmpty();
    assertThat(aws.calls()).filteredOn("lakeformation:GrantPermissions"::equals).hasSize(2);
  }

  private void assign(Resource resource, String value) {
    assertThat(
            lake.lake()
                .addLFTagsToResource(r -> r.resource(resource).lfTags(pair(value)))
                .failures())
        .isEmpty();
  }

  private LFTagPair pair(String value) {
    return LFTagPair.builder().tagKey(tag).tagValues(value).build();
  }

  private LFTag expression(String value) {
    return LFTag.builder().tagKey(tag).tagValues(value).build();
  }

  private static void isValue(LFTagPair pair, String value) {
    assertThat(pair.tagValues()).containsExactly(value);
  }

  private DataCellsFilter.Builder filter(String region) {
    return DataCellsFilter.builder()
        .tableCatalogId(ACCOUNT)
        .databaseName(sales)
        .tableName("orders")
        .name("rows")
        .columnNames("id", "total")
        .rowFilter(rows -> rows.filterExpression("id='" + region + "'"));
  }

  private DataCellsFilter filter() {
    return lake.lake()
        .getDataCellsFilter(
            r -> r.tableCatalogId(ACCOUNT).databaseName(sales).tableName("orders").name("rows"))
        .dataCellsFilter();
  }

  private static void register(String arn) {
    boolean isRegistered =
        lake.lake().listResources(r -> {}).resourceInfoList().stream()
            .anyMatch(resource -> resource.resourceArn().equals(arn));
    if (!isRegistered) {
      lake.lake().registerResource(r -> r.resourceArn(arn).roleArn(lake.role("register")));
    }
  }

  private void createObject(String bucket) {
    try (S3Client s3 = EmulatedClients.administrator(aws, ACCOUNT).s3()) {
      if (s3.listBuckets().buckets().stream().noneMatch(b -> b.name().equals(bucket))) {
        s3.createBucket(r -> r.bucket(bucket));
      }
      s3.putObject(r -> r.bucket(bucket).key("orders/" + id), RequestBody.fromString("rows"));
    }
  }

  private GetTemporaryGlueTableCredentialsResponse credentials() {
    try (LakeFormationClient client = lake.as(analyst).lakeFormation()) {
      return client.getTemporaryGlueTableCredentials(
          r ->
              r.tableArn(
                      "arn:aws:glue:%s:%s:table/%s/orders".formatted(aws.region(), ACCOUNT, sales))
                  .permissions(Permission.SELECT));
    }
  }
}
