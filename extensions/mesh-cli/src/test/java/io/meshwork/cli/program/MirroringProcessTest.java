package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.Seeds;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

/** A process that operates a mesh on AWS is killed within its mirrors, and its queue fails. */
class MirroringProcessTest {
  private static final Duration WITHIN = Duration.ofMinutes(5);
  private static final String OPERATOR = "mesh-operator";
  private static final String ADMINISTRATOR = "administrator";
  private static final Map<String, String> VARIABLES =
      Map.of(
          "aws.accessKeyId", "AWS_ACCESS_KEY_ID",
          "aws.secretAccessKey", "AWS_SECRET_ACCESS_KEY",
          "aws.sessionToken", "AWS_SESSION_TOKEN");

  @TempDir private Path folder;

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  /**
   * The accounts of a mesh that no other test has.
   *
   * @param plant has the mesh and a domain
   * @param finance has a domain that reads
   */
  private record Accounts(String plant, String finance, String mesh) {
    static Accounts next() {
      long number = ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
      return new Accounts("41" + number, "42" + number, "killed");
    }

    /** Returns a text without what differs between equal meshes. */
    String named(String text) {
      return text.replace(plant, "PLANT")
          .replace(finance, "FINANCE")
          .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID");
    }
  }

  private AwsConfig config(Accounts accounts) {
    return AwsConfig.inRegion(aws.region())
        .endpoint(aws.endpoint())
        .mesh(accounts.plant(), accounts.mesh())
        .lakeFormation();
  }

  /** The time of another host, which has to be that of the store. */
  private static final class LaterRegistry extends ForwardingRegistry {
    private final Duration later;

    LaterRegistry(Registry real, Duration later) {
      super(real);
      this.later = later;
    }

    @Override
    public Optional<Instant> time() {
      return real.time().map(now -> now.plus(later));
    }
  }

  private <T> T operating(Accounts accounts, Duration later, Function<Mesh, T> use) {
    return with(accounts, OPERATOR, later, use);
  }

  private <T> T with(Accounts accounts, String role, Duration later, Function<Mesh, T> use) {
    aws.runAs(accounts.plant(), role);
    try (Mesh mesh =
        AwsMesh.builder(config(accounts))
            .testing()
            .wrapRegistry(registry -> new LaterRegistry(registry, later))
            .clock(() -> Instant.now().plus(later))
            .open()) {
      return use.apply(mesh);
    }
  }

  private static void define(MeshClient etl, Principal reader, int product) {
    String name = "plant/orders" + product;
    etl.defineProduct(name).contract(Contract.of(SmallOrder.class)).commit();
    etl.publish(name).records(List.of(new SmallOrder("o", product))).commit();
    etl.grant(name).columns("id").rows("amount < 8").to(reader).because("x").commit();
  }

  /** Makes the event bus of the mesh and its queues, and the role that operates it. */
  private void deploy(Accounts accounts) {
    aws.runAs(accounts.plant(), ADMINISTRATOR);
    AccountSetup.of(config(accounts), accounts.plant())
        .role(OPERATOR, AwsRoleKind.operator(), AwsRoleKind.maintenance("plant"))
        .notices()
        .templates()
        .forEach(template -> aws.deploy(template.stack(), template.body()));
  }

  /** Makes a mesh that is mirrored, and changes of each kind that its mirrors have to make. */
  private Accounts make(Accounts accounts) {
    aws.runAs(accounts.plant(), ADMINISTRATOR);
    AwsMesh.make(config(accounts));
    Principal reader = Principal.of(accounts.finance(), "analyst");
    owning(
        accounts,
        etl -> {
          etl.registerDomain("plant").accounts(accounts.plant()).owner("p@example.org").commit();
          define(etl, reader, 1);
          define(etl, reader, 2);
        });
    with(
        accounts,
        ADMINISTRATOR,
        Duration.ZERO,
        mesh ->
            mesh.clientAs(Principal.of(accounts.finance(), "etl"))
                .registerDomain("finance")
                .accounts(accounts.finance())
                .owner("f@example.org")
                .commit());
    // The second run accepts what the first one shares.
    operating(accounts, Duration.ZERO, mesh -> mesh.mirrors().commit());
    assertThat(operating(accounts, Duration.ZERO, mesh -> mesh.mirrors().commit()).remaining())
        .isEmpty();
    owning(
        accounts,
        etl -> {
          etl.publish("plant/orders1").records(List.of(new SmallOrder("o", 7))).commit();
          etl.access().grants().stream()
              .filter(grant -> grant.on().equals("plant/orders2"))
              .toList()
              .forEach(grant -> etl.revoke(grant.id()).because("x").commit());
          define(etl, reader, 3);
        });
    aws.reset();
    return accounts;
  }

