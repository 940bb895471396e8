package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.PermittedActions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts of policies. */
class AwsPoliciesTest {
  private static final String COMMERCE = "222222222222";
  private static final AwsConfig CONFIG =
      AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");
  private static final AwsPolicies POLICIES = AwsPolicies.of(CONFIG);
  private static final List<AwsRoleKind> KINDS =
      List.of(
          AwsRoleKind.producer("commerce"),
          AwsRoleKind.steward("commerce"),
          AwsRoleKind.maintenance("commerce"),
          AwsRoleKind.consumer("finance"),
          AwsRoleKind.executor("444444444444"),
          AwsRoleKind.governance(),
          AwsRoleKind.backup(),
          AwsRoleKind.reader(),
          AwsRoleKind.move(),
          AwsRoleKind.mirror());

  @Test
  void aRegistryPolicyReadsAllAndWritesThePartitionsOfItsDuty() {
    assertThat(POLICIES.registry(AwsRoleKind.producer("commerce")))
        .isEqualTo(
            """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "ReadRegistry",
                  "Effect": "Allow",
                  "Action": [
                    "dynamodb:GetItem",
                    "dynamodb:Query",
                    "dynamodb:ConditionCheckItem"
                  ],
                  "Resource": [
                    "arn:aws:dynamodb:eu-central-1:111111111111:table/mesh-sales"
                  ]
                },
                {
                  "Sid": "WritePartitions",
                  "Effect": "Allow",
                  "Action": [
                    "dynamodb:PutItem",
                    "dynamodb:DeleteItem"
                  ],
                  "Resource": [
                    "arn:aws:dynamodb:eu-central-1:111111111111:table/mesh-sales"
                  ],
                  "Condition": {
                    "ForAllValues:StringLike": {
                      "dynamodb:LeadingKeys": "commerce/*"
                    },
                    "Null": {
                      "dynamodb:LeadingKeys": "false"
                    }
                  }
                }
              ]
            }\
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "mesh, 0, commerce/*",
    "mesh, 1, commerce commerce/*",
    "mesh, 2, commerce commerce/*",
    "mesh, 3, finance/@mesh finance/@reads",
    "retail, 3, finance/@retail finance/@reads",
    "mesh, 4, */@by/444444444444",
    "mesh, 5, _mesh",
    "retail, 5, _mesh",
    "mesh, 6, ''",
    "mesh, 7, ''",
    "retail, 8, *",
    "mesh, 9, _mesh/mirrors",
    "retail, 9, _mesh/mirrors",
  })
  void eachKindWritesItsPartitions(String catalog, int kind, String expected) throws IOException {
    AwsPolicies policies =
        catalog.equals("mesh") ? POLICIES : POLICIES.catalog(catalog, "555555555555");

    JsonNode statements = statements(policies.registry(KINDS.get(kind)));

    JsonNode keys =
        statements.path(1).at("/Condition/ForAllValues:StringLike/dynamodb:LeadingKeys");
    assertThat(keys.isArray() ? joined(keys) : keys.asText()).isEqualTo(expected);
    assertThat(statements.path(0).path("Resource").path(0).asText())
        .contains(catalog.equals("mesh") ? ":111111111111:" : ":555555555555:");
  }

  @Test
  void noDutyHasActionsThatIgnorePartitions() {
    for (AwsRoleKind kind : KINDS) {
      assertThat(POLICIES.registry(kind))
          .doesNotContain("*Item", "dynamodb:*", "Update", "Batch", "PartiQL");
      assertThat(POLICIES.registry(kind).contains("Scan")).isEqualTo(kind.type().listsPartitions());
    }
    assertThat(POLICIES.registry(AwsRoleKind.reader())).doesNotContain("PutItem", "DeleteItem");
  }

  @Test
  void tasksOfAnEngineUseTheFilesOfTheirDomainAlone() throws IOException {
    JsonNode statements = statements(POLICIES.files(COMMERCE, AwsRoleKind.tasks("commerce")));

    assertThat(statements).hasSize(1);
    assertThat(joined(statements.path(0).path("Action")))
        .isEqualTo("s3:GetObject s3:PutObject s3:AbortMultipartUpload");
    assertThat(joined(statements.path(0).path("Resource"))).endsWith("/data/commerce/*");
    assertThatThrownBy(() -> POLICIES.registry(AwsRoleKind.tasks("commerce")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no kind that uses the registry");
  }

  @Test
  void tasksForAProductUseItsTablesAlone() throws IOException {
    AwsRoleKind kind = AwsRoleKind.tasks("commerce", "new-orders");
    JsonNode statements = statements(POLICIES.files(COMMERCE, kind));

    assertThat(kind).hasToString("tasks of commerce/new-orders");
    assertThat(statements).hasSize(1);
    List<Pattern> permitted = new ArrayList<>();
    for (JsonNode resource : statements.path(0).path("Resource")) {
      String key = resource.asText().replaceFirst(".*/data/", "");
      permitted.add(Pattern.compile(key.replace("?", ".").replace("*", ".*")));
    }
    for (String table : List.of("v1", "v9_quarantine", "v10", "v99_quarantine")) {
      assertThat("commerce/new_orders_" + table + "/data/a.parquet")
          .satisfies(file -> assertThat(permitted).anyMatch(each -> each.matcher(file).matches()));
    }
    for (String other :
        List.of("new_orders_vip_v1", "new_orders_v_v1", "orders_v1", "new_orders_v1_v1")) {
      assertThat("commerce/" + other + "/data/a.parquet")
          .satisfies(file -> assertThat(permitted).noneMatch(each -> each.matcher(file).matches()));
    }
    assertThat("finance/new_orders_v1/data/a.parquet")
        .satisfies(file -> assertThat(permitted).noneMatch(each -> each.matcher(file).matches()));
    assertThatThrownBy(() -> AwsRoleKind.tasks("commerce", "a/b"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void dutiesAreUnited() throws IOException {
    JsonNode statements =
        statements(
            POLICIES.registry(
                AwsRoleKind.consumer("commerce"), AwsRoleKind.producer("green-trips")));

    assertThat(
            joined(
                statements.path(1).at("/Condition/ForAllValues:StringLike/dynamodb:LeadingKeys")))
        .isEqualTo("commerce/@mesh commerce/@reads green_trips/*");
  }

  @Test
  void aKeyOfTheMeshMayBeUsedByItsServices() throws IOException {
    String key = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd";
    AwsPolicies encrypted = AwsPolicies.of(CONFIG.encryptionKey(key));

    JsonNode registry = statements(encrypted.registry(AwsRoleKind.reader())).path(1);
    assertThat(registry.path("Resource").path(0).asText()).isEqualTo(key);
    assertThat(registry.at("/Condition/StringEquals/kms:ViaService").asText())
        .isEqualTo("dynamodb.eu-central-1.amazonaws.com");
    assertThat(encrypted.files(COMMERCE, AwsRoleKind.consumer("finance")))
        .contains("s3.eu-central-1.amazonaws.com");
    assertThat(POLICIES.registry(AwsRoleKind.reader())).doesNotContain("kms");
    AwsConfig inChina =
        AwsConfig.inRegion("cn-north-1")
            .mesh("111111111111", "sales")
            .encryptionKey("arn:aws-cn:kms:cn-north-1:111111111111:key/1234abcd");
    assertThat(AwsPolicies.of(inChina).registry(AwsRoleKind.reader()))
        .contains(
            "\"dynamodb.cn-north-1.amazonaws.com\"", "\"dynamodb.cn-north-1.amazonaws.com.cn\"");
  }

  @Test
  void onlyWritersEncryptWithTheKeyOfTheMesh() throws IOException {
    AwsPolicies encrypted =
        AwsPolicies.of(CONFIG.encryptionKey("arn:aws:kms:eu-central-1:111111111111:key/1234abcd"));

    for (String reader :
        List.of(
            encrypted.registry(AwsRoleKind.reader()),
            encrypted.registry(AwsRoleKind.backup()),
            encrypted.files(COMMERCE, AwsRoleKind.consumer("finance")),
            encrypted.files(COMMERCE, AwsRoleKind.backup()),
            encrypted.registration(),
            encrypted.openReader(COMMERCE),
            encrypted.restrictedReader(COMMERCE))) {
      assertThat(actionsOnKey(reader)).isEqualTo("kms:Decrypt");
    }
    for (String writer :
        List.of(
            encrypted.registry(AwsRoleKind.consumer("finance")),
            encrypted.files(COMMERCE, AwsRoleKind.producer("commerce")),
            encrypted.files(
                COMMERCE, AwsRoleKind.consumer("finance"), AwsRoleKind.maintenance("finance")),
            encrypted.files(COMMERCE, AwsRoleKind.governance()))) {
      assertThat(actionsOnKey(writer)).isEqualTo("kms:Decrypt kms:GenerateDataKey");
    }
  }

  private static String actionsOnKey(String policy) throws IOException {
    for (JsonNode statement : statements(policy)) {
      if (statement.path("Sid").asText().equals("UseKey")) {
        return joined(statement.path("Action"));
      }
    }
    return "";
  }

  @Test
  void theMirrorChangesOnlySharesOfLakeFormation() throws IOException {
    for (JsonNode statement : statements(AwsPolicies.of(CONFIG.lakeFormation()).mirror())) {
      if (joined(statement.path("Action")).contains("ResourceShare")
          && !statement.path("Sid").asText().equals("FindShares")) {
        assertThat(statement.path("Condition")).as(statement.toString()).isNotEmpty();
      }
    }
  }

  @Test
  void arnsHaveThePartitionOfTheRegion() {
    AwsPolicies policies =
        AwsPolicies.of(AwsConfig.inRegion("cn-north-1").mesh("111111111111", "sales"));

    assertThat(
            policies.registry(AwsRoleKind.governance())
                + policies.files(COMMERCE, AwsRoleKind.maintenance("commerce"))
                + policies.bucket(COMMERCE)
                + policies.caller(Principal.of(COMMERCE, "etl"))
                + policies.registryTrust(Principal.of(COMMERCE, "etl")))
        .contains("arn:aws-cn:dynamodb", "arn:aws-cn:s3", "arn:aws-cn:iam")
        .doesNotContain("arn:aws:");
  }

  @Test
  void theRegistryRoleOfACallerFollowsFromTheCaller() {
    assertThat(POLICIES.registryRole(Principal.of(COMMERCE, "commerce-etl")))
        .isEqualTo("mesh-sales-222222222222-commerce-etl");
    String longest = POLICIES.registryRole(Principal.of(COMMERCE, "r".repeat(40)));
    String other = POLICIES.registryRole(Principal.of(COMMERCE, "r".repeat(41)));
    assertThat(longest).hasSize(64).startsWith("mesh-sales-222222222222-rrrr");
    assertThat(other).hasSize(64).isNotEqualTo(longest);
    assertThat(POLICIES.registryRole(Principal.of(COMMERCE, "r".repeat(40)))).isEqualTo(longest);
  }

  @Test
  void aRegistryRoleTrustsItsCallerWithTheExternalIdOfTheMesh() throws IOException {
    AwsPolicies policies =
        AwsPolicies.of(
            CONFIG
                .externalId("contract-7")
                .role(Principal.of(COMMERCE, "etl"), "arn:aws:iam::222222222222:role/jobs/etl"));

    JsonNode trust = statements(policies.registryTrust(Principal.of(COMMERCE, "etl")));

    assertThat(trust.path(0).at("/Principal/AWS/0").asText())
        .isEqualTo("arn:aws:iam::222222222222:role/jobs/etl");
    assertThat(trust.path(0).at("/Condition/StringEquals/sts:ExternalId").asText())
        .isEqualTo("contract-7");
    assertThat(POLICIES.registryTrust(Principal.of(COMMERCE, "etl"))).contains("\"mesh-sales\"");
  }

  @Test
  void rolesWithoutARegistryRoleActAsReaders() throws IOException {
    JsonNode trust = statements(POLICIES.readerTrust(COMMERCE, "333333333333"));
    JsonNode caller = statements(POLICIES.callerAsReader());

    assertThat(joined(trust.path(0).at("/Principal/AWS")))
        .isEqualTo("arn:aws:iam::222222222222:root arn:aws:iam::333333333333:root");
    assertThat(trust.path(0).at("/Condition/StringEquals/sts:ExternalId").asText())
        .isEqualTo("mesh-sales");
    assertThat(joined(caller.path(0).path("Resource")))
        .isEqualTo("arn:aws:iam::111111111111:role/mesh-sales-reader");
    assertThatThrownBy(POLICIES::readerTrust)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("accounts");
  }

  @Test
  void aRoleInTheAccountOfTheTableAssumesNoRegistryRole() throws IOException {
    Principal admin = Principal.of("111111111111", "mesh-admin");
    Principal steward = Principal.of(COMMERCE, "commerce-steward");

    assertThat(joined(statements(POLICIES.caller(admin, steward)).path(0).path("Resource")))
        .isEqualTo("arn:aws:iam::222222222222:role/commerce-steward");
    assertThatThrownBy(() -> POLICIES.caller(admin))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("111111111111/mesh-admin", "registry(..)");
    assertThat(POLICIES.catalog("retail", COMMERCE).caller(admin))
        .contains("arn:aws:iam::222222222222:role/mesh-sales-111111111111-mesh-admin");
  }

  @Test
  void theBackupReadsTheBucketsOfOtherAccounts() {
    Principal role = Principal.of("111111111111", "mesh-backup");
    AwsPolicies policies = POLICIES.backupRole(role);

    assertThat(policies.bucket(COMMERCE))
        .contains("ReadAllFiles", "ListAllFiles", "arn:aws:iam::111111111111:role/mesh-backup");
    assertThat(policies.bucket("111111111111")).isEqualTo(POLICIES.bucket("111111111111"));
    assertThat(policies.catalog("retail", COMMERCE).bucket(COMMERCE))
        .isEqualTo(policies.bucket(COMMERCE));
  }

  @Test
  void theBucketOfTheMeshHasDomainsOfOtherAccounts() throws IOException {
    String mesh = "111111111111";
    AwsPolicies policies = POLICIES.crossAccountDomain("green-trips", COMMERCE);

    JsonNode statements = statements(policies.bucket(mesh));
    assertThat(statements).hasSize(4);
    JsonNode files = statements.path(2);
    assertThat(joined(files.at("/Principal/AWS"))).isEqualTo("arn:aws:iam::222222222222:root");
    assertThat(joined(files.path("Action")))
        .isEqualTo("s3:GetObject s3:PutObject s3:AbortMultipartUpload s3:DeleteObject");
    assertThat(joined(files.path("Resource")))
        .isEqualTo(
            "arn:aws:s3:::mesh-sales-111111111111-eu-central-1/data/green_trips/*"
                + " arn:aws:s3:::mesh-sales-111111111111-eu-central-1/archive/green_trips/*");
    JsonNode list = statements.path(3);
    assertThat(joined(list.path("Action"))).isEqualTo("s3:ListBucket");
    assertThat(joined(list.at("/Condition/StringLike/s3:prefix")))
        .isEqualTo("data/green_trips/* archive/green_trips/*");
    assertThat(policies.bucket(COMMERCE)).as("other buckets").isEqualTo(POLICIES.bucket(COMMERCE));
    assertThat(policies.crossAccountDomain("green-trips", COMMERCE).bucket(mesh))
        .as("the same domain again")
        .isEqualTo(policies.bucket(mesh));
    assertThat(POLICIES.crossAccountDomain("commerce", mesh).bucket(mesh))
        .as("a domain of the account of the mesh")
        .isEqualTo(POLICIES.bucket(mesh));
    assertThat(
            policies
                .crossAccountDomain("finance", "333333333333")
                .backupRole(Principal.of(COMMERCE, "backup"))
                .catalog("retail", COMMERCE)
                .bucket(mesh))
        .contains("UseFiles1", "ListFiles2", "data/finance/*", "ReadAllFiles");
  }

  @Test
  void policiesThatAreTooLargeForAwsAreRejected() {
    AwsRoleKind[] many =
        IntStream.range(0, 500)
            .mapToObj(number -> AwsRoleKind.producer("domain" + number))
            .toArray(AwsRoleKind[]::new);
    assertTooLarge(() -> POLICIES.registry(many));
    assertTooLarge(() -> POLICIES.files(COMMERCE, many));
    TableReaders[] readers =
        IntStream.range(1, 100)
            .mapToObj(
                major ->
                    TableReaders.of("commerce/orders", major, Principal.of("333333333333", "x")))
            .toArray(TableReaders[]::new);
    assertTooLarge(() -> POLICIES.bucket(COMMERCE, readers));
    AwsPolicies ofManyDomains = POLICIES;
    for (int number = 0; number < 50; number++) {
      ofManyDomains = ofManyDomains.crossAccountDomain("domain" + number, COMMERCE);
    }
    AwsPolicies tooLarge = ofManyDomains;
    assertTooLarge(() -> tooLarge.bucket("111111111111"));
  }

  @Test
  void thePoliciesOfAllDutiesTogetherFit() {
    assertThat(POLICIES.registry(KINDS.toArray(AwsRoleKind[]::new))).isNotEmpty();
    assertThat(POLICIES.files(COMMERCE, KINDS.toArray(AwsRoleKind[]::new))).isNotEmpty();
    PermittedActions.requireKnown(
        POLICIES.registry(KINDS.toArray(AwsRoleKind[]::new)),
        POLICIES.files(COMMERCE, KINDS.toArray(AwsRoleKind[]::new)),
        POLICIES.caller(Principal.of(COMMERCE, "etl"), Principal.of(COMMERCE, "steward")));
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> AwsRoleKind.producer("Commerce"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("commerce");
    assertThatThrownBy(() -> AwsRoleKind.consumer("a*"))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> AwsRoleKind.executor("finance"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("12 digits");
    assertThatThrownBy(POLICIES::registry)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("kinds");
    assertThatThrownBy(() -> POLICIES.files(COMMERCE, AwsRoleKind.reader()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no kind that uses files");
    assertThatThrownBy(() -> POLICIES.catalog("a*", COMMERCE))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> POLICIES.crossAccountDomain("a*", COMMERCE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("domain");
    assertThatThrownBy(() -> POLICIES.crossAccountDomain("commerce", "commerce"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("12 digits");
    assertThatThrownBy(() -> TableReaders.of("commerce/orders", 1))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("principals");
    assertThatThrownBy(() -> AwsPolicies.of(AwsConfig.inRegion("eu-central-1")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("mesh(account, name)");
  }

  private static void assertTooLarge(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining("AWS accepts");
  }

  private static JsonNode statements(String policy) throws IOException {
    return new ObjectMapper().readTree(policy).path("Statement");
  }

  private static String joined(JsonNode texts) {
    StringBuilder joined = new StringBuilder();
    texts.forEach(text -> joined.append(joined.isEmpty() ? "" : " ").append(text.asText()));
    return joined.toString();
  }
}
