package io.meshwork.aws.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.StagedPublish;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A walk over a mesh in a folder, some of whose files are of another program, which moves to AWS,
 * where somebody deletes files. Law: what was committed can be read as soon as the deleted files
 * are restored, and a backup has it.
 */
final class MovedMeshWalk implements AutoCloseable {
  private static final Contract CONTRACT = Contract.of(Click.class);
  private static final Map<String, String> ACCOUNTS =
      Map.of("commerce", AwsMoveFixture.COMMERCE, "finance", AwsMoveFixture.FINANCE);

  private final SplittableRandom random;
  private final Path folder;
  private final Path lake;
  private final List<String> program = new ArrayList<>();
  private final SortedMap<String, Product> products = new TreeMap<>();
  private @Nullable AwsConfig config;
  private Mesh mesh;
  private long nextId = 1;
  private int backups;

  /** True while files are deleted that were not restored. */
  private boolean lacksFiles;

  record Click(long id) {}

  /** What a product must have. */
  private static final class Product {
    final List<Long> rows = new ArrayList<>();
    final SortedMap<String, List<Long>> staged = new TreeMap<>();

    /** True for files of another program that only the mesh in the folder reads. */
    boolean leftBehind;
  }

  private interface Call {
    void run();
  }

  /**
   * Opens a mesh in a folder.
   *
   * @param lake a folder with a file of another program, whose rows have the ID 0
   */
  MovedMeshWalk(long seed, Path folder, Path lake) {
    this.random = new SplittableRandom(seed);
    this.folder = folder;
    this.lake = lake;
    this.mesh = LocalMesh.builder(folder, Map.of("lake", lake)).open();
    ACCOUNTS.keySet().forEach(d -> etl(d).registerDomain(d).owner(d + "@example.org").commit());
  }

  List<String> program() {
    return program;
  }

