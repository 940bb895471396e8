package io.meshwork.examples.airflow;

import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the DAGs of docs/airflow with python3 and the real command, where a stand-in provides the
 * names of Airflow: no Airflow runs. Set MESH_COMMAND to test another program, such as the one jar.
 */
class AirflowTasksTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
  private static final Path STAND_IN = ROOT.resolve("examples/src/test/resources/airflow-stand-in");

  @TempDir private Path folder;

  @BeforeAll
  static void findPython() {
    boolean found =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "python3")));
    assertThat(found || System.getenv("CI") == null).as("python3 is on the path").isTrue();
    assumeTrue(found, "python3 is not on the path: the DAGs of docs/airflow are not tested");
  }

  @BeforeEach
  void createMesh() throws IOException {
    try (SampleMesh mesh = SampleMesh.open(LocalMesh.builder(folder.resolve("mesh")))) {
      MeshClient commerce = mesh.commerce();
      MeshClient finance = mesh.mesh().clientAs(Principal.of("finance", "etl"));
      Contract contract = Contract.of(Order.class).freshWithin(Duration.ofHours(1));
      commerce.defineProduct("commerce/files").contract(contract).commit();
      commerce
          .defineProduct("commerce/orders")
          .contract(contract.require(between("amount", 0, 1_000)))
          .openToMesh()
          .commit();
      commerce
          .defineProduct("commerce/late")
          .contract(contract.freshWithin(Duration.ofMillis(1)))
          .openToMesh()
          .commit();
      commerce
          .defineProduct("commerce/broken")
          .contract(contract.require(between("amount", 0, 1_000).warn()))
          .openToMesh()
          .commit();
      subscribe(finance, "orders", "ledger");
      subscribe(finance, "late", "stale");
      writeFile(commerce, "2026-11-20", 10, 20);
      writeFile(commerce, "2026-11-21", -1, 20);
      commerce.publish("commerce/late").records(List.of(new Order("o-1", 1, "DE"))).commit();
      commerce
          .publish("commerce/broken")
          .records(List.of(new Order("o-1", -1, "DE"), new Order("o-2", 1, "DE")))
          .commit();
    }
  }

  @Test
  void eachFileCompiles() throws Exception {
    Path copy = Files.createDirectories(folder.resolve("dags"));
    for (String file : List.of("mesh_command.py", "mesh_sensor.py", "mesh_dags.py")) {
      Files.copy(ROOT.resolve("docs/airflow").resolve(file), copy.resolve(file));
      assertThat(
              run(List.of("python3", "-m", "py_compile", copy.resolve(file).toString()), Map.of()))
          .isEmpty();
    }
  }

  @Test
  void aDayIsPublishedOnceHoweverOftenItsTaskRuns() throws Exception {
    List<String> first = dag("publish_orders", "2026-11-20");
    List<String> again = dag("publish_orders", "2026-11-20");

    assertThat(first).last().isEqualTo("OUTCOME done");
    assertThat(first).anyMatch(line -> line.contains("\"status\":\"published\""));
    assertThat(again).anyMatch(line -> line.contains("\"status\":\"replayed\""));
    assertThat(again).last().isEqualTo("OUTCOME done");
  }

  @Test
  void aPublishTellsTheAssetItsPartitionAndItsSnapshot() throws Exception {
    String snapshot;
    List<String> lines = dag("publish_orders", "2026-11-20");
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      snapshot =
          mesh.clientAs(Principal.of("commerce", "etl"))
              .publishHistory("commerce/orders")
              .receipts()
              .get(0)
              .snapshotId()
              .orElseThrow();
    }

    assertThat(lines)
        .contains(
            "EVENT x-meshwork://commerce/orders {\"partition\": \"2026-11-20\", \"snapshot\": \""
                + snapshot
                + "\"}");
  }

  @Test
  void aSensorWaitsUntilTheRowsOfADayArePublished() throws Exception {
    Path script = folder.resolve("mesh.sh");
    Path calls = folder.resolve("calls");
    Files.writeString(
        script,
        String.join(
            "\n",
            "echo >> " + calls,
            "if [ $(wc -l < " + calls + ") -eq 2 ]; then",
            meshCommand()
                + " publish commerce/orders "
                + folder.resolve("2026-11-20.parquet")
                + " --key 2026-11-20 --complete-up-to 2026-11-21T00:00:00Z --as commerce/etl || exit 1",
            "fi",
            meshCommand() + " \"$@\""));

    List<String> lines =
        run(sensor("commerce/orders/ledger"), Map.of("MESH_COMMAND", "sh " + script));

    assertThat(lines).last().asString().startsWith("OUTCOME done").contains("'ready'");
    assertThat(calls).content().as("it was not ready the first time").hasLineCount(2);
  }

  private static List<String> sensor(String subscription) {
    return List.of(
        "python3",
        STAND_IN.resolve("run_task.py").toString(),
        "sensor",
        subscription,
        "2026-11-21T00:00:00Z");
  }

  @Test
  void aSensorFailsAsOtherTasksDo() throws Exception {
    assertThat(run(sensor("commerce/none/closing"), Map.of()))
        .last()
        .asString()
        .startsWith("OUTCOME AirflowFailException mesh wait ended with 2");
  }

  @Test
  void whatIsNewIsLoadedAndAcknowledgedAndThenTheTaskIsSkipped() throws Exception {
    dag("publish_orders", "2026-11-20");

    List<String> first = dag("load_orders", "2026-11-20");
    List<String> again = dag("load_orders", "2026-11-20");

    assertThat(first).last().isEqualTo("OUTCOME done");
    assertThat(first).anyMatch(line -> line.contains("\"status\":\"acknowledged\""));
    assertThat(folder.resolve("new-orders.csv")).content().contains("orderId", "10.0");
    assertThat(again).last().asString().startsWith("OUTCOME AirflowSkipException");
  }

  @Test
  void oneRunLoadsEachBatchThatWaits() throws Exception {
    dag("publish_orders", "2026-11-20");
    String unloaded = folder.resolve("unloaded.csv").toString();
    task("mesh", "poll", "commerce/orders/ledger", "--to", unloaded, "--as", "finance/etl");
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .publish("commerce/orders")
          .records(List.of(new Order("o-9", 9, "DE")))
          .commit();
    }

    List<String> lines = dag("load_orders", "2026-11-20");

    assertThat(lines).last().isEqualTo("OUTCOME done");
    assertThat(lines).filteredOn(line -> line.contains("\"status\":\"acknowledged\"")).hasSize(2);
    assertThat(folder.resolve("new-orders.csv")).content().contains("o-9");
    assertThat(dag("load_orders", "2026-11-20")).last().asString().startsWith("OUTCOME AirflowSk");
  }

  @Test
  void theMeshIsOperatedAndTheNextRunFindsWhatIsNew() throws Exception {
    List<String> first = dag("operate_mesh", "2026-11-20");
    int delivered = noticesOf("commerce/orders");
    dag("publish_orders", "2026-11-20");
    List<String> next = dag("operate_mesh", "2026-11-20");

    assertThat(first).last().isEqualTo("OUTCOME done");
    assertThat(first).anyMatch(line -> line.contains("\"status\":\"operated\""));
    assertThat(next).last().isEqualTo("OUTCOME done");
    assertThat(next).anyMatch(line -> line.contains("\"noticesDelivered\":1"));
    assertThat(noticesOf("commerce/orders")).isEqualTo(delivered + 1);
  }

  /** Returns how many notices about a product are in the folder that they are sent to. */
  private int noticesOf(String product) throws IOException {
    int found = 0;
    try (Stream<Path> files = Files.list(folder.resolve("notices"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        found += Files.readString(file).contains(product) ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void rowsThatBreakTheContractFailTheTaskWithoutARetry() throws Exception {
    assertThat(dag("publish_orders", "2026-11-21"))
        .last()
        .asString()
        .startsWith("OUTCOME AirflowFailException mesh publish ended with 10");
  }

  @Test
  void aMissingFileFailsTheTaskWithoutARetry() throws Exception {
    assertThat(dag("publish_orders", "2026-11-22"))
        .last()
        .asString()
        .startsWith("OUTCOME AirflowFailException mesh publish ended with 2");
  }

  @Test
  void whoIsDeniedFailsWithoutARetry() throws Exception {
    String file = folder.resolve("2026-11-20.parquet").toString();

    assertThat(task("mesh", "publish", "commerce/orders", file, "--as", "finance/etl"))
        .last()
        .asString()
        .startsWith("OUTCOME AirflowFailException mesh publish ended with 13");
  }

  @Test
  void aBrokenRuleFailsWithoutARetryAndLateDataIsTriedAgain() throws Exception {
    assertThat(task("mesh", "health", "commerce/broken", "--check", "--as", "commerce/etl"))
        .last()
        .asString()
        .startsWith("OUTCOME AirflowFailException mesh health ended with 20");
    assertThat(task("mesh", "wait", "stale", "--at-most", "1s", "--as", "finance/etl"))
        .last()
        .asString()
        .startsWith("OUTCOME AirflowException mesh wait ended with 12");
  }

  @Test
  void eachExitCodeHasItsOutcome() throws Exception {
    Map<Integer, String> outcomes =
        Map.of(
            1, "AirflowException",
            2, "AirflowFailException",
            10, "AirflowFailException",
            11, "AirflowException",
            12, "AirflowException",
            13, "AirflowFailException",
            20, "AirflowFailException",
            21, "AirflowException",
            99, "AirflowSkipException",
            137, "AirflowException");
    for (Map.Entry<Integer, String> each : outcomes.entrySet()) {
      int code = each.getKey();

      List<String> lines =
          run(
              List.of("python3", STAND_IN.resolve("run_task.py").toString(), "mesh", "verb"),
              Map.of("MESH_COMMAND", "sh -c 'exit " + code + "'"));

      assertThat(lines)
          .last()
          .asString()
          .startsWith("OUTCOME " + each.getValue() + " mesh verb ended with " + code);
    }
  }

  private List<String> dag(String name, String day) throws Exception {
    return run(
        List.of("python3", STAND_IN.resolve("run_task.py").toString(), "dag", name),
        Map.of(
            "DS",
            day,
            "ORDERS_FOLDER",
            folder.toString(),
            "LEDGER_FOLDER",
            folder.toString(),
            "NOTICES_TO",
            folder.resolve("notices").toString()));
  }

  private List<String> task(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("python3");
    command.add(STAND_IN.resolve("run_task.py").toString());
    command.addAll(List.of(arguments));
    return run(command, Map.of());
  }

  /** Runs a command, and returns what it prints to standard output. */
  private List<String> run(List<String> command, Map<String, String> variables) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.putIfAbsent("MESH_COMMAND", meshCommand());
    environment.put("MESH_URL", "file:" + folder.resolve("mesh"));
    environment.put("PYTHONPATH", STAND_IN + ":" + ROOT.resolve("docs/airflow"));
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.remove("MESH_AS");
    environment.putAll(variables);
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

  private static void subscribe(MeshClient finance, String product, String name) {
    finance
        .subscribe("commerce/" + product)
        .name(name)
        .purpose("Ledger")
        .contact("ledger@example.org")
        .commit();
  }

  /** Writes two orders as the Parquet file of a day. */
  private void writeFile(MeshClient commerce, String day, double first, double second)
      throws IOException {
    commerce
        .publish("commerce/files")
        .records(List.of(new Order("o-1", first, "DE"), new Order("o-2", second, "DE")))
        .replaceAll()
        .commit();
    Path written = Path.of(commerce.read("commerce/files").files().get(0));
    Files.copy(written, folder.resolve(day + ".parquet"));
  }
}
