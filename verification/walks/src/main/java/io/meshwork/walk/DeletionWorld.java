package io.meshwork.walk;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.walk.MeshModel.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Two meshes with the same names, a lake of another program, and disks, in a temporary folder. */
final class DeletionWorld implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration KEPT_IN_QUARANTINE = Duration.ofDays(90);

  final Path root = FileTree.temporary("walk");
  final Path lake = Files.createDirectories(root.resolve("lakes").resolve("trips"));
  final Path extraDisk = Files.createDirectories(root.resolve("disks").resolve("extra"));
  final LakeFiles lakeFiles;
  final WalkedMesh main;
  final WalkedMesh other;

  /** Files in folders of a mesh that no mesh wrote. */
  final SortedMap<Path, byte[]> foreign = new TreeMap<>();

  /** Files with committed rows that are elsewhere, or that only a newer registry knows. */
  final Map<Path, CommittedRows> needed = new HashMap<>();

  /** What people did, and how it is undone. */
  final List<Undo> standing = new ArrayList<>();

  /** The newest registry, while an older one is in its place. */
  WalkedMesh.@Nullable SavedRegistry newest;

  WalkedMesh.@Nullable SavedRegistry saved;
  boolean swapped;

  /** True if a file of the lake was copied: a copy beside its original counts as another file. */
  boolean copied;

  /** How often files of the lake were registered. */
  int registrations;

  Instant now = START;
  long nextId = 10;
  private final List<String> program = new ArrayList<>();
  private SortedMap<Path, FileTree.State> tree = new TreeMap<>();
  private final ProductSteps products = new ProductSteps(this);
  private final UpkeepSteps upkeep = new UpkeepSteps(this);
  private final FileSteps files = new FileSteps(this);

  /** Rows of a file, and whose. */
  record CommittedRows(WalkedMesh mesh, Product product, List<Long> rows) {}

  /** What is standing. */
  record Undo(String what, WalkedMesh mesh, Action action) {}

  /** Changes files. */
  interface Action {
    void run() throws IOException;
  }

  /** Calls a mesh. */
  interface Call {
    void run() throws Exception;
  }

  DeletionWorld(LakeFiles lakeFiles, long seed) throws IOException {
    this.lakeFiles = lakeFiles;
    this.main = new WalkedMesh("main", root, () -> now, seed * 31 + 1);
    this.other = new WalkedMesh("other", root, () -> now, seed * 31 + 500_000_000);
    for (WalkedMesh mesh : List.of(main, other)) {
      mesh.mesh();
      Files.createSymbolicLink(mesh.folder.resolve("annex"), mesh.disk);
    }
    look();
  }

  List<String> program() {
    return List.copyOf(program);
  }

  /** Adds a line of the program that is printed for a violation. */
  void line(String text) {
    program.add(text);
  }

  void run(DeletionStep step) throws IOException {
    WalkedMesh mesh = step.first() % 5 == 4 ? other : main;
    switch (step.kind()) {
      case RENAME_FOLDER,
          RENAME_FILE,
          LINK_FILE,
          FOREIGN_FILE,
          COPY_OWN_FILE,
          ADD_LAKE_FILE,
          RENAME_LAKE_FILE,
          COPY_LAKE_FILE,
          LINK_LAKE_FILE,
          SWAP_DISKS,
          SAVE_REGISTRY,
          UNDO ->
          files.run(step, mesh);
      case OLDER_REGISTRY -> {
        files.run(step, mesh);
        if (newest != null && step.second() % 2 == 0) {
          jump(Duration.ofHours(30));
          upkeep.run(new DeletionStep(DeletionStep.Kind.MAINTAIN, 0, step.second()), main);
          check(main);
        }
      }
      case LINK_DOMAIN -> {
        files.run(step, mesh);
        upkeep.backUp(mesh);
      }
      case JUMP -> {
        Duration time =
            switch (step.second() % 8) {
              case 0 -> Duration.ofHours(1);
              case 1 -> Duration.ofMinutes(-3);
              case 2 -> Duration.ofDays(8);
              case 3 -> Duration.ofDays(40);
              default -> Duration.ofHours(30);
            };
        jump(time);
      }
      case MAINTAIN, DOCTOR, REPAIR, BACK_UP, ERASE_NOW, COPY_MESH -> {
        upkeep.run(step, mesh);
        check(mesh);
      }
      case ONBOARD, REFRESH, ONBOARD_BY_OTHER_NAME -> {
        products.run(step, main);
        check(main);
      }
      default -> {
        products.run(step, mesh);
        check(mesh);
      }
    }
  }

  /** Advances the clock. */
  void jump(Duration time) {
    now = now.plus(time);
    line("clock.advance(Duration.parse(\"" + time + "\"));");
  }

  /** Puts data of a mesh on its disk. */
  void keepOnDisk(WalkedMesh mesh) {
    products.keepOnDisk(mesh);
  }

  /** Calls a mesh; a refusal is right while something stands. Returns true if it was accepted. */
  boolean call(WalkedMesh mesh, String what, Call call) {
    line(mesh.name + "." + what + ";");
    try {
      call.run();
      compare(mesh, what);
      return true;
    } catch (MeshException e) {
      line("  // refused: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      compare(mesh, what);
      return false;
    } catch (Violation e) {
      throw e;
    } catch (Exception e) {
      throw new Violation("BARE_EXCEPTION", what + " throws " + e);
    }
  }

  /** Remembers the files, and gives new ones the time of the clock. */
  void look() {
    SortedMap<Path, FileTree.State> files = FileTree.of(root);
    for (Path file : files.keySet()) {
      if (!tree.containsKey(file) && !foreign.containsKey(file)) {
        try {
          FileTree.setTime(file, now);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    tree = files;
  }

  private void compare(WalkedMesh mesh, String what) {
    SortedMap<Path, FileTree.State> before = tree;
    look();
    before.forEach(
        (file, state) -> {
          if (!state.equals(tree.get(file))) {
            changed(mesh, what, file, !tree.containsKey(file));
          }
        });
    WalkedMesh neighbour = mesh == main ? other : main;
    for (Path file : tree.keySet()) {
      if (!before.containsKey(file)
          && (file.startsWith(neighbour.disk)
              || (file.startsWith(neighbour.folder) && !isRegistry(file)))) {
        throw new Violation(
            "WRITES_TO_OTHER_MESH", what + " of " + mesh.name + " wrote " + show(file));
      }
    }
  }

  private boolean isRegistry(Path file) {
    return file.startsWith(root) && show(file).matches(".*/registry/[^/]+");
  }

  private void changed(WalkedMesh mesh, String what, Path file, boolean deleted) {
    WalkedMesh neighbour = mesh == main ? other : main;
    String how = what + " of " + mesh.name + (deleted ? " deleted " : " changed ") + show(file);
    if (isRegistry(file)) {
      return;
    }
    if (file.startsWith(neighbour.disk) || file.startsWith(neighbour.folder)) {
      throw new Violation("CHANGES_OTHER_MESH", how);
    }
    if (file.startsWith(lake)) {
      throw new Violation("CHANGES_LAKE", how);
    }
    if (foreign.containsKey(file)) {
      if (!what.endsWith(".withProof().commit()")) {
        throw new Violation("DELETES_FOREIGN_FILE", how);
      }
      foreign.remove(file);
    }
    CommittedRows rows = needed.get(file);
    if (rows != null && !rows.product().unknown) {
      Product current = rows.product();
      if (rows.rows().stream()
          .anyMatch(id -> current.rows.contains(id) && !what.contains("id = " + id + "\""))) {
        throw new Violation(newest == null ? "DELETES_ONLY_COPY" : "DELETES_COMMITTED_ROWS", how);
      }
    }
  }

  String show(Path file) {
    return root.relativize(file).toString();
  }

  /** Returns true if a refusal to read is right. */
  boolean stands(WalkedMesh mesh) {
    return swapped
        || standing.stream().anyMatch(undo -> undo.mesh() == mesh)
        || (mesh == main && newest != null);
  }

  /** Checks that each row that is committed can be read, and no other. */
  void check(WalkedMesh mesh) {
    for (Product product : mesh.model.products.values()) {
      checkRows(mesh, product, stands(mesh));
    }
  }

  private void checkRows(WalkedMesh mesh, Product product, boolean mayRefuse) {
    if (product.unknown) {
      return;
    }
    List<String> refusals = new ArrayList<>();
    Optional<List<Long>> ids;
    try {
      ids = WalkedMesh.ids(mesh.etl(product), product, refusals);
    } catch (RuntimeException e) {
      throw new Violation("BARE_EXCEPTION", "reading " + product.name + " throws " + e);
    }
    if (copied && product.lakeFiles != null) {
      ids = ids.map(all -> all.stream().distinct().toList());
    }
    List<Long> expected = List.copyOf(product.rows);
    if (ids.isPresent() && !ids.get().equals(expected)) {
      boolean more = ids.get().size() > expected.size();
      throw new Violation(
          more ? "ROWS_TOO_MANY" : "ROWS_MISSING",
          product.name + " of " + mesh.name + " has " + ids.get() + ", not " + expected);
    }
    if (ids.isEmpty() && !mayRefuse) {
      throw new Violation("UNREADABLE", product.name + " of " + mesh.name + ": " + refusals);
    }
    if (!product.rolledOut && !product.quarantined.isEmpty()) {
      checkQuarantine(mesh, product, mayRefuse);
    }
  }

  /** Checks that the quarantine has each row that did not expire once, and no other. */
  private void checkQuarantine(WalkedMesh mesh, Product product, boolean mayRefuse) {
    Optional<List<String>> texts = WalkedMesh.quarantined(mesh.etl(product), product);
    String where = "The quarantine of " + product.name + " of " + mesh.name;
    if (texts.isEmpty()) {
      if (!mayRefuse) {
        throw new Violation("UNREADABLE", where);
      }
      return;
    }
    List<String> others = new ArrayList<>(texts.get());
    product.quarantined.forEach(
        (id, time) -> {
          boolean isRemoved = others.remove(Item.json(id));
          if (!isRemoved && time.isAfter(now.minus(KEPT_IN_QUARANTINE))) {
            throw new Violation("ROWS_MISSING", where + " has " + texts.get() + ", not row " + id);
          }
        });
    if (!others.isEmpty()) {
      throw new Violation("ROWS_TOO_MANY", where + " also has " + others);
    }
  }

  boolean readable(WalkedMesh mesh, Product product) {
    return WalkedMesh.ids(mesh.etl(product), product, new ArrayList<>()).isPresent();
  }

  /** Undoes what people did, and checks that everything is there and can be published to. */
  void end() throws IOException {
    line("// everything is put back");
    files.undoAll();
    look();
    for (Map.Entry<Path, byte[]> file : foreign.entrySet()) {
      if (Files.notExists(file.getKey(), LinkOption.NOFOLLOW_LINKS)
          || !Arrays.equals(Files.readAllBytes(file.getKey()), file.getValue())) {
        throw new Violation("DELETES_FOREIGN_FILE", show(file.getKey()));
      }
    }
    for (WalkedMesh mesh : List.of(main, other)) {
      for (Product product : mesh.model.products.values()) {
        if (product.lakeFiles != null && !readable(mesh, product)) {
          products.refresh(mesh, product);
        }
      }
      for (Product product : mesh.model.products.values()) {
        if (!product.unknown && !product.rolledOut) {
          products.publishOne(mesh, product);
        }
      }
      check(mesh);
      requireNoMissingFile(mesh);
    }
  }

  private static void requireNoMissingFile(WalkedMesh mesh) {
    Collection<Product> products = mesh.model.products.values();
    if (products.isEmpty() || products.stream().anyMatch(p -> p.unknown || p.lakeFiles != null)) {
      return;
    }
    List<Finding> lost =
        mesh.mesh().doctor().problems().stream()
            .filter(finding -> finding.code().toString().equals("FILE_MISSING"))
            .toList();
    if (!lost.isEmpty()) {
      throw new Violation("FILE_MISSING", mesh.name + ": " + lost);
    }
  }

  @Override
  public void close() {
    main.close();
    other.close();
    FileTree.delete(root);
  }
}