  private void owning(Accounts accounts, Consumer<MeshClient> work) {
    with(
        accounts,
        "etl",
        Duration.ZERO,
        mesh -> {
          work.accept(mesh.client());
          return mesh;
        });
  }

  private Process operate(Accounts accounts, Path place, String... options) throws IOException {
    aws.runAs(accounts.plant(), OPERATOR);
    MeshProcess command = new MeshProcess(place);
    VARIABLES.forEach(
        (property, name) -> command.variables.put(name, System.getProperty(property, "")));
    command.variables.put(
        "MESH_URL",
        "aws:%s/%s/%s?endpoint=%s&lakeFormation"
            .formatted(aws.region(), accounts.plant(), accounts.mesh(), aws.endpoint()));
    List<String> arguments = new ArrayList<>(List.of("operate", "--within", "5m"));
    arguments.addAll(List.of(options));
    return command.start(arguments, place.resolve("out.txt"), place.resolve("err.txt"));
  }

  /** Returns the requests of a run until the last one of its mirrors. */
  private List<String> requests() {
    List<String> calls = aws.calls();
    int last = calls.size();
    while (!isOfMirrors(calls.get(last - 1))) {
      last--;
    }
    return List.copyOf(calls.subList(0, last));
  }

  private static boolean isOfMirrors(String call) {
    return call.startsWith("glue:") || call.startsWith("lakeformation:");
  }

  /** Waits for what a process does, which has to go on. */
  private static void await(Callable<Boolean> done, Process process, Path err) throws Exception {
    for (int i = 0; !done.call(); i++) {
      assertThat(i).as(Files.readString(err)).isLessThan(6_000);
      assertThat(process.waitFor(10, TimeUnit.MILLISECONDS))
          .as("it ended: %s", Files.readString(err))
          .isFalse();
    }
  }

  /** Kills a process at the n-th request with a name, which takes effect or not. */
  private void killAt(String call, int number, boolean takesEffect, Accounts accounts, Path place)
      throws Exception {
    String[] parts = call.split(":", 2);
    FaultRule fault = aws.on(parts[0], parts[1]).nth(number);
    if (takesEffect) {
      fault.killCaller();
    } else {
      fault.hang();
    }
    Process process = operate(accounts, place, "--once");
    try {
      await(
          () -> Collections.frequency(aws.calls(), call) >= number,
          process,
          place.resolve("err.txt"));
    } finally {
      process.destroyForcibly().waitFor();
      aws.reset();
    }
  }

  private static List<FindingCode> codes(List<Finding> findings) {
    return findings.stream().map(Finding::code).toList();
  }

  /** Returns what Glue and Lake Formation have, without times. */
  private List<String> state(Accounts accounts) {
    List<String> all = new ArrayList<>();
    for (String account : List.of(accounts.plant(), accounts.finance())) {
      aws.runAs(account, ADMINISTRATOR);
      try (GlueClient glue =
              GlueClient.builder()
                  .endpointOverride(aws.endpoint())
                  .region(Region.of(aws.region()))
                  .build();
          LakeFormationClient lake =
              LakeFormationClient.builder()
                  .endpointOverride(aws.endpoint())
                  .region(Region.of(aws.region()))
                  .build()) {
        for (Database database : glue.getDatabases(get -> {}).databaseList()) {
          all.add(account + " " + database.toBuilder().createTime(null).build());
          if (database.targetDatabase() == null) {
            glue.getTables(get -> get.databaseName(database.name())).tableList().stream()
                .map(
                    table ->
                        table.toBuilder().createTime(null).updateTime(null).versionId(null).build())
                .forEach(table -> all.add(account + " " + table));
          }
        }
        lake.listPermissionsPaginator(list -> {}).stream()
            .flatMap(page -> page.principalResourcePermissions().stream())
            .map(row -> row.toBuilder().lastUpdated(null).lastUpdatedBy(null).build())
            .forEach(row -> all.add(account + " " + row));
        lake.listDataCellsFilterPaginator(list -> {}).stream()
            .flatMap(page -> page.dataCellsFilters().stream())
            .map(filter -> filter.toBuilder().versionId(null).build())
            .forEach(filter -> all.add(account + " " + filter));
        lake.listResources(list -> {}).resourceInfoList().stream()
            .map(location -> location.toBuilder().lastModified(null).build())
            .forEach(location -> all.add(account + " " + location));
      }
    }
    return all.stream().map(accounts::named).sorted().toList();
  }

