package io.meshwork.examples.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsaccounts.TemplateAccounts;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The execution roles of Managed Workflows for Apache Airflow run the DAGs of docs/airflow, with
 * what templates permit them and nothing else. A stand-in provides the names of Airflow.
 */
class AirflowRolesTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
  private static final Path STAND_IN = ROOT.resolve("examples/src/test/resources/airflow-stand-in");
  private static final String ORDERS = "commerce/orders";
  private static final String ROLE = "airflow";

  @TempDir private Path folder;
  private final String number =
      Long.toString(ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L));
  private final Principal admin = Principal.of("41" + number, "mesh-admin");
  private final Principal steward = Principal.of("42" + number, "steward");
  private final Principal publisher = Principal.of(steward.account(), ROLE);
  private final Principal loader = Principal.of("43" + number, ROLE);
  private String url;

  /** Returns what the service assumes; the account starts the processes of this test. */
  private static List<String> trusted(Principal role) {
    return List.of("airflow.amazonaws.com", "airflow-env.amazonaws.com", role.account());
  }

  @Test
  void theRolesOfTwoEnvironmentsPublishAndLoad() throws Exception {
    boolean found =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "python3")));
    assertThat(found || System.getenv("CI") == null).as("python3 is on the path").isTrue();
    assumeTrue(found, "python3 is not on the path: the DAGs of docs/airflow are not tested");
    writeFile();
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsConfig config =
          AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(admin.account(), "shop");
      url = "aws:%s/%s/shop?endpoint=%s".formatted(aws.region(), admin.account(), aws.endpoint());
      TemplateAccounts accounts =
          new TemplateAccounts(aws, admin.account(), "shop", config, folder.resolve("templates"));
      accounts.write(
          List.of(
              AccountSetup.of(config, admin.account()).role(admin.role(), AwsRoleKind.governance()),
              AccountSetup.of(config, loader.account())
                  .role(ROLE, trusted(loader), AwsRoleKind.consumer("finance")),
              AccountSetup.of(config, steward.account())
                  .role(steward.role(), AwsRoleKind.steward("commerce"))
                  .role(ROLE, trusted(publisher), AwsRoleKind.producer("commerce"))
                  .readers(TableReaders.of(ORDERS, 1, loader))));
      accounts.deploy();
      accounts.makeMesh();
      accounts.registerDomains(admin, Map.of("commerce", steward, "finance", loader));
      accounts.as(
          steward,
          client -> {
            client
                .defineProduct(ORDERS)
                .contract(Contract.of(Order.class).freshWithin(Duration.ofHours(1)))
                .commit();
            return client.grant(ORDERS).to(loader).because("Revenue").commit();
          });
      accounts.as(
          loader,
          client ->
              client
                  .subscribe(ORDERS)
                  .name("ledger")
                  .purpose("Ledger")
                  .contact("ledger@example.org")
                  .commit());

      assertThat(dag(aws, publisher, "publish_orders"))
          .anyMatch(line -> line.contains("\"status\":\"published\""))
          .last()
          .isEqualTo("OUTCOME done");
      assertThat(dag(aws, loader, "load_orders"))
          .anyMatch(line -> line.contains("\"status\":\"acknowledged\""))
          .last()
          .isEqualTo("OUTCOME done");
      assertThat(folder.resolve("new-orders.csv")).content().contains("orderId", "10.0");
      assertThat(dag(aws, loader, "publish_orders"))
          .as("a role of the kind consumer publishes nothing")
          .last()
          .asString()
          .startsWith("OUTCOME AirflowFailException mesh publish ended with 13");
    }
  }

  /** Writes the orders of a day as a Parquet file. */
  private void writeFile() throws IOException {
    try (Mesh mesh = LocalMesh.open(folder.resolve("local"))) {
      var client = mesh.clientAs(Principal.of("commerce", "etl"));
      client.registerDomain("commerce").owner("orders@example.org").commit();
      client.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      client.publish(ORDERS).records(List.of(new Order("o-1", 10, "DE"))).commit();
      Files.copy(Path.of(client.read(ORDERS).files().get(0)), folder.resolve("2026-11-20.parquet"));
    }
  }

  /** Runs a DAG in a process of a role; returns what it prints. */
  private List<String> dag(AwsEmulator aws, Principal role, String name) throws Exception {
    aws.runAs(role.account(), role.role());
    ProcessBuilder builder =
        new ProcessBuilder("python3", STAND_IN.resolve("run_task.py").toString(), "dag", name)
            .directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.remove("MESH_AS");
    environment.put("MESH_COMMAND", meshCommand());
    environment.put("MESH_URL", url);
    environment.put("PYTHONPATH", STAND_IN + ":" + ROOT.resolve("docs/airflow"));
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.put("DS", "2026-11-20");
    environment.put("ORDERS_FOLDER", folder.toString());
    environment.put("LEDGER_FOLDER", folder.toString());
    environment.put("AWS_ACCESS_KEY_ID", System.getProperty("aws.accessKeyId"));
    environment.put("AWS_SECRET_ACCESS_KEY", System.getProperty("aws.secretAccessKey"));
    environment.put("AWS_SESSION_TOKEN", System.getProperty("aws.sessionToken"));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    assertThat(code).as(Files.readString(err)).isZero();
    return Files.readAllLines(out);
  }

  private static String meshCommand() {
    return quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "
        + quoted(System.getProperty("java.class.path"))
        + " io.meshwork.cli.program.MeshProgram";
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }
}
