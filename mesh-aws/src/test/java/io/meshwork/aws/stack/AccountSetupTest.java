package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the templates of an account say. */
class AccountSetupTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GOVERNANCE = "111111111111";
  private static final String COMMERCE = "222222222222";
  private static final String DEPLOY_OF_GOVERNANCE = GOVERNANCE + "/mesh-deployer/deploy.json";
  private static final String FINANCE = "444444444444";
  private static final String BANKING = "666666666666";
  private static final AwsConfig PLAIN =
      AwsConfig.inRegion("eu-central-1").mesh(GOVERNANCE, "sales");
  private static final AwsConfig SHARED = PLAIN.lakeFormation();
  private static final AwsConfig ALL =
      SHARED
          .schemaRegistry()
          .dataQuality()
          .externalId("secret")
          .openData("arn:aws:organizations::111111111111:organization/o-abcdefghij", "commerce")
          .encryptionKey(
              "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab");
  private static final Principal ETL = Principal.of(COMMERCE, "commerce-etl");

  @TempDir private Path folder;

  private static AccountSetup commerce(AwsConfig config) {
    return AccountSetup.of(config, COMMERCE)
        .role(
            "commerce-etl",
            List.of("glue.amazonaws.com"),
            AwsRoleKind.producer("commerce"),
            AwsRoleKind.maintenance("commerce"))
        .role("commerce-steward", AwsRoleKind.steward("commerce"));
  }

  private static List<AccountSetup> setups(AwsConfig config) {
    return List.of(
        AccountSetup.of(config, GOVERNANCE)
            .role("mesh-admin", AwsRoleKind.governance())
            .role("mesh-backup", AwsRoleKind.backup()),
        commerce(config),
        AccountSetup.of(config, FINANCE)
            .role("analyst", AwsRoleKind.consumer("finance"), AwsRoleKind.executor(FINANCE)),
        AccountSetup.of(config, "555555555555"));
  }

  @Test
  void aSetupHasAStackForTheDeployerOneForTheAccountAndOneInTheAccountOfTheMesh() {
    assertThat(commerce(SHARED).templates())
        .extracting(Template::stack, Template::account, Template::fileName)
        .containsExactly(
            tuple("mesh-sales-deployer", COMMERCE, "mesh-sales-deployer.222222222222.json"),
            tuple("mesh-sales", COMMERCE, "mesh-sales.222222222222.json"),
            tuple(
                "mesh-sales-from-222222222222",
                GOVERNANCE,
                "mesh-sales-from-222222222222.111111111111.json"));
    assertThat(AccountSetup.of(SHARED, GOVERNANCE).templates())
        .extracting(Template::stack)
        .containsExactly("mesh-sales-deployer", "mesh-sales");
    assertThat(AccountSetup.of(PLAIN, COMMERCE).templates())
        .as("no role uses the registry, and no mirror acts there")
        .hasSize(2);
    assertThat(commerce(SHARED).templates().get(1).command())
        .isEqualTo(
            "aws cloudformation deploy --region eu-central-1 --template-file"
                + " mesh-sales.222222222222.json --capabilities CAPABILITY_NAMED_IAM --stack-name"
                + " mesh-sales && aws cloudformation update-termination-protection --region"
                + " eu-central-1 --enable-termination-protection --stack-name mesh-sales");
  }

  /** A mesh of several catalogs: that of commerce is in its account, that of finance in another. */
  private static List<AccountSetup> ofCatalogs(AwsConfig config) {
    return List.of(
        AccountSetup.of(config, GOVERNANCE)
            .catalog("commerce", COMMERCE)
            .catalog("banking", BANKING)
            .role("mesh-admin", AwsRoleKind.governance()),
        AccountSetup.of(config, BANKING).catalog("banking", BANKING),
        commerce(config).catalog("commerce", COMMERCE).catalog("banking", BANKING),
        AccountSetup.of(config, FINANCE)
            .catalog("banking", BANKING)
            .catalog("commerce", COMMERCE)
            .role("analyst", AwsRoleKind.consumer("finance"), AwsRoleKind.maintenance("finance")));
  }

  @Test
  void anAccountWithACatalogHasItsTableAndMirrorsAndOthersUseItByRegistryRoles()
      throws IOException {
    AwsPolicies directory = AwsPolicies.of(SHARED);
    AwsPolicies ofCommerce = directory.catalog("commerce", COMMERCE);
    List<Template> templates = ofCatalogs(SHARED).get(2).templates();

    assertThat(templates)
        .extracting(Template::stack, Template::account)
        .containsExactly(
            tuple("mesh-sales-deployer", COMMERCE),
            tuple("mesh-sales", COMMERCE),
            tuple("mesh-sales-from-222222222222", GOVERNANCE),
            tuple("mesh-sales-from-222222222222", BANKING));
    assertThat(JSON.readTree(templates.get(1).body()).at("/Resources/Table/Properties/TableName"))
        .isEqualTo(JSON.getNodeFactory().textNode("mesh-sales"));
    assertThat(role(templates.get(1), "commerce-etl"))
        .containsOnlyKeys("registry", "caller", "caller-" + BANKING, "files")
        .containsEntry(
            "registry",
            JSON.readTree(
                ofCommerce.registry(
                    AwsRoleKind.producer("commerce"), AwsRoleKind.maintenance("commerce"))))
        .containsEntry(
            "caller-" + BANKING, JSON.readTree(directory.catalog("banking", BANKING).caller(ETL)));
    assertThat(role(templates.get(1), "mesh-mirror"))
        .containsOnlyKeys("registry", "mirror", "caller", "caller-" + BANKING, "recipient")
        .containsEntry("registry", JSON.readTree(ofCommerce.registry(AwsRoleKind.mirror())));
    assertThat(role(templates.get(1), "mesh-registration"))
        .containsEntry("files", JSON.readTree(ofCommerce.registration()));
    assertThat(role(templates.get(2), directory.registryRole(ETL)))
        .as("the directory is only read")
        .containsEntry("registry", JSON.readTree(directory.registry(AwsRoleKind.reader())));
    assertThat(
            JSON.readTree(templates.get(1).body())
                .at("/Resources/BucketPolicy/Properties/PolicyDocument"))
        .isEqualTo(
            JSON.readTree(
                directory
                    .registrationRole(Principal.of(COMMERCE, "mesh-registration"))
                    .bucket(COMMERCE)));
  }

  @Test
  void aRoleConsumesInOtherCatalogsThanThatOfItsDomain() throws IOException {
    AwsPolicies ofBanking = AwsPolicies.of(SHARED).catalog("banking", BANKING);
    AwsPolicies ofCommerce = AwsPolicies.of(SHARED).catalog("commerce", COMMERCE);
    Principal analyst = Principal.of(FINANCE, "analyst");
    List<Template> templates = ofCatalogs(SHARED).get(3).templates();

    assertThat(templates)
        .extracting(Template::account)
        .containsExactly(FINANCE, FINANCE, GOVERNANCE, BANKING, COMMERCE);
    assertThat(templates.get(1).body()).doesNotContain("AWS::DynamoDB::Table");
    assertThat(role(templates.get(3), ofBanking.registryRole(analyst)))
        .containsEntry(
            "registry",
            JSON.readTree(
                ofBanking.registry(
                    AwsRoleKind.consumer("finance"), AwsRoleKind.maintenance("finance"))));
    assertThat(role(templates.get(4), ofCommerce.registryRole(analyst)))
        .containsEntry(
            "registry", JSON.readTree(ofCommerce.registry(AwsRoleKind.consumer("finance"))));
  }

  @Test
  void governanceAndTheOperatorUseEachCatalog() throws IOException {
    Principal admin = Principal.of(GOVERNANCE, "mesh-admin");
    List<Template> templates = ofCatalogs(SHARED).get(0).templates();

    assertThat(templates)
        .extracting(Template::stack, Template::account)
        .endsWith(
            tuple("mesh-sales-from-111111111111", COMMERCE),
            tuple("mesh-sales-from-111111111111", BANKING));
    for (int i = 2; i < 4; i++) {
      AwsPolicies policies =
          AwsPolicies.of(SHARED)
              .catalog(i == 2 ? "commerce" : "banking", templates.get(i).account());
      assertThat(role(templates.get(i), policies.registryRole(admin)))
          .containsEntry("registry", JSON.readTree(policies.registry(AwsRoleKind.governance())));
      assertThat(
              role(
                  templates.get(i),
                  policies.registryRole(Principal.of(GOVERNANCE, "mesh-operator"))))
          .containsEntry("registry", JSON.readTree(policies.registry(AwsRoleKind.reader())));
    }
    assertThat(
            JSON.readTree(templates.get(1).body())
                .at("/Resources/BucketPolicy/Properties/PolicyDocument"))
        .as("Lake Formation of each catalog reads files of domains without a place")
        .isEqualTo(
            JSON.readTree(
                AwsPolicies.of(SHARED)
                    .registrationRole(Principal.of(COMMERCE, "mesh-registration"))
                    .registrationRole(Principal.of(BANKING, "mesh-registration"))
                    .bucket(GOVERNANCE)));
    assertThat(ofCatalogs(SHARED).get(1).policies().get(BANKING + "/mesh-deployer/deploy.json"))
        .contains("MakeTable", "mesh-sales-from-????????????")
        .doesNotContain("ReadMesh");
  }

  @Test
  void theTableOfACatalogIsNotInTheAccountOfTheMesh() {
    assertThatThrownBy(() -> commerce(PLAIN).catalog("commerce", GOVERNANCE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("tableAccount", GOVERNANCE, "Use another account.");
    assertThatThrownBy(() -> commerce(PLAIN).catalog("commerce", "22"))
        .isInstanceOf(InvalidRequestException.class);
  }

  /** The directory and parts of registries have these names. */
  @Test
  void aNameThatNoCatalogCanHaveIsRefused() {
    for (String name : List.of("mesh", "reads", "by")) {
      assertThatThrownBy(() -> commerce(PLAIN).catalog(name, BANKING))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("'" + name + "'", "Name a line of business");
    }
  }

  /** IAM does not distinguish them, and would refuse the second role when it is deployed. */
  @Test
  void rolesWhoseNamesDifferInCaseOnlyAreRefused() {
    AccountSetup setup = AccountSetup.of(PLAIN, COMMERCE).role("etl", AwsRoleKind.reader());

    assertThatThrownBy(() -> setup.role("ETL", AwsRoleKind.reader()).templates())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("differ in hyphens and case only", "ETLRole");
    assertThatThrownBy(() -> setup.role("Mesh-Deployer", AwsRoleKind.reader()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("Mesh-Deployer", "Use another name.");
  }

  /** One stack would fail, or take the role of the other. */
  @Test
  void aRoleWithTheNameOfARegistryRoleIsRefused() {
    AccountSetup setup = AccountSetup.of(PLAIN, COMMERCE);

    for (String taken : List.of("mesh-sales-222222222222-etl", "Mesh-Sales-reader")) {
      assertThatThrownBy(() -> setup.role(taken, AwsRoleKind.reader()))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll(taken, "Use another name.");
    }
    assertThat(setup.role("mesh-sales-etl", AwsRoleKind.reader()).templates()).isNotEmpty();
  }

  @Test
  void anArnOfAnotherPartitionIsNotTrusted() {
    AccountSetup setup = AccountSetup.of(PLAIN, COMMERCE);

    assertThatThrownBy(() -> setup.deployedBy("arn:aws-cn:iam::222222222222:role/pipeline"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(
            "trusted", "arn:aws-cn:iam", "eu-central-1", "starts with arn:aws:");
  }

  @ParameterizedTest
  @CsvSource({"eu-central-1, aws", "us-gov-west-1, aws-us-gov", "cn-north-1, aws-cn"})
  void theExampleOfATrustedArnIsAcceptedInThePartitionOfTheMesh(String region, String partition) {
    AccountSetup setup =
        AccountSetup.of(AwsConfig.inRegion(region).mesh(GOVERNANCE, "sales"), COMMERCE);
    String example = "arn:" + partition + ":iam::111111111111:role/pipeline";

    assertThatThrownBy(() -> setup.deployedBy("arn:" + partition + ":iam::2222:role/pipeline"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("trusted", "such as " + example + ".");
    assertThat(setup.deployedBy(example).templates()).isNotEmpty();
  }

  @Test
  void aServiceInChinaIsTrusted() throws IOException {
    AwsConfig china = AwsConfig.inRegion("cn-north-1").mesh(GOVERNANCE, "sales");
    AccountSetup setup =
        AccountSetup.of(china, COMMERCE)
            .role("etl", List.of("ec2.amazonaws.com.cn"), AwsRoleKind.producer("commerce"));

    assertThat(
            JSON.readTree(setup.policies().get(COMMERCE + "/etl/trust.json"))
                .at("/Statement/0/Principal/Service/0")
                .asText())
        .isEqualTo("ec2.amazonaws.com.cn");
  }

  /** Lines and domains may have hyphens, and registries have underscores instead. */
  @Test
  void rightsHaveTheStorageNameOfACatalog() throws IOException {
    AwsRoleKind consumer = AwsRoleKind.consumer("finance");
    AccountSetup setup =
        AccountSetup.of(PLAIN, COMMERCE).catalog("green-trips", COMMERCE).role("analyst", consumer);
    AwsPolicies directory = AwsPolicies.of(PLAIN);
    String stored = directory.catalog("green_trips", COMMERCE).registry(consumer);

    assertThat(stored).contains("finance/@green_trips");
    assertThat(directory.catalog("green-trips", COMMERCE).registry(consumer)).isEqualTo(stored);
    assertThat(role(setup.templates().get(1), "analyst"))
        .containsEntry("registry", JSON.readTree(stored));
    assertThat(setup.catalog("green_trips", BANKING).templates())
        .as("the same catalog in another account")
        .extracting(Template::account)
        .containsExactly(COMMERCE, COMMERCE, GOVERNANCE, BANKING);
  }

  @Test
  void anAccountHasTheTableOfOneCatalog() {
    AccountSetup setup = commerce(PLAIN).catalog("commerce", COMMERCE);

    assertThatThrownBy(() -> setup.catalog("banking", COMMERCE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(
            "tableAccount",
            COMMERCE,
            "the account of catalog 'commerce'",
            "an account has the table of one catalog");
    assertThat(setup.catalog("commerce", COMMERCE).templates()).isEqualTo(setup.templates());
  }

  @Test
  void theCatalogOfAnAccountIsThatWithItsTable() {
    AccountSetup setup = commerce(PLAIN);

    assertThat(setup.catalog("banking", BANKING).catalog("commerce", COMMERCE).templates())
        .isEqualTo(setup.catalog("commerce", COMMERCE).catalog("banking", BANKING).templates());
  }

  /** IAM rejects a list without an entry, which cfn-lint does not find. */
  @Test
  void noStatementAppliesToNothing() throws IOException {
    for (AwsConfig config : List.of(PLAIN, SHARED, ALL)) {
      for (List<AccountSetup> setups : List.of(setups(config), ofCatalogs(config))) {
        for (AccountSetup setup : setups) {
          for (Map.Entry<String, String> policy : setup.policies().entrySet()) {
            assertThat(policy.getValue()).as(policy.getKey()).doesNotContainPattern("\\[\\s*]");
          }
        }
      }
    }
  }

  @Test
  void noRoleHasAStatementTwice() throws IOException {
    for (AwsConfig config : List.of(PLAIN, SHARED, ALL)) {
      for (List<AccountSetup> setups : List.of(setups(config), ofCatalogs(config))) {
        for (AccountSetup setup : setups) {
          Map<String, String> policyOf = new TreeMap<>();
          for (Map.Entry<String, String> policy : setup.policies().entrySet()) {
            String file = policy.getKey();
            for (JsonNode statement : JSON.readTree(policy.getValue()).path("Statement")) {
              String role = file.substring(0, file.lastIndexOf('/'));
              String content = ((ObjectNode) statement).without("Sid").toString();
              assertThat(policyOf.put(role + content, file))
                  .as("a policy with a statement of %s", file)
                  .isNull();
            }
          }
        }
      }
    }
  }

  @Test
  void cfnLintFindsNothingInAnyTemplateButAMisspeltAction() throws IOException {
    List<Path> files = new ArrayList<>();
    int number = 0;
    for (AwsConfig config : TestSample.oneOf(List.of(PLAIN, ALL))) {
      Path ofCatalogs = Files.createDirectories(folder.resolve("catalogs" + number));
      for (AccountSetup setup : ofCatalogs(config)) {
        for (Template template : setup.templates()) {
          files.add(Files.writeString(ofCatalogs.resolve(template.fileName()), template.body()));
        }
      }
      Path ofConfig = Files.createDirectories(folder.resolve("config" + number++));
      for (AccountSetup setup : setups(config)) {
        for (Template template : setup.templates()) {
          files.add(Files.writeString(ofConfig.resolve(template.fileName()), template.body()));
        }
      }
    }

    assertThat(files).hasSizeGreaterThan(22);
    Path wrong =
        Files.writeString(
            folder.resolve("wrong.json"),
            commerce(SHARED).templates().get(1).body().replace("s3:PutObject", "s3:PutObjekt"));
    files.add(wrong);
    assertThat(AwsEmulator.lint(files).lines().filter(line -> !line.isBlank()))
        .isNotEmpty()
        .allMatch(
            line ->
                line.startsWith("W3037 'putobjekt'") || line.startsWith(wrong.toString() + ":"));
  }

  @Test
  void theRolesHaveThePoliciesThatAwsPoliciesPrints() throws IOException {
    AwsPolicies policies = AwsPolicies.of(SHARED);
    List<Template> templates = commerce(SHARED).templates();
    Map<String, JsonNode> etl = role(templates.get(1), "commerce-etl");
    assertThat(etl)
        .containsOnlyKeys("caller", "files")
        .containsEntry("caller", JSON.readTree(policies.caller(ETL)))
        .containsEntry(
            "files",
            JSON.readTree(
                policies.files(
                    COMMERCE,
                    AwsRoleKind.producer("commerce"),
                    AwsRoleKind.maintenance("commerce"))));
    assertThat(role(templates.get(1), "mesh-mirror"))
        .containsOnlyKeys("recipient")
        .containsEntry("recipient", JSON.readTree(policies.recipientMirror()));
    assertThat(role(templates.get(2), policies.registryRole(ETL)))
        .containsOnlyKeys("registry")
        .containsEntry(
            "registry",
            JSON.readTree(
                policies.registry(
                    AwsRoleKind.producer("commerce"), AwsRoleKind.maintenance("commerce"))));
    assertThat(templates.get(2).body())
        .contains("\"PolicyName\": \"mirror-222222222222\"", "role/mesh-mirror");
    assertThat(JSON.readTree(templates.get(1).body()).at("/Resources/BucketPolicy/Properties"))
        .isEqualTo(
            JSON.createObjectNode()
                .put("Bucket", "mesh-sales-222222222222-eu-central-1")
                .set(
                    "PolicyDocument",
                    JSON.readTree(
                        policies
                            .registrationRole(Principal.of(GOVERNANCE, "mesh-registration"))
                            .bucket(COMMERCE))));
  }

  @Test
  void theAccountOfTheMeshHasTheTableAndTheRolesOfTheMirrors() throws IOException {
    AwsPolicies policies = AwsPolicies.of(ALL);
    Template template = setups(ALL).get(0).templates().get(1);

    assertThat(role(template, "mesh-mirror"))
        .containsEntry("registry", JSON.readTree(policies.registry(AwsRoleKind.mirror())))
        .containsEntry("mirror", JSON.readTree(policies.mirror()))
        .containsEntry("open-data", JSON.readTree(policies.openDataMirror(GOVERNANCE)));
    assertThat(role(template, "mesh-registration"))
        .containsEntry("files", JSON.readTree(policies.registration()));
    assertThat(role(template, "mesh-operator"))
        .containsEntry("registry", JSON.readTree(policies.registry(AwsRoleKind.reader())));
    assertThat(JSON.readTree(template.body()).at("/Resources/Table/Properties/TableName").asText())
        .isEqualTo("mesh-sales");
    assertThat(setups(PLAIN).get(0).templates().get(1).body())
        .doesNotContain("mesh-registration", "lakeformation:");
  }

  @Test
  void grantsOfLakeFormationAreInNoTemplate() {
    for (AccountSetup setup : setups(ALL)) {
      for (Template template : setup.templates()) {
        assertThat(template.body()).doesNotContain("AWS::LakeFormation");
      }
    }
  }

  @Test
  void theOperatorHasTheKindsThatItsRoleIsGiven() throws IOException {
    AccountSetup setup =
        AccountSetup.of(SHARED, GOVERNANCE)
            .role(
                "mesh-operator",
                List.of("ecs-tasks.amazonaws.com"),
                AwsRoleKind.governance(),
                AwsRoleKind.maintenance("mobility"));
    Template template = setup.templates().get(1);

    assertThat(role(template, "mesh-operator"))
        .containsOnlyKeys("files", "registry")
        .containsEntry(
            "registry",
            JSON.readTree(
                AwsPolicies.of(SHARED)
                    .registry(AwsRoleKind.governance(), AwsRoleKind.maintenance("mobility"))));
    assertThat(template.body()).contains("ecs-tasks.amazonaws.com");
  }

  @Test
  void theReadersOfSingleTablesAreInThePolicyOfTheBucket() {
    TableReaders readers = TableReaders.of("commerce/orders", 1, Principal.of(FINANCE, "analyst"));

    assertThat(commerce(PLAIN).readers(readers).templates().get(1).body())
        .contains("\"Sid\": \"Read1\"", "arn:aws:iam::444444444444:role/analyst");
  }

  @Test
  void theDeployerIsOfTheRolesThatAreNamed() {
    assertThat(commerce(SHARED).templates().get(0).body())
        .contains("arn:aws:iam::111111111111:root")
        .doesNotContain("arn:aws:iam::222222222222:root");
    assertThat(
            commerce(SHARED)
                .deployedBy("arn:aws:iam::999999999999:role/pipeline")
                .templates()
                .get(0)
                .body())
        .contains("arn:aws:iam::999999999999:role/pipeline")
        .doesNotContain(":root");
  }

  @Test
  void theFilesOfPoliciesAreThoseOfTheTemplates() throws IOException {
    Map<String, String> files = commerce(SHARED).policies();

    assertThat(files)
        .containsOnlyKeys(
            "111111111111/mesh-operator/mirror-222222222222.json",
            "111111111111/mesh-sales-222222222222-commerce-etl/registry.json",
            "111111111111/mesh-sales-222222222222-commerce-etl/trust.json",
            "111111111111/mesh-sales-222222222222-commerce-steward/registry.json",
            "111111111111/mesh-sales-222222222222-commerce-steward/trust.json",
            "222222222222/commerce-etl/caller.json",
            "222222222222/commerce-etl/files.json",
            "222222222222/commerce-etl/trust.json",
            "222222222222/commerce-steward/caller.json",
            "222222222222/commerce-steward/files.json",
            "222222222222/commerce-steward/trust.json",
            "222222222222/mesh-deployer/deploy.json",
            "222222222222/mesh-deployer/trust.json",
            "222222222222/mesh-mirror/recipient.json",
            "222222222222/mesh-mirror/trust.json",
            "222222222222/mesh-sales-222222222222-eu-central-1.json");
    assertThat(JSON.readTree(files.get("222222222222/commerce-etl/files.json")))
        .isEqualTo(role(commerce(SHARED).templates().get(1), "commerce-etl").get("files"));
  }

  @Test
  void terraformFormatsItsModuleInTheSameWay() throws Exception {
    Template template = commerce(SHARED).templates().get(2);
    Path file = Files.writeString(folder.resolve("main.tf"), template.terraform());

    assertThat(template.terraform())
        .contains(
            "resource \"aws_cloudformation_stack\" \"mesh_sales_from_222222222222\"",
            "file(\"${path.module}/mesh-sales-from-222222222222.111111111111.json\")");
    Process process;
    try {
      process =
          new ProcessBuilder("terraform", "fmt", "-check", "-diff", file.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      Assumptions.abort("terraform is not installed, so its format is not checked");
      return;
    }
    String difference = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(difference).isEmpty();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void aLargeAccountFitsAndOneThatDoesNotIsRefused() {
    AccountSetup setup = AccountSetup.of(SHARED, COMMERCE);
    for (int i = 0; i < 20; i++) {
      setup = setup.role("etl-" + i, AwsRoleKind.steward("commerce"));
    }
    assertThat(setup.templates()).allMatch(template -> template.body().length() <= 51_200);
    for (int i = 20; i < 60; i++) {
      setup = setup.role("etl-" + i, AwsRoleKind.steward("commerce"));
    }
    AccountSetup large = setup;
    assertThatThrownBy(large::templates)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll("template of the stack mesh-sales", "51200");
  }

  @Test
  void whatNoAccountCanHaveIsRefused() {
    AccountSetup setup = commerce(SHARED);
    assertThatThrownBy(() -> AccountSetup.of(SHARED, "commerce"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("12 digits");
    assertThatThrownBy(() -> setup.role("mesh-mirror", AwsRoleKind.mirror()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("mesh-mirror");
    assertThatThrownBy(() -> setup.role("etl"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("kinds");
    assertThatThrownBy(() -> setup.role("e".repeat(65), AwsRoleKind.reader()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at most 64");
    assertThat(setup.role("e".repeat(64), AwsRoleKind.reader()).templates()).hasSize(3);
    assertThatThrownBy(setup::deployedBy).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(
            () -> setup.role("commerceEtl", AwsRoleKind.producer("commerce")).templates())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("CommerceEtl");
  }

  @Test
  void onlyServicesAccountsRolesAndUsersAreTrusted() {
    AccountSetup setup = AccountSetup.of(SHARED, COMMERCE);
    for (String wrong :
        List.of(
            "*",
            "",
            " ",
            "etl",
            "1234",
            ".amazonaws.com",
            "arn:aws:iam::222222222222:role/",
            "arn:aws:iam::222222222222:role/*",
            "arn:aws:iam::*:root",
            "arn:aws:iam::222222222222:*")) {
      assertThatThrownBy(
              () -> setup.role("etl", List.of(COMMERCE, wrong), AwsRoleKind.consumer("finance")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll(
              "trusted", "'" + wrong + "'", "glue.amazonaws.com", "12 digits", "ARN of a role");
      assertThatThrownBy(() -> setup.deployedBy(wrong))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("trusted");
    }
    for (String right :
        List.of(
            "glue.amazonaws.com",
            COMMERCE,
            "arn:aws:iam::222222222222:root",
            "arn:aws:iam::222222222222:user/anna",
            "arn:aws:iam::222222222222:role/pipelines/deploy")) {
      assertThat(
              setup
                  .role("etl", List.of(right), AwsRoleKind.consumer("finance"))
                  .deployedBy(right)
                  .templates()
                  .get(0)
                  .body())
          .contains(right);
    }
  }

  @Test
  void aRoleOfTasksHasFilesAloneAndNoRegistryRole() throws IOException {
    AccountSetup setup =
        AccountSetup.of(PLAIN, COMMERCE)
            .role("executors", List.of("ec2.amazonaws.com"), AwsRoleKind.tasks("commerce"))
            .role("driver", AwsRoleKind.tasks("commerce"), AwsRoleKind.producer("commerce"));

    assertThat(role(setup.templates().get(1), "executors")).containsOnlyKeys("files");
    assertThat(role(setup.templates().get(1), "driver")).containsOnlyKeys("caller", "files");
    assertThat(setup.templates().get(2).body()).contains("driver").doesNotContain("executors");
    assertThat(setup.policies().keySet())
        .contains("222222222222/executors/files.json")
        .doesNotContain("111111111111/mesh-sales-222222222222-executors/registry.json");
    AccountSetup ofMesh =
        AccountSetup.of(PLAIN, GOVERNANCE).role("executors", AwsRoleKind.tasks("commerce"));
    assertThat(role(ofMesh.templates().get(1), "executors")).containsOnlyKeys("files");
  }

  @Test
  void theDeployerUsesTheKeyForTheTableAlone() throws IOException {
    JsonNode statements = JSON.readTree(setups(ALL).get(0).policies().get(DEPLOY_OF_GOVERNANCE));

    assertThat(statements.path("Statement"))
        .filteredOn(statement -> statement.toString().contains("kms:"))
        .hasSize(2)
        .allSatisfy(
            statement ->
                assertThat(statement.at("/Condition/StringEquals/kms:ViaService").asText())
                    .isEqualTo("dynamodb.eu-central-1.amazonaws.com"))
        .filteredOn(statement -> statement.toString().contains("kms:CreateGrant"))
        .singleElement()
        .satisfies(
            statement ->
                assertThat(statement.at("/Condition/Bool/kms:GrantIsForAWSResource").asText())
                    .isEqualTo("true"));
    assertThat(commerce(ALL).templates().get(0).body()).doesNotContain("kms:");
  }

  @Test
  void theDeployerMakesNoRoleOfAMeshWhoseNameGoesOn() {
    assertThat(setups(SHARED).get(0).templates().get(0).body())
        .contains("role/mesh-sales-????????????-*", "stack/mesh-sales-from-????????????/*")
        .doesNotContain("mesh-sales-*", "from-*");
  }

  @Test
  void aRoleHasTheNameOfAResource() throws IOException {
    AccountSetup setup = AccountSetup.of(SHARED, GOVERNANCE);
    for (String name : List.of("bucket", "table", "bucket-policy", "mesh-mirror-policy")) {
      setup = setup.role(name, AwsRoleKind.reader());
    }
    assertThat(role(setup.templates().get(1), "table")).containsOnlyKeys("registry");
  }

  private static Map<String, JsonNode> role(Template template, String name) throws IOException {
    for (JsonNode resource : JSON.readTree(template.body()).path("Resources")) {
      JsonNode properties = resource.path("Properties");
      if (resource.path("Type").asText().equals("AWS::IAM::Role")
          && properties.path("RoleName").asText().equals(name)) {
        Map<String, JsonNode> policies = new TreeMap<>();
        for (JsonNode policy : properties.path("Policies")) {
          policies.put(policy.path("PolicyName").asText(), policy.path("PolicyDocument"));
        }
        return policies;
      }
    }
    throw new AssertionError(template.stack() + " has no role " + name);
  }
}
