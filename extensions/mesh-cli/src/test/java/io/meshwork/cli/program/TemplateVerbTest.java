package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.cli.ExitCode;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verb template: what an account needs for a mesh on AWS. */
class TemplateVerbTest {
  private static final String MESH = "aws:eu-central-1/111111111111/sales";

  @TempDir private Path folder;
  private TestShell shell;
  private Path to;

  @BeforeEach
  void start() {
    shell = new TestShell(folder);
    to = folder.resolve("F");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("template"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--to", to.toString()));
    if (!all.contains("--mesh")) {
      all.addAll(List.of("--mesh", MESH));
    }
    return shell.run(all.toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(to)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> to.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  @Test
  void templatesOfAProducerHaveNoFindingsOfCfnLint() throws IOException {
    assertThat(
            run(
                "cloudformation",
                "--mesh",
                MESH + "?lakeFormation",
                "--account",
                "222222222222",
                "--domain",
                "commerce",
                "--role",
                "commerce-etl=producer",
                "--trust",
                "commerce-etl=glue.amazonaws.com"))
        .as(shell.err())
        .isZero();

    assertThat(files())
        .containsExactly(
            "mesh-sales-deployer.222222222222.json",
            "mesh-sales-from-222222222222.111111111111.json",
            "mesh-sales.222222222222.json");
    JsonNode document = shell.json();
    QuestionSchemas.check("change", document);
    assertThat(document.get("files")).hasSize(3);
    assertThat(shell.err())
        .contains(
            "3 files for 222222222222 in " + to,
            "In 222222222222: aws cloudformation deploy --region eu-central-1 --template-file"
                + " mesh-sales-deployer.222222222222.json",
            "In 111111111111: aws cloudformation deploy --region eu-central-1 --template-file"
                + " mesh-sales-from-222222222222.111111111111.json");
    assertThat(Files.readString(to.resolve("mesh-sales.222222222222.json")))
        .contains("glue.amazonaws.com", "data/commerce/*", "mesh-mirror");
    assertThat(AwsEmulator.lint(files().stream().map(to::resolve).toList())).isEmpty();
  }

  /** Its own catalog has a table in it, and that of another account a role for it. */
  @Test
  void anAccountOfAMeshOfSeveralCatalogsNamesThem() throws IOException {
    assertThat(
            run(
                "cloudformation",
                "--account",
                "222222222222",
                "--catalog",
                "commerce=222222222222",
                "--catalog",
                "banking=333333333333",
                "--role",
                "commerce-etl=producer:commerce"))
        .as(shell.err())
        .isZero();

    assertThat(files())
        .containsExactly(
            "mesh-sales-deployer.222222222222.json",
            "mesh-sales-from-222222222222.111111111111.json",
            "mesh-sales-from-222222222222.333333333333.json",
            "mesh-sales.222222222222.json");
    assertThat(Files.readString(to.resolve("mesh-sales.222222222222.json")))
        .contains("AWS::DynamoDB::Table", "commerce/*");
    assertThat(Files.readString(to.resolve("mesh-sales-from-222222222222.333333333333.json")))
        .doesNotContain("commerce/*");
    assertThat(AwsEmulator.lint(files().stream().map(to::resolve).toList())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "commerce | --catalog is a name, '=', and values",
        "commerce=111111111111 | --catalog commerce: it is 111111111111, whose table lists",
        "commerce=22 | --catalog commerce: "
      })
  void aCatalogThatDoesNotFitIsNamedByItsOption(String catalog, String message) {
    assertThat(run("cloudformation", "--account", "222222222222", "--catalog", catalog))
        .isEqualTo(2);
    assertThat(shell.err()).contains(message);
  }

  @Test
  void aCatalogIsNamedOnce() {
    assertThat(
            run(
                "cloudformation",
                "--account",
                "222222222222",
                "--catalog",
                "commerce=222222222222",
                "--catalog",
                "commerce=333333333333"))
        .isEqualTo(2);
    assertThat(shell.err()).contains("--catalog names 'commerce' twice.");
  }

  @Test
  void aRoleReadsTheSourcesThatAreNamed() throws IOException {
    String table = "arn:aws:dynamodb:eu-central-1:222222222222:table/shop";
    String[] account = {
      "--account",
      "222222222222",
      "--role",
      "etl=producer:commerce",
      "--source",
      "etl=s3://raw-lake/a,b/",
      "--source",
      "etl=" + table,
      "--export",
      "etl=" + table + ",s3://exports/shop"
    };
    assertThat(run(with("policies", account))).as(shell.err()).isZero();

    assertThat(files()).contains("222222222222/source-raw-lake.json");
    assertThat(Files.readString(to.resolve("222222222222/etl/sources.json")))
        .contains(
            "arn:aws:s3:::raw-lake/a,b/*",
            "dynamodb:Scan",
            table + "/export/*",
            "arn:aws:s3:::exports/shop/*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--source | etl=raw | --source etl: it is 'raw', which is not a folder in S3",
        "--source | load=s3://raw/ | --source names the role 'load', and no --role does",
        "--source | s3://raw/ | --source is a name, '=', and values",
        "--source | etl=arn:aws:kms:eu-central-1:222222222222:key/1234abcd | --source etl: it is a"
            + " key, and the role has no source that is encrypted with it",
        "--export | etl=s3://raw/,s3://a-b/ | --export etl: it is 's3://raw/'",
        "--export | etl=arn:aws:dynamodb:eu-central-1:222222222222:table/shop | --export etl is the"
            + " ARN of a table, a comma, and a folder"
      })
  void aSourceThatDoesNotFitIsNamedByItsOption(String option, String value, String message) {
    assertThat(
            run(
                "cloudformation",
                "--account",
                "222222222222",
                "--role",
                "etl=producer:commerce",
                option,
                value))
        .isEqualTo(2);
    assertThat(shell.err()).contains(message);
  }

  @Test
  void aKeyIsOfTheFolderToWhichARoleExports() throws IOException {
    String place = "eu-central-1:333333333333:";
    assertThat(
            run(
                "policies",
                "--account",
                "333333333333",
                "--role",
                "etl=producer:commerce",
                "--source",
                "etl=arn:aws:kms:" + place + "key/1234abcd",
                "--export",
                "etl=arn:aws:dynamodb:" + place + "table/shop,s3://exports/shop"))
        .as(shell.err())
        .isZero();

    assertThat(to.resolve("333333333333/etl/sources.json"))
        .content()
        .contains("s3.eu-central-1.amazonaws.com");
  }

  /** Without them, who onboards the account again would remove what a program added. */
  @Test
  void rolesOfOtherAccountsReadTheTablesThatAreNamed() throws IOException {
    String[] account = {
      "--account",
      "222222222222",
      "--table-readers",
      "commerce/prices@2=444444444444/analyst",
      "--table-readers",
      "commerce/orders@1=444444444444/analyst,555555555555/planner"
    };
    assertThat(run(with("policies", account))).as(shell.err()).isZero();

    assertThat(
            Files.readString(to.resolve("222222222222/mesh-sales-222222222222-eu-central-1.json")))
        .isEqualTo(
            AwsPolicies.of(AwsConfig.of(MESH))
                .bucket(
                    "222222222222",
                    TableReaders.of(
                        "commerce/orders",
                        1,
                        Principal.of("444444444444", "analyst"),
                        Principal.of("555555555555", "planner")),
                    TableReaders.of(
                        "commerce/prices", 2, Principal.of("444444444444", "analyst"))));
    assertThat(run(with("cloudformation", account))).as(shell.err()).isZero();
    assertThat(Files.readString(to.resolve("mesh-sales.222222222222.json")))
        .contains("Read1", "data/commerce/prices_v2/*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "commerce/orders=444444444444/analyst | is a product with its major version",
        "commerce/orders@1=analyst | is a product with its major version",
        "commerce/orders@1= | is a product with its major version",
        "orders@1=444444444444/analyst | --table-readers orders@1: "
      })
  void aReaderThatDoesNotFitIsNamedByItsOption(String value, String message) {
    assertThat(run("cloudformation", "--account", "222222222222", "--table-readers", value))
        .isEqualTo(2);
    assertThat(shell.err()).contains("--table-readers", message);
  }

  @Test
  void readersOfATableAreRefusedByTheirOptionWithLakeFormation() {
    String readers = "commerce/orders@1=444444444444/analyst";
    assertThat(
            run(
                "policies",
                "--mesh",
                MESH + "?lakeFormation",
                "--account",
                "222222222222",
                "--table-readers",
                readers))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--table-readers: it names readers of commerce/orders");
  }

  @Test
  void aModuleOfTerraformHasTheSameTemplates() throws IOException {
    String[] account = {
      "--account", "222222222222", "--role", "etl=producer:commerce,consumer:finance"
    };
    assertThat(run(with("terraform", account))).as(shell.err()).isZero();

    assertThat(files())
        .containsExactly(
            "111111111111/mesh-sales-from-222222222222.111111111111.json",
            "111111111111/mesh-sales-from-222222222222.tf",
            "222222222222/mesh-sales-deployer.222222222222.json",
            "222222222222/mesh-sales-deployer.tf",
            "222222222222/mesh-sales.222222222222.json",
            "222222222222/mesh-sales.tf");
    assertThat(shell.err())
        .containsOnlyOnce("In 222222222222: apply the module 222222222222/")
        .containsOnlyOnce("In 111111111111: apply the module 111111111111/");
    String module = Files.readString(to.resolve("222222222222/mesh-sales.222222222222.json"));
    assertThat(run(with("cloudformation", account))).isZero();
    assertThat(to.resolve("mesh-sales.222222222222.json")).hasContent(module);
  }

  private static String[] with(String[] first, String more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  private static String[] with(String form, String... more) {
    return Stream.concat(Stream.of(form), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void thePoliciesAreFilesOfTheirRoles() throws IOException {
    assertThat(
            run(
                "policies",
                "--account",
                "111111111111",
                "--role",
                "mesh-admin=governance",
                "--deployed-by",
                "arn:aws:iam::999999999999:role/pipeline,888888888888"))
        .as(shell.err())
        .isZero();

    assertThat(files())
        .contains(
            "111111111111/mesh-admin/registry.json",
            "111111111111/mesh-admin/trust.json",
            "111111111111/mesh-mirror/mirror.json",
            "111111111111/mesh-sales-111111111111-eu-central-1.json");
    assertThat(to.resolve("111111111111/mesh-deployer/trust.json"))
        .content()
        .contains("999999999999:role/pipeline", "888888888888:root");
  }

  @Test
  void theKindOperatorHasTheRightsOfARunInEachAccount() throws IOException {
    assertThat(
            run(
                "cloudformation",
                "--mesh",
                MESH + "?cloudWatch",
                "--account",
                "111111111111",
                "--domain",
                "market",
                "--role",
                "mesh-operator=operator",
                "--trust",
                "mesh-operator=lambda.amazonaws.com"))
        .as(shell.err())
        .isZero();
    assertThat(to.resolve("mesh-sales.111111111111.json"))
        .content()
        .contains("WriteQuality", "ShowDashboard", "DeleteData", "data/market/*", "quality_results")
        .contains("lambda.amazonaws.com");
    assertThat(AwsEmulator.lint(files().stream().map(to::resolve).toList())).isEmpty();

    String[] account = {"--account", "222222222222", "--role"};
    assertThat(run(with("policies", with(account, "ops=operator:commerce")))).isZero();
    String files = Files.readString(to.resolve("222222222222/ops/files.json"));
    assertThat(files).contains("data/commerce/*").doesNotContain("_mesh");
    assertThat(run(with("policies", with(account, "ops=maintenance:commerce")))).isZero();
    assertThat(to.resolve("222222222222/ops/files.json")).hasContent(files);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "111111111111 | ops=operator | Name the role mesh-operator",
        "222222222222 | ops=operator | Which domain?"
      })
  void aRoleOfTheKindOperatorNeedsItsNameOrADomain(String account, String role, String message) {
    assertThat(run("cloudformation", "--account", account, "--role", role)).isEqualTo(2);
    assertThat(shell.err()).contains(message);
  }

  @Test
  void theRoleOfAnAirflowEnvironmentIsTrusted() throws IOException {
    String services = "airflow.amazonaws.com,airflow-env.amazonaws.com";
    assertThat(
            run(
                "cloudformation",
                "--account",
                "222222222222",
                "--role",
                "airflow=producer:commerce",
                "--trust",
                "airflow=" + services))
        .as(shell.err())
        .isZero();
    assertThat(to.resolve("mesh-sales.222222222222.json"))
        .content()
        .contains(services.split(",", -1));
    assertThat(AwsEmulator.lint(files().stream().map(to::resolve).toList())).isEmpty();
  }

  @Test
  void executorsOfSparkHaveFilesAlone() throws IOException {
    assertThat(run("policies", "--account", "222222222222", "--role", "spark=tasks:commerce"))
        .as(shell.err())
        .isZero();
    assertThat(files())
        .contains("222222222222/spark/files.json", "222222222222/spark/trust.json")
        .noneMatch(file -> file.endsWith("caller.json") || file.endsWith("registry.json"));
  }

  @Test
  void executorsOfSparkCanHaveTheFilesOfOneProductAlone() throws IOException {
    String role = "spark=tasks:commerce/orders";
    assertThat(run("policies", "--account", "222222222222", "--role", role))
        .as(shell.err())
        .isZero();
    assertThat(to.resolve("222222222222/spark/files.json"))
        .content()
        .contains("/data/commerce/orders_v?/*", "/data/commerce/orders_v??_quarantine/*")
        .doesNotContain("/data/commerce/*");
  }

  @Test
  void aRoleThatQueriesTablesHasAWorkGroup() throws IOException {
    String[] account = {"--account", "444444444444", "--role", "dashboard=engine-reader"};
    String[] shared = with(with(account, "--mesh"), MESH + "?lakeFormation");
    assertThat(run(with("cloudformation", shared))).as(shell.err()).isZero();
    assertThat(to.resolve("mesh-sales.444444444444.json"))
        .content()
        .contains("AWS::Athena::WorkGroup", "workgroup/mesh-sales", "glue:GetTable");
    assertThat(AwsEmulator.lint(files().stream().map(to::resolve).toList())).isEmpty();

    assertThat(run(with("cloudformation", account))).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("--role dashboard: ", "does not use Lake Formation");
  }

  @Test
  void anOptionThatIsNotAcceptedIsNamed() {
    for (List<String> wrong :
        List.of(
            List.of("--role mesh-mirror: ", "--role", "mesh-mirror=reader"),
            List.of("--role etl: ", "--role", "etl=producer:Not.A.Domain"),
            List.of("at most 64", "--role", "e".repeat(65) + "=reader"),
            List.of("--trust etl: ", "--role", "etl=reader", "--trust", "etl=*"),
            List.of("12 digits", "--role", "etl=reader", "--trust", "etl=222222222222,"),
            List.of("--deployed-by: ", "--deployed-by", "*"),
            List.of("names 'etl' twice", "--role", "etl=reader", "--role", "etl=backup"),
            List.of("'etl' is something else", "--role", "etl"),
            List.of("the kind governance has none", "--role", "etl=governance:commerce"),
            List.of("the kind executor has none", "--role", "etl=executor:444444444444"),
            List.of("the kind engine-reader has none", "--role", "bi=engine-reader:finance"))) {
      List<String> all = new ArrayList<>(List.of("terraform", "--account", "222222222222"));
      all.addAll(wrong.subList(1, wrong.size()));

      assertThat(run(all.toArray(String[]::new))).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err()).contains(wrong.get(0)).doesNotContain("argument '");
    }
  }

  @Test
  void anOrganizationHasATemplateForItsManagementAccount() throws IOException {
    String group = "906712345a-12345678-1234-1234-1234-123456789abc";
    assertThat(
            run(
                "organization",
                "--account",
                "999999999999",
                "--parent",
                "r-abcd",
                "--administrator",
                "arn:aws:iam::*:role/platform-admin",
                "--identity-center",
                "arn:aws:sso:::instance/ssoins-1234567890abcdef",
                "--readers",
                group + "=333333333333,444444444444",
                "--open-readers",
                group + "=444444444444",
                "--trail",
                "trails-of-all-accounts"))
        .as(shell.err())
        .isZero();

    assertThat(files()).containsExactly("mesh-sales-organization.999999999999.json");
    assertThat(shell.err())
        .contains(
            "trails-of-all-accounts lets CloudTrail write: to print it, name the organization")
        .contains(
            "In 999999999999: aws cloudformation deploy --template-file"
                + " mesh-sales-organization.999999999999.json",
            "enable-aws-service-access --service-principal cloudtrail.amazonaws.com",
            "aws organizations move-account");
    Path file = to.resolve("mesh-sales-organization.999999999999.json");
    assertThat(Files.readString(file)).contains("role/platform-admin", "mesh-reader-restricted");
    assertThat(AwsEmulator.lint(List.of(file))).isEmpty();
  }

  @Test
  void thePolicyOfTheBucketOfATrailIsPrinted() throws IOException {
    assertThat(
            run(
                "organization",
                "--mesh",
                MESH
                    + "?lakeFormation=arn:aws:organizations::999999999999:organization/o-abcdefghij",
                "--account",
                "999999999999",
                "--parent",
                "r-abcd",
                "--trail",
                "trails-of-all-accounts"))
        .as(shell.err())
        .isZero();

    assertThat(to.resolve("trail-bucket.json"))
        .content()
        .contains("cloudtrail.amazonaws.com", "trails-of-all-accounts/AWSLogs/o-abcdefghij/*");
    assertThat(shell.err())
        .contains("Add the statements of trail-bucket.json to the policy of the bucket trails");
  }

  @Test
  void anOptionOfAnOrganizationThatIsNotAcceptedIsNamed() {
    String[] place = {"--account", "999999999999", "--parent", "r-abcd"};
    for (List<String> wrong :
        List.of(
            List.of("--administrator: ", "--administrator", "arn:aws:iam::*:role/*"),
            List.of("--identity-center: ", "--identity-center", "ssoins-1"),
            List.of("Add --identity-center", "--readers", "analysts=444444444444"),
            List.of("--trail: ", "--trail", "s3://trails"),
            List.of("has no roles of processes", "--role", "etl=reader"),
            List.of("--domain, --catalog, --role", "--catalog", "commerce=222222222222"),
            List.of("--account and --parent: ", "--parent", "Domains"))) {
      List<String> all = new ArrayList<>(List.of("organization"));
      all.addAll(Arrays.asList(place).subList(0, wrong.contains("--parent") ? 2 : 4));
      all.addAll(wrong.subList(1, wrong.size()));

      assertThat(run(all.toArray(String[]::new))).isEqualTo(ExitCode.WRONG_REQUEST);
      assertThat(shell.err()).contains(wrong.get(0)).doesNotContain("argument '");
    }
    assertThat(run("organization", "--account", "999999999999")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Add --parent ID");
    assertThat(run("policies", "--account", "222222222222", "--trail", "trails"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("options of 'mesh template organization'");
  }

  @Test
  void whatNobodyCanPrintIsAWrongRequest() {
    assertThat(run("pulumi", "--account", "222222222222")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err())
        .contains("FORM is cloudformation, terraform, policies, or organization");
    assertThat(run("terraform", "--account", "222222222222", "--role", "etl=producer"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Which domain? Add --domain DOMAIN");
    assertThat(run("terraform", "--account", "222222222222", "--role", "etl=admin"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("KIND is producer", "or engine-reader, not 'admin'.");
    assertThat(run("terraform", "--account", "222222222222", "--trust", "etl=222222222222"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("Add --role etl=");
    assertThat(run("terraform", "--account", "commerce")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("12 digits");
    assertThat(run("terraform")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(
            run("terraform", "--account", "222222222222", "--mesh", folder.resolve("m").toString()))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("'template' takes a mesh on AWS");
  }
}
