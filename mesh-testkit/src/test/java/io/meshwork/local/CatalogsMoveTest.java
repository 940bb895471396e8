package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Warehouse;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The move of a folder of several catalogs that others write to, and that is interrupted. */
class CatalogsMoveTest {
  private static final int MIN_INTERRUPTIONS = 5;

  @TempDir private Path temporary;
  private Path folder;
  private Path elsewhere;

  @BeforeEach
  void createTheMesh() {
    folder = temporary.resolve("folder");
    elsewhere = temporary.resolve("elsewhere");
    try (Mesh mesh = LocalMesh.builder(folder).topology(Topology.federated()).open()) {
      register(mesh, "commerce");
      register(mesh, "finance");
    }
  }

  private static void register(Mesh mesh, String domain) {
    var owner = mesh.clientAs(Principal.of(domain, "etl"));
    owner.registerDomain(domain).owner(domain + "@example.org").commit();
    owner.defineProduct(domain + "/readings").contract(Contract.of(SensorReading.class)).commit();
    publish(mesh, domain);
  }

  private static void publish(Mesh mesh, String domain) {
    mesh.clientAs(Principal.of(domain, "etl"))
        .publish(domain + "/readings")
        .records(List.of(new SensorReading(1, 20)))
        .commit();
  }

  private void publish(String domain) {
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      publish(mesh, domain);
    }
  }

  private static long rows(Mesh mesh, String domain) {
    try (Rows<SensorReading> rows =
        mesh.clientAs(Principal.of(domain, "etl"))
            .read(domain + "/readings")
            .as(SensorReading.class)
            .rows()) {
      return rows.stream().count();
    }
  }

  private MoveMesh move(BiConsumer<String, Transaction> beforeCommit) {
    return LocalMesh.move(folder, new OtherFolder(elsewhere, beforeCommit))
        .catalog("commerce", "a")
        .catalog("finance", "b");
  }

  private MoveMesh move() {
    return move((registry, transaction) -> {});
  }

  private Mesh moved() {
    OtherFolder target = new OtherFolder(elsewhere);
    Warehouse.Ports ports = target.open();
    return Mesh.builder(ports.registry(), ports.files(), ports.root())
        .catalogs(name -> target.openCatalog(name, name.equals("commerce") ? "a" : "b"))
        .open();
  }

  @Test
  void aMoveThatIsInterruptedAtAnyCommitContinues() throws Exception {
    Path original = folder;
    int interrupted = 0;
    boolean isComplete = false;
    for (int last = 0; !isComplete; last++) {
      folder = temporary.resolve("folder" + last);
      elsewhere = temporary.resolve("elsewhere" + last);
      FolderContent.copy(original, folder);
      try {
        move(new Interruption(last)::beforeCommit).commit();
        isComplete = true;
      } catch (BackendException e) {
        interrupted++;
        if (interrupted % 2 == 0) {
          assertThat(move().commit().damage()).as("after %s commits", last).isEmpty();
        } else {
          move().abandon();
          publish("commerce");
          publish("finance");
          elsewhere = temporary.resolve("again" + last);
          assertThat(move().commit().damage()).as("after %s commits", last).isEmpty();
        }
      }
      try (Mesh mesh = moved();
          Mesh before = LocalMesh.openExisting(folder)) {
        for (String domain : List.of("commerce", "finance")) {
          assertThat(rows(mesh, domain)).as("%s commits", last).isEqualTo(rows(before, domain));
        }
        assertThat(mesh.doctorWithChecksums().problems()).as("%s commits", last).isEmpty();
      }
    }
    assertThat(interrupted).isGreaterThan(MIN_INTERRUPTIONS);
  }

  /** Interrupts a move after some commits, in all registries together. */
  private static final class Interruption {
    private int left;

    Interruption(int commits) {
      left = commits;
    }

    void beforeCommit(String registry, Transaction transaction) {
      if (left-- <= 0) {
        throw interrupted();
      }
    }
  }

  @Test
  void aCatalogThatIsAddedDuringTheCopyNeedsAnAccount() {
    boolean[] added = {false};
    MoveMesh move =
        move(
            (registry, transaction) -> {
              if (registry.equals("b") && !added[0]) { // after the directory and commerce
                added[0] = true;
                try (Mesh mesh = LocalMesh.openExisting(folder)) {
                  register(mesh, "risk");
                }
              }
            });

    assertThatThrownBy(move::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'risk'", "no account", "The folder can be written");

    for (String domain : List.of("commerce", "finance", "risk")) {
      publish(domain);
    }
    assertThat(move().plan().findings())
        .extracting(finding -> finding.code() + " " + finding.where())
        .containsExactly("CATALOG_UNMAPPED risk");
    assertThat(move().catalog("risk", "c").commit().damage()).isEmpty();
  }

  @Test
  void aMoveThatEndedBetweenTheCatalogsContinues() {
    assertThatThrownBy(() -> move(CatalogsMoveTest::refusePlacing).commit())
        .isInstanceOf(BackendException.class);
    try (FolderRegistries registries = FolderRegistries.open(folder)) {
      assertThat(registries.isMoving()).isTrue();
      registries.catalog("finance").allowWriting(); // as if the move ended before this catalog
    }
    publish("finance");
    assertMoved("commerce");

    assertThat(move().commit().damage()).isEmpty();

    try (Mesh mesh = moved()) {
      assertThat(rows(mesh, "commerce")).isEqualTo(1);
      assertThat(rows(mesh, "finance")).isEqualTo(2);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    assertMoved("finance");
  }

  @Test
  void anEndOfAMoveThatWasInterruptedIsRepeated() {
    assertThatThrownBy(() -> move(CatalogsMoveTest::refusePlacing).commit())
        .isInstanceOf(BackendException.class);
    try (FolderRegistries registries = FolderRegistries.open(folder)) {
      registries.directory().allowWriting(); // the first that is allowed
    }
    assertMoved("commerce");

    move().abandon();

    publish("commerce");
    publish("finance");
    move().abandon();
    assertThat(move().commit().damage()).isEmpty();
    try (Mesh mesh = moved()) {
      assertThat(rows(mesh, "commerce")).isEqualTo(2);
    }
  }

  @Test
  void aBackupWhoseCatalogsChangeMeanwhileCanBeOpenedAndReportsWhatDiffers() {
    assertThat(move().commit().damage()).isEmpty();
    OtherFolder source = new OtherFolder(elsewhere);
    Path target = temporary.resolve("backup");

    LocalMesh.Copy backup =
        LocalMesh.backUp(
            source.open(),
            name ->
                new RegistryWithSteps(
                    source.registry(name.equals("commerce") ? "a" : "b"),
                    transaction -> {},
                    name.equals("finance") ? this::linkALaterProduct : () -> {}),
            target,
            InstantSource.system());

    assertThat(backup.damage()).isEmpty();
    try (Mesh mesh = LocalMesh.openExisting(target)) {
      assertThat(rows(mesh, "commerce")).isEqualTo(1);
      assertThat(rows(mesh, "finance")).isEqualTo(1);
      assertThat(mesh.doctorWithChecksums().findings())
          .extracting(Finding::code)
          .as("a link to a product that was defined after its catalog was copied")
          .containsExactly(FindingCode.LINK_DANGLING);
      mesh.clientAs(Principal.of("finance", "etl")).unlinkResource("sales.later").commit();
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
    }
  }

  /** Between the copies of two catalogs: defines a product in the first, and links it. */
  private void linkALaterProduct() {
    try (Mesh mesh = moved()) {
      var commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.defineProduct("commerce/later").contract(Contract.of(SensorReading.class)).commit();
      commerce
          .grant("commerce/later")
          .to(Principal.of("finance", "etl"))
          .because("Month end")
          .commit();
      mesh.clientAs(Principal.of("finance", "etl"))
          .linkResource("commerce/later")
          .database("sales")
          .name("later")
          .commit();
    }
  }

  @Test
  void aMoveWithOtherAccountsOfCatalogsIsRefusedOnceWritingEnded() {
    assertThatThrownBy(() -> move(CatalogsMoveTest::refusePlacing).commit())
        .isInstanceOf(BackendException.class);

    assertThatThrownBy(() -> move().catalog("finance", "c").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("other accounts");
  }

  private void assertMoved(String domain) {
    assertThatThrownBy(() -> publish(domain))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.MESH_MOVED));
  }

  private void loseTheDirectory() throws IOException {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(elsewhere.resolve(OtherFolder.DIRECTORY + ".db" + suffix));
    }
  }

  @Test
  void aDirectoryThatWasLostAfterTheMoveIsCopiedAgain() throws IOException {
    move().commit();
    loseTheDirectory();

    assertThat(move().commit().damage()).isEmpty();

    try (Mesh mesh = moved()) {
      assertThat(rows(mesh, "commerce")).isEqualTo(1);
      assertThat(rows(mesh, "finance")).isEqualTo(1);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void aCatalogThatIsInUseIsNotReplacedByTheFolder() throws IOException {
    move().commit();
    Path backup = backUp();
    try (Mesh mesh = moved()) {
      publish(mesh, "commerce");
    }
    List<Registry.Document> used = copiedDocuments();
    loseTheDirectory();

    assertInUse(move()); // the folder that was moved
    folder = backup;
    assertInUse(move()); // a backup from before the catalog was used
    assertThat(copiedDocuments()).isEqualTo(used);
    publish("commerce"); // the backup can be written
  }

  private Path backUp() {
    OtherFolder source = new OtherFolder(elsewhere);
    Path target = temporary.resolve("backup");
    LocalMesh.backUp(
        source.open(),
        name -> source.registry(name.equals("commerce") ? "a" : "b"),
        target,
        InstantSource.system());
    return target;
  }

  private static void assertInUse(MoveMesh move) {
    assertThatThrownBy(move::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'commerce'", "Nothing was changed");
  }

  /** Returns the documents of a product in the registry of the catalog commerce. */
  private List<Registry.Document> copiedDocuments() {
    try (Registry catalog = new OtherFolder(elsewhere).registry("a")) {
      return DocumentCopy.read(catalog, "commerce/readings");
    }
  }

  /** Interrupts a move before its first change of a copied document. */
  private static void refusePlacing(String registry, Transaction transaction) {
    boolean places =
        transaction.actions().stream()
            .filter(action -> action.key().sort().startsWith("log/"))
            .anyMatch(action -> String.valueOf(action.json()).contains("elsewhere"));
    if (places) {
      throw interrupted();
    }
  }

  private static BackendException interrupted() {
    return Failure.of(MeshAction.of(Verb.COMMIT, "the registry"))
        .because("a test interrupted the move")
        .fix("Run it again.")
        .lasting(ErrorCode.BACKEND_FAILED);
  }
}
