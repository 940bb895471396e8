package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Warehouse;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.testkit.ManualClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may move a folder and end its move, and a backup of a folder that is moved. */
class FolderMoveTest {
  private static final String PRODUCT = "lab/readings";

  @TempDir private Path temporary;
  private Path folder;
  private Path elsewhere;

  @BeforeEach
  void createTheMesh() {
    folder = temporary.resolve("folder");
    elsewhere = temporary.resolve("elsewhere");
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient lab = lab(mesh);
      lab.registerDomain("lab").owner("lab@example.org").commit();
      lab.defineProduct(PRODUCT).contract(Contract.of(SensorReading.class)).commit();
      publish(mesh);
    }
  }

  private static MeshClient lab(Mesh mesh) {
    return mesh.clientAs(Principal.of("lab", "etl"));
  }

  private static void publish(Mesh mesh) {
    lab(mesh).publish(PRODUCT).records(List.of(new SensorReading(1, 20))).commit();
  }

  private static void publish(Path place) {
    try (Mesh mesh = LocalMesh.openExisting(place)) {
      publish(mesh);
    }
  }

  private static int publishes(Mesh mesh) {
    return lab(mesh).publishHistory(PRODUCT).receipts().size();
  }

  private MoveMesh move() {
    return LocalMesh.move(folder, new OtherFolder(elsewhere));
  }

  @Test
  void aBackupAndAMoveReportTheBytesOfTheirFiles() {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    Operation.Progress listener =
        (phase, bytes, total) -> {
          assertThat(phase).isEqualTo("bytes");
          done.add(bytes);
          totals.add(total.getAsLong());
        };
    LocalMesh.backUp(folder, temporary.resolve("backup"), listener);
    assertThat(done.get(0)).isZero();
    assertThat(done.get(done.size() - 1)).isPositive().isEqualTo(totals.get(0));

    done.clear();
    LocalMesh.Copy moved = move().onProgress(listener).commit();
    assertThat(done).isSorted();
    assertThat(done.get(done.size() - 1)).isGreaterThanOrEqualTo(moved.bytes());
    assertThat(new HashSet<>(totals)).hasSize(1);
  }

  @Test
  void aMeshWhoseDiskIsNotMountedIsNotMoved() throws IOException {
    Path disk = folder.resolve("disk");
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      lab(mesh).registerDomain("lab").location("mesh:/disk").commit();
    }
    Files.move(disk, temporary.resolve("unmounted"));
    Files.createDirectory(disk);
    String place = temporary.resolve("new-disk").toString();

    assertThatThrownBy(() -> move().place("mesh:/disk", place).commit())
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.PLACE_NOT_OWN))
        .hasMessageContainingAll("mesh:/disk", "its marker place.json is missing");
    publish(folder);
  }

  private MoveMesh moveTo(String place) {
    return LocalMesh.move(folder, new OtherFolder(temporary.resolve(place)));
  }

  /** Moves the mesh, but for the last commit. */
  private void interruptTheMove() {
    assertThatThrownBy(
            () -> LocalMesh.move(folder, new OtherFolder(elsewhere, this::refuseRoot)).commit())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("a test interrupted the move");
  }

  private void refuseRoot(String registry, Transaction transaction) {
    boolean setsRoot =
        transaction.actions().stream()
            .filter(action -> action.key().equals(MeshRoot.KEY))
            .anyMatch(action -> String.valueOf(action.json()).contains(elsewhere.toString()));
    if (setsRoot) {
      throw Failure.of(MeshAction.of(Verb.COMMIT, "the registry"))
          .because("a test interrupted the move")
          .fix("Run it again.")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
  }

  private void assertFenced() {
    assertThatThrownBy(() -> publish(folder))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.MESH_MOVED));
  }

  private void assertBusy(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(folder.toString(), "another move", "Nothing was changed");
  }

  @Test
  void oneProcessMovesAFolderUntilItEnds() throws Exception {
    Process moving = startMove();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(moving.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(output.readLine()).isEqualTo("moving");

      assertBusy(() -> move().commit());
      assertBusy(() -> moveTo("third").commit());
      assertBusy(() -> move().abandon());
      assertThat(temporary.resolve("third")).doesNotExist();
    } finally {
      moving.toHandle().destroyForcibly();
      moving.waitFor();
    }
    publish(folder);

    assertThat(move().commit().damage()).isEmpty();
  }

  @Test
  void oneThreadMovesAFolderUntilItEnds() {
    List<Throwable> refused = new ArrayList<>();
    MoveMesh first =
        LocalMesh.move(
            folder,
            new OtherFolder(
                elsewhere,
                (registry, transaction) -> {
                  if (refused.isEmpty()) {
                    assertBusy(() -> refuse(refused, () -> moveTo("third").commit()));
                    assertBusy(() -> refuse(refused, () -> move().abandon()));
                  }
                }));

    assertThat(first.commit().damage()).isEmpty();

    assertThat(refused).hasSize(2);
    assertThatThrownBy(() -> moveTo("third").commit())
        .as("the folder is free after the move")
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("moved to " + elsewhere);
  }

  private static void refuse(List<Throwable> refused, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      refused.add(e);
      throw e;
    }
  }

  private Process startMove() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            MovingChild.class.getName(),
            folder.toString(),
            elsewhere.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Moves a folder, and stops at its first commit until its input ends. */
  static final class MovingChild {
    public static void main(String[] arguments) {
      LocalMesh.move(
              Path.of(arguments[0]),
              new OtherFolder(Path.of(arguments[1]), (registry, transaction) -> stop()))
          .commit();
    }

    private static void stop() {
      System.out.println("moving");
      try {
        System.in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aReaderKeepsItsVersionIfItsAccountGetsANewName() {
    List<String> tracks;
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      MeshClient trade = mesh.clientAs(Principal.of("trade", "analyst"));
      trade.registerDomain("trade").owner("trade@example.org").commit();
      lab(mesh).grant(PRODUCT).to(trade.principal()).because("Prices").commit();
      try (Rows<GenericRecord> rows = trade.read(PRODUCT).rows()) {
        assertThat(rows.stream().count()).isEqualTo(1);
      }
      lab(mesh)
          .startRollout(PRODUCT)
          .contract(Contract.of(SensorName.class))
          .because("A new sensor")
          .withoutHistory()
          .commit()
          .announce()
          .commit();
      tracks = tracks(lab(mesh));
      assertThat(tracks).containsExactly("trade/@ is WAITING");
    }

    move().account("lab", "science").account("trade", "market").commit();

    Warehouse.Ports ports = new OtherFolder(elsewhere).open();
    try (Mesh mesh = Mesh.builder(ports.registry(), ports.files(), ports.root()).open()) {
      assertThat(tracks(mesh.clientAs(Principal.of("science", "etl")))).isEqualTo(tracks);
    }
  }

  @Test
  void aBackFillThatWasInterruptedContinuesAfterAMove() {
    ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
    try (Mesh mesh = LocalMesh.builder(folder).clock(clock).open()) {
      for (int more = 0; more < 20; more++) {
        publish(mesh);
      }
      lab(mesh)
          .startRollout(PRODUCT)
          .contract(Contract.of(SensorName.class))
          .because("A new sensor")
          .commit()
          .backFill(SensorReading.class, SensorName::of)
          .timeout(Duration.ofMinutes(1))
          .onProgress((unit, done, total) -> clock.advance(Duration.ofHours(1)))
          .commit();
    }

    move().account("lab", "lab").commit();

    Warehouse.Ports ports = new OtherFolder(elsewhere).open();
    List<Long> missing = new ArrayList<>();
    try (Mesh mesh =
        Mesh.builder(ports.registry(), ports.files(), ports.root()).clock(clock).open()) {
      MajorRollout rollout = lab(mesh).rollout(PRODUCT);
      assertThat(rollout.cutOver()).isEmpty();
      rollout
          .backFill(SensorReading.class, SensorName::of)
          .onProgress((unit, done, total) -> missing.add(total.orElseThrow()))
          .commit();
      assertThat(rollout.activate().commit().state()).isEqualTo(Rollout.State.PARALLEL);
    }
    assertThat(missing).as("rows to copy").containsExactly(1L);
  }

  /** A row of the second major version. */
  private record SensorName(String sensor) {
    static SensorName of(SensorReading reading) {
      return new SensorName("sensor " + reading.id());
    }
  }

  private static List<String> tracks(MeshClient owner) {
    return owner.rollout(PRODUCT).tracks().stream()
        .map(track -> track.consumer() + " is " + track.state())
        .toList();
  }

  @Test
  void aMoveIsAbandonedWithItsTargetOnly() {
    interruptTheMove();

    assertThatThrownBy(() -> moveTo("third").abandon())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(
            temporary.resolve("third").toString(), "moved to " + elsewhere, "was not changed");
    assertFenced();

    move().account("lab", "science").abandon();
    publish(folder);
    move().abandon();
  }

  @Test
  void aCompletedMoveIsNotAbandonedWithAnotherTarget() {
    move().commit();

    assertThatThrownBy(() -> moveTo("third").abandon())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("moved to " + elsewhere);
    assertFenced();
  }

  @Test
  void theRestOfAnAbandonedMoveIsNotOverwrittenAfterManyPublishes() {
    interruptTheMove();
    move().abandon();
    for (int n = 0; n < 5; n++) {
      publish(folder);
    }

    assertThatThrownBy(() -> move().commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("abandoned", "Nothing was changed");
    publish(folder);
    assertThat(moveTo("third").commit().damage()).isEmpty();
  }

  @Test
  void aBackupDuringAMoveIsASeparateMesh() {
    interruptTheMove();
    Path backup = temporary.resolve("backup");

    assertThat(LocalMesh.backUp(folder, backup).damage()).isEmpty();

    publish(backup);
    assertFenced();
    assertThat(move().commit().damage()).isEmpty();
    Path afterwards = temporary.resolve("afterwards");
    assertThat(LocalMesh.backUp(folder, afterwards).damage()).isEmpty();
    publish(afterwards);
    assertFenced();
    try (Mesh copy = LocalMesh.openExisting(backup)) {
      assertThat(publishes(copy)).isEqualTo(2);
      assertThat(copy.doctor().findings()).isEmpty();
    }
    assertThat(
            LocalMesh.move(backup, new OtherFolder(temporary.resolve("third"))).commit().damage())
        .as("a backup can be moved elsewhere")
        .isEmpty();
  }
}