  /** Takes steps in the folder, moves, takes steps on AWS, and restores what is missing. */
  void run(int steps) {
    define();
    for (int step = 0; step < steps / 2; step++) {
      switch (random.nextInt(5)) {
        case 0 -> define();
        case 1 -> onboard();
        default -> change();
      }
    }
    move();
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(9)) {
        case 0, 1 -> deleteFiles();
        case 2, 3 -> restoreFiles();
        case 4 -> backUp();
        case 5 -> maintain();
        case 6 -> define();
        default -> change();
      }
    }
    restoreFiles();
    backUp();
  }

  private MeshClient etl(String product) {
    String domain = product.split("/", 2)[0];
    return mesh.clientAs(
        Principal.of(config == null ? domain : ACCOUNTS.getOrDefault(domain, ""), "etl"));
  }

  private String newName() {
    return (random.nextBoolean() ? "commerce" : "finance") + "/p" + products.size();
  }

  private void define() {
    String name = newName();
    if (call(
        "defineProduct(" + name + ")",
        () -> etl(name).defineProduct(name).contract(CONTRACT).commit())) {
      products.put(name, new Product());
    }
  }

  private void onboard() {
    String name = newName();
    if (call(
        "onboard(" + name + ").from(lake)",
        () -> etl(name).onboard(name).contract(CONTRACT).from(lake).commit())) {
      Product product = new Product();
      product.rows.add(0L);
      product.leftBehind = true;
      products.put(name, product);
    }
  }

  /** Publishes, stages, promotes, replaces, or erases rows of a product. */
  private void change() {
    String name = List.copyOf(products.keySet()).get(random.nextInt(products.size()));
    Product product = products.get(name);
    List<Click> rows = List.of(new Click(nextId++), new Click(nextId++));
    List<Long> ids = rows.stream().map(Click::id).toList();
    switch (random.nextInt(5)) {
      case 0 -> stage(name, product, rows);
      case 1 -> promote(name, product);
      case 2 -> {
        if (call(
            "publish(" + name + ").replaceAll()." + ids,
            () -> etl(name).publish(name).records(rows).replaceAll().commit())) {
          product.rows.clear();
          product.rows.addAll(ids);
          product.leftBehind = product.leftBehind && config == null;
        }
      }
      case 3 -> {
        if (!product.rows.isEmpty() && !product.leftBehind) {
          Long id = product.rows.get(random.nextInt(product.rows.size()));
          if (call(
              "erase(" + name + ").id=" + id,
              () -> etl(name).erase(name).where("id = " + id).because("a request").commit())) {
            product.rows.remove(id);
          }
        }
      }
      default -> {
        if (call(
            "publish(" + name + ")." + ids, () -> etl(name).publish(name).records(rows).commit())) {
          product.rows.addAll(ids);
        }
      }
    }
  }

  private void stage(String name, Product product, List<Click> rows) {
    List<StagedPublish> staged = new ArrayList<>();
    List<Long> ids = rows.stream().map(Click::id).toList();
    if (call(
        "publish(" + name + ").stage()." + ids,
        () -> staged.add(etl(name).publish(name).records(rows).stage()))) {
      product.staged.put(staged.get(0).id(), ids);
    }
  }

  private void promote(String name, Product product) {
    if (!product.staged.isEmpty()) {
      String id = product.staged.firstKey();
      if (call("promote(" + name + ", " + id + ")", () -> find(name, id).promote().commit())) {
        product.rows.addAll(product.staged.remove(id));
      }
    }
  }

  private StagedPublish find(String name, String id) {
    return etl(name).stagedPublishes(name).stream()
        .filter(staged -> staged.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private void move() {
    mesh.close();
    AwsConfig target = AwsMoveFixture.emptyStores();
    program.add("move()");
    AwsMoveFixture.move(folder, target).commit();
    config = target;
    mesh = open(target);
    check();
  }

  private Mesh open(AwsConfig target) {
    Warehouse.Ports ports = AwsLocal.moveTarget(target, AwsLocal.role("admin")).open();
    return Mesh.builder(ports.registry(), ports.files(), ports.root()).open();
  }

  private AwsConfig config() {
    if (config == null) {
      throw new IllegalStateException("the mesh has not moved");
    }
    return config;
  }

  /** Deletes all files, those of a domain or of a product, or only the rows. */
  private void deleteFiles() {
    String name = List.copyOf(products.keySet()).get(random.nextInt(products.size()));
    String prefix =
        switch (random.nextInt(4)) {
          case 0 -> "data/";
          case 1 -> "data/" + name.split("/", 2)[0] + "/";
          case 2 -> "data/" + name + "_v1/data/";
          default -> "data/" + name + "_v1/";
        };
    int deleted = AwsLocal.deleteObjects(config(), prefix);
    program.add("somebody deletes " + deleted + " objects below " + prefix);
    lacksFiles |= deleted > 0;
  }

  private void restoreFiles() {
    program.add("restoreFiles()");
    long restored = AwsLocal.restoreFiles(config(), AwsLocal.role("admin"));
    assertThat(restored > 0).as("files are restored if some are missing").isEqualTo(lacksFiles);
    lacksFiles = false;
    check();
  }

  private void maintain() {
    call("maintain()", () -> mesh.maintain().commit());
    if (!lacksFiles) {
      check();
    }
  }

  /** A backup that says it is undamaged has all rows. */
  private void backUp() {
    Path target = folder.resolveSibling(folder.getFileName() + "-backup" + backups++);
    List<LocalMesh.Copy> copies = new ArrayList<>();
    boolean done =
        call(
            "backUp()",
            () -> copies.add(AwsLocal.backUp(config(), target, AwsLocal.role("admin"))));
    if (done && copies.get(0).damage().stream().allMatch(this::isOfLeftBehind)) {
      try (Mesh copy = LocalMesh.builder(target).open()) {
        requireRows(copy);
      }
    } else {
      assertThat(lacksFiles).as("a backup of an undamaged mesh is undamaged: " + copies).isTrue();
    }
  }

  private boolean isOfLeftBehind(Finding finding) {
    return finding.code().equals(FindingCode.FILE_MISSING)
        && finding.samples().stream().allMatch(sample -> sample.startsWith("root:lake/"));
  }

  private void check() {
    requireRows(mesh);
    assertThat(mesh.doctor().problems()).allMatch(this::isOfLeftBehind);
  }

  private void requireRows(Mesh open) {
    products.forEach(
        (name, product) -> {
          MeshClient etl = open.clientAs(etl(name).principal());
          if (product.leftBehind) {
            assertThat(refusal(etl, name)).isEqualTo(ErrorCode.CONFIG_INVALID);
          } else {
            assertThat(ids(etl, name)).as(name).containsExactlyInAnyOrderElementsOf(product.rows);
          }
          assertThat(etl.stagedPublishes(name))
              .as("staged rows of " + name)
              .extracting(StagedPublish::id)
              .containsExactlyInAnyOrderElementsOf(product.staged.keySet());
        });
  }

  private static @Nullable ErrorCode refusal(MeshClient etl, String name) {
    try {
      ids(etl, name);
      return null;
    } catch (MeshException e) {
      return e.errorCode();
    }
  }

  private static List<Long> ids(MeshClient etl, String name) {
    try (Rows<Click> rows = etl.read(name).as(Click.class).rows()) {
      return rows.stream().map(Click::id).toList();
    }
  }

  /** Calls the mesh; a refusal is right while files are missing. Returns true if it accepted. */
  private boolean call(String what, Call call) {
    program.add(what);
    try {
      call.run();
      return true;
    } catch (MeshException e) {
      program.add("  refused: " + e.getMessage());
      if (lacksFiles) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    mesh.close();
  }
}
