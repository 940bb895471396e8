package io.meshwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshCommandTest {
  private static final String TRIPS = "mobility/trips";

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private Path mesh;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private Path trips;

  @BeforeEach
  void takeAFile() throws IOException {
    mesh = folder.resolve("mesh");
    trips = folder.resolve("trips.parquet");
    try (InputStream in = getClass().getResourceAsStream("/green_tripdata_2024-01.parquet")) {
      assertThat(in).isNotNull();
      Files.copy(in, trips);
    }
  }

  @Test
  void defineLeavesADomainThatIsThereAsItIs() {
    try (Mesh opened = LocalMesh.open(mesh)) {
      client(opened).registerDomain("mobility").owner("trips@example.org").commit();
    }
    assertThat(run("define", TRIPS, trips.toString())).isZero();
    assertThat(run("define", TRIPS, trips.toString())).as("repeated").isZero();
    try (Mesh opened = LocalMesh.openExisting(mesh)) {
      assertThat(client(opened).describe(TRIPS).owner()).isEqualTo("trips@example.org");
      assertThat(client(opened).registerDomain("mobility").commit().owner())
          .isEqualTo("trips@example.org");
    }
  }

  @Test
  void defineRegistersADomainThatIsMissing() {
    assertThat(run("define", TRIPS, trips.toString())).isZero();
    try (Mesh opened = LocalMesh.openExisting(mesh)) {
      assertThat(client(opened).describe(TRIPS).owner()).isEqualTo("mobility team");
    }
  }

  @Test
  void verifyDoesNotReportFilesOfCrashedProcesses() throws IOException {
    publish();
    Path data = dataFile();
    Files.write(data.resolveSibling(".left.parquet.tmp"), new byte[] {1});
    Files.write(data.resolveSibling("left.parquet"), new byte[] {1});
    assertThat(run("verify")).isZero();
    assertThat(output()).isEmpty();
  }

  @Test
  void verifyPrintsOneLineForEachFindingAndExitsWithTwenty() throws IOException {
    publish();
    Files.delete(dataFile());
    assertThat(run("verify")).isEqualTo(ExitCode.FINDINGS);
    assertThat(output().lines()).hasSize(1).allMatch(line -> line.startsWith("FILE_MISSING "));
  }

  @Test
  void verifyOfAnUnreadableRegistryExitsWithTwentyOneAndOtherCommandsFail() throws IOException {
    publish();
    Path registry = mesh.resolve("registry/mesh.db");
    Files.deleteIfExists(mesh.resolve("registry/mesh.db-wal"));
    Files.write(registry, "no registry".repeat(1000).getBytes(StandardCharsets.UTF_8));
    assertThat(run("verify")).isEqualTo(ExitCode.NOT_CHECKED);
    assertThat(output()).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("damaged");
    assertThat(run("log", TRIPS)).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void aBackupOfADamagedMeshPrintsWhatIsDamagedAndExitsWithTwenty() throws IOException {
    publish();
    Files.delete(dataFile());
    String copy = folder.resolve("copy").toString();
    assertThat(run("backup", copy)).isEqualTo(ExitCode.FINDINGS);
    assertThat(output().lines().toList())
        .hasSize(2)
        .satisfies(lines -> assertThat(lines.get(0)).startsWith("FILE_MISSING "))
        .satisfies(lines -> assertThat(lines.get(1)).startsWith("{\"files\":"));
  }

  @Test
  void definePrintsWhetherItDefinedTheProduct() {
    run("define", TRIPS, trips.toString());
    run("define", TRIPS, trips.toString());
    assertThat(output().lines())
        .containsExactly("defined " + TRIPS + " 1.0.0", TRIPS + " 1.0.0 already exists");
  }

  @Test
  void repairOfAnUndamagedMeshHasNothingToDo() {
    publish();
    assertThat(run("repair")).isZero();
    assertThat(output()).isEqualTo("nothing to repair\n");
  }

  @Test
  void aFingerprintThatNeverWasIsNotThatOfThePlan() {
    publish();
    assertThat(run("repair", "--apply", "123")).isEqualTo(ExitCode.CONFLICT);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("changed after the plan was made, or no plan has this fingerprint");
  }

  @Test
  void anInvalidNumberOfBytesIsReportedWithTheOption() {
    assertThat(run("define", TRIPS, trips.toString())).isZero();
    assertThat(run("maintain", "--expect", "-5")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("Option --expect takes a number of bytes, at least 1.");
  }

  @Test
  void anOptionInPlaceOfTheFolderIsRejected() {
    int code = MeshCommand.run(new String[] {"--hlep", "verify"}, print(out), print(err));
    assertThat(code).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("MESH cannot begin with '-'");
  }

  @Test
  void anUnknownVerbSuggestsASimilarOne() {
    assertThat(run("publsh", TRIPS, "--key", "a")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("'publsh' is not a verb. Did you mean 'publish'?");
    err.reset();
    assertThat(run("something")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("'something' is not a verb.")
        .doesNotContain("Did you mean");
  }

  @Test
  void theUsageIsTheHelpOfTheScript() throws IOException {
    String help =
        Files.readAllLines(Path.of("../../scripts/mesh")).stream()
            .skip(1)
            .takeWhile(line -> line.startsWith("# "))
            .map(line -> line.substring(2))
            .collect(Collectors.joining("\n"));
    assertThat(MeshCommand.USAGE).isEqualTo(help);
  }

  @Test
  void damageOfATableIsOneLineAndNamesTheTableTheSameWayEverywhere() throws IOException {
    publish();
    Path metadata = dataFile().resolveSibling("../metadata").normalize();
    try (Stream<Path> all = Files.list(metadata)) {
      for (Path file : all.filter(file -> file.toString().endsWith(".json")).toList()) {
        Files.delete(file);
      }
    }
    for (String verb : List.of("maintain", "repair", "doctor")) {
      out.reset();
      assertThat(run(verb)).as(verb).isEqualTo(ExitCode.FINDINGS);
      assertThat(output().lines().filter(line -> line.contains("trips_v1")))
          .as(verb)
          .singleElement()
          .asString()
          .contains(" mobility.trips_v1: ");
    }
  }

  @Test
  void somethingUnexpectedIsOneLineWithoutAStackTrace() {
    int code = ExitCode.unexpected("mesh log", new IllegalStateException("secret"), print(err));
    assertThat(code).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("mesh log", "java.lang.IllegalStateException", "please report")
        .doesNotContain("secret");
  }

  @Test
  void whatTheCommandItselfDoesNotExpectIsCaught() {
    publish();
    PrintStream broken =
        new PrintStream(out, true, StandardCharsets.UTF_8) {
          @Override
          public void println(Object line) {
            throw new IllegalStateException("secret");
          }

          @Override
          public void println(String line) {
            throw new IllegalStateException("secret");
          }
        };
    int code = MeshCommand.run(new String[] {mesh.toString(), "files", TRIPS}, broken, print(err));
    assertThat(code).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("mesh files").hasLineCount(1);
  }

  private record Trip(long id, String zone) {}

  private record Ride(long id, String area) {
    static Ride of(Trip trip) {
      return new Ride(trip.id(), trip.zone());
    }
  }

  @Test
  void filesOfARetiredVersionAndOfItsSuccessorAreListed() {
    retireTheFirstVersion();

    List<String> first = files("--major", "1");
    List<String> second = files("--major", "2");

    assertThat(first)
        .hasSize(2)
        .allMatch(file -> file.contains("trips_v1/"))
        .allMatch(file -> Files.isRegularFile(Path.of(file)));
    assertThat(second)
        .hasSize(3)
        .allMatch(file -> file.contains("trips_v2/"))
        .allMatch(file -> Files.isRegularFile(Path.of(file)));
    assertThat(files()).isEqualTo(second);
    assertThat(run("files", TRIPS, "--major", "3")).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(output()).isEmpty();
    assertThat(run("verify")).isZero();
  }

  /** Three rows are in version 2, and the first two of them in version 1. */
  private void retireTheFirstVersion() {
    try (Mesh opened = LocalMesh.open(mesh)) {
      MeshClient client = client(opened);
      client.registerDomain("mobility").owner("trips@example.org").commit();
      client.defineProduct(TRIPS).contract(Contract.of(Trip.class)).commit();
      client.publish(TRIPS).records(List.of(new Trip(1, "north"))).commit();
      MajorRollout rollout =
          client.startRollout(TRIPS).contract(Contract.of(Ride.class)).because("Areas").commit();
      rollout.announce().commit();
      rollout.backFill(Trip.class, Ride::of).commit();
      rollout.activate().commit();
      client
          .publish(TRIPS)
          .majorVersion(1)
          .<Trip>records(List.of(new Trip(2, "south")))
          .alsoTo(2, Ride::of)
          .commit();
      rollout.close().commit();
      assertThat(rollout.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
      client.publish(TRIPS).records(List.of(new Ride(3, "east"))).commit();
    }
  }

  private List<String> files(String... options) {
    List<String> arguments = new ArrayList<>(List.of("files", TRIPS));
    arguments.addAll(List.of(options));
    assertThat(run(arguments.toArray(new String[0]))).isZero();
    List<String> files = output().lines().toList();
    out.reset();
    return files;
  }

  private void publish() {
    assertThat(run("define", TRIPS, trips.toString())).isZero();
    assertThat(run("publish", TRIPS, trips.toString())).isZero();
    out.reset();
  }

  private Path dataFile() {
    try (Mesh opened = LocalMesh.openExisting(mesh)) {
      return Path.of(client(opened).read(TRIPS).files().get(0));
    }
  }

  private static MeshClient client(Mesh opened) {
    return opened.clientAs(Principal.of("mobility", "etl"));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(mesh.toString()));
    all.addAll(List.of(arguments));
    return MeshCommand.run(all.toArray(new String[0]), print(out), print(err));
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