  @Test
  void theNextRunMirrorsWhatAKilledOneLeft() throws Exception {
    Accounts undisturbed = make(Accounts.next());
    Path place = Files.createDirectory(folder.resolve("undisturbed"));
    assertThat(operate(undisturbed, place, "--once").waitFor())
        .as(Files.readString(place.resolve("err.txt")))
        .isZero();
    List<String> requests = requests();
    List<String> expected = state(undisturbed);
    assertThat(expected).anyMatch(line -> line.contains("orders3_v1"));
    int first = 0;
    while (!isOfMirrors(requests.get(first))) {
      first++;
    }
    int from = first;
    System.out.printf("%d requests of a run are those of its mirrors%n", requests.size() - from);

    Seeds.forEach(
        Boolean.getBoolean("mesh.tests.sampled") ? 1 : 3,
        random -> {
          int at = from + random.nextInt(requests.size() - from);
          boolean takesEffect = random.nextBoolean();
          String call = requests.get(at);
          int number = Collections.frequency(requests.subList(0, at + 1), call);
          String when = "killed at %s %d, effect %s".formatted(call, number, takesEffect);
          Accounts accounts = make(Accounts.next());

          killAt(call, number, takesEffect, accounts, Files.createTempDirectory(folder, "killed"));

          operating(
              accounts,
              Duration.ZERO,
              mesh ->
                  assertThat(codes(mesh.operate(WITHIN).remaining()))
                      .as("%s: the mesh is held", when)
                      .containsExactly(FindingCode.OPERATED_ELSEWHERE));
          operating(
              accounts,
              WITHIN.plusMinutes(1),
              mesh -> {
                Report report = mesh.operate(WITHIN);
                assertThat(report.remaining()).as(when).isEmpty();
                assertThat(mesh.mirrors().plan().steps()).as(when).isEmpty();
                assertThat(mesh.mirrors().verify().findings()).as(when).isEmpty();
                assertThat(mesh.doctor().problems()).as(when).isEmpty();
                return report;
              });
          assertThat(state(accounts)).as(when).isEqualTo(expected);
        });
  }

  private String metadata(Accounts accounts) {
    aws.runAs(accounts.plant(), ADMINISTRATOR);
    try (GlueClient glue =
        GlueClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .build()) {
      return glue.getTable(get -> get.databaseName("plant").name("orders1_v1"))
          .table()
          .parameters()
          .getOrDefault("metadata_location", "");
    }
  }

  private void publishAndSend(Accounts accounts) {
    aws.runAs(accounts.plant(), "etl");
    try (Mesh mesh =
        AwsMesh.builder(config(accounts))
            .notifier("eventbridge", AwsMesh.notifier(config(accounts)))
            .open()) {
      mesh.client().publish("plant/orders1").records(List.of(new SmallOrder("o", 9))).commit();
      assertThat(mesh.deliverNotices().failed()).isZero();
    }
  }

  @Test
  void whileTheQueueOfChangesFailsTheProcessSaysSoAndGoesOn() throws Exception {
    Accounts accounts = Accounts.next();
    deploy(accounts);
    make(accounts);
    aws.on("sqs", "ReceiveMessage").fail500();
    Path err = folder.resolve("err.txt");
    Process process = operate(accounts, folder, "--every", "2m", "--to", "eventbridge");
    try {
      await(
          () -> Files.readString(err).contains("Cannot read the queue mesh-killed-changes"),
          process,
          err);
      publishAndSend(accounts);
      String before = metadata(accounts);

      aws.reset();

      await(() -> !metadata(accounts).equals(before), process, err);
      process.destroy();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      for (String line : Files.readAllLines(folder.resolve("out.txt"))) {
        assertThat(TestShell.JSON.readTree(line).get("left")).as(line).isEmpty();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
