package io.meshwork.walk;

import static io.meshwork.contract.Partition.identity;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.StagedPublish;
import io.meshwork.walk.MeshModel.Product;
import io.meshwork.walk.MeshModel.StagedRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Steps that define, publish, erase, and roll out. */
final class ProductSteps {
  private static final List<String> DOMAINS =
      List.of("sales", "metadata", "data", "archive", "snap-x");
  private static final String DISK = "mesh:/annex";
  private static final List<String> PLACES =
      List.of("", DISK, "mesh:/metadata", "mesh:/snap-disk", DISK);

  private final DeletionWorld world;

  ProductSteps(DeletionWorld world) {
    this.world = world;
  }

  void run(DeletionStep step, WalkedMesh mesh) throws IOException {
    switch (step.kind()) {
      case DEFINE -> define(mesh, step.second());
      case ONBOARD -> onboard(mesh, step.second());
      case REFRESH, ONBOARD_BY_OTHER_NAME -> onboardAgain(step, mesh);
      default -> {
        List<Product> all = mesh.model.products.values().stream().toList();
        if (!all.isEmpty()) {
          change(step, mesh, all.get(step.first() / 5 % all.size()));
        }
      }
    }
  }

  private void change(DeletionStep step, WalkedMesh mesh, Product product) throws IOException {
    switch (step.kind()) {
      case DEFINE_BESIDE -> defineBeside(mesh, product);
      case ROLL_OUT -> rollOut(mesh, product);
      case RETIRE -> retire(mesh, product);
      case PURGE -> purge(mesh, product);
      default -> {
        if (!product.rolledOut) {
          publish(step, mesh, product);
        }
      }
    }
  }

  /** Registers new files of the lake, if a product has some of it. */
  private void onboardAgain(DeletionStep step, WalkedMesh mesh) throws IOException {
    List<Product> all =
        mesh.model.products.values().stream().filter(each -> each.lakeFiles != null).toList();
    if (all.isEmpty()) {
      onboard(mesh, step.second());
    } else if (step.kind() == DeletionStep.Kind.REFRESH) {
      refresh(mesh, all.get(step.first() / 5 % all.size()));
    } else {
      onboardByOtherName(mesh, all.get(step.first() / 5 % all.size()));
    }
  }

  private void define(WalkedMesh mesh, int choice) throws IOException {
    String domain = DOMAINS.get(choice % DOMAINS.size());
    String place = PLACES.get(choice / 5 % PLACES.size());
    String name = domain + "/p" + choice / 25 % 3;
    if (mesh.model.products.containsKey(name)) {
      return;
    }
    register(mesh, domain, place);
    define(mesh, new Product(name, /* partitioned= */ choice / 75 % 2 == 0));
  }

  private void define(WalkedMesh mesh, Product product) {
    String name = product.name;
    boolean partitioned = product.partitioned;
    boolean done =
        world.call(
            mesh,
            "defineProduct(\"" + name + "\")" + (partitioned ? ".partitionBy(region)" : ""),
            () -> {
              var define = mesh.etl(product).defineProduct(name).contract(Item.contract());
              (partitioned ? define.partitionBy(identity("region")) : define).commit();
            });
    if (done) {
      mesh.model.products.put(name, product);
    }
  }

  /** Defines a product with a row in the domain of another one. */
  private void defineBeside(WalkedMesh mesh, Product existing) {
    Product product = new Product(existing.domain() + "/beside", /* partitioned= */ false);
    if (!mesh.model.products.containsKey(product.name)) {
      define(mesh, product);
      append(mesh, product, newIds(0));
    }
  }

  /** Defines a product with a row in a new domain, whose data is on the disk of the mesh. */
  void keepOnDisk(WalkedMesh mesh) {
    DOMAINS.stream()
        .filter(domain -> !mesh.model.domains.contains(domain))
        .findFirst()
        .ifPresent(
            domain -> {
              Product product = new Product(domain + "/p0", /* partitioned= */ false);
              register(mesh, domain, DISK);
              define(mesh, product);
              append(mesh, product, newIds(0));
            });
  }

  private void register(WalkedMesh mesh, String domain, String place) {
    if (mesh.model.domains.contains(domain)) {
      return;
    }
    boolean done =
        world.call(
            mesh,
            "registerDomain(\"" + domain + "\")",
            () -> mesh.etl(domain).registerDomain(domain).owner("a@example.org").commit());
    if (done) {
      mesh.model.domains.add(domain);
      if (!place.isEmpty()) {
        world.call(
            mesh,
            "registerDomain(\"" + domain + "\").location(\"" + place + "\")",
            () ->
                mesh.etl(domain)
                    .registerDomain(domain)
                    .owner("a@example.org")
                    .location(place)
                    .commit());
      }
    }
  }

  private List<Long> newIds(int choice) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i <= choice % 2; i++) {
      ids.add(world.nextId++);
    }
    return ids;
  }

  /** Publishes a row to a product that must accept it. */
  void publishOne(WalkedMesh mesh, Product product) {
    long id = world.nextId++;
    if (!append(mesh, product, List.of(id))) {
      throw new Violation("UNPUBLISHABLE", product.name + " of " + mesh.name);
    }
  }

  private boolean append(WalkedMesh mesh, Product product, List<Long> ids) {
    boolean done =
        world.call(
            mesh,
            publishing(product, ids) + ".commit()",
            () -> mesh.etl(product).publish(product.name).records(Item.all(ids)).commit());
    if (done) {
      added(product, ids);
    }
    return done;
  }

  private static void added(Product product, List<Long> ids) {
    product.rows.addAll(ids);
    product.commits++;
  }

  private static String publishing(Product product, List<Long> ids) {
    return "publish(\"" + product.name + "\").records(" + ids + ")";
  }

  private void publish(DeletionStep step, WalkedMesh mesh, Product product) throws IOException {
    int choice = step.second();
    MeshClient etl = mesh.etl(product);
    String name = product.name;
    switch (step.kind()) {
      case PUBLISH -> append(mesh, product, newIds(choice));
      case REPLACE -> {
        List<Long> ids = newIds(choice);
        if (world.call(
            mesh,
            publishing(product, ids) + ".replaceAll().commit()",
            () -> etl.publish(name).records(Item.all(ids)).replaceAll().commit())) {
          product.rows.clear();
          added(product, ids);
        }
      }
      case REPLACE_WHERE -> {
        long id = choose(product, choice);
        if (world.call(
            mesh,
            publishing(product, List.of(id)) + ".replaceWhere(\"id = " + id + "\").commit()",
            () ->
                etl.publish(name)
                    .records(List.of(Item.of(id)))
                    .replaceWhere("id = " + id)
                    .commit())) {
          added(product, List.of(id));
        }
      }
      case QUARANTINE -> {
        List<Long> ids = newIds(choice);
        List<Item> rows = new ArrayList<>(Item.all(ids));
        long bad = -1 - ids.get(0);
        rows.add(Item.of(bad));
        if (world.call(
            mesh,
            publishing(product, ids) + ".onViolation(QUARANTINE).commit() // and a row " + bad,
            () -> etl.publish(name).records(rows).onViolation(OnViolation.QUARANTINE).commit())) {
          added(product, ids);
          product.quarantined.put(bad, world.now);
        }
      }
      case STAGE -> {
        List<Long> ids = newIds(choice);
        world.call(
            mesh,
            publishing(product, ids) + ".stage()",
            () -> {
              StagedPublish staged = etl.publish(name).records(Item.all(ids)).stage();
              product.staged.add(new StagedRows(staged.id(), ids));
            });
      }
      case PROMOTE, DISCARD -> unstage(step.kind(), mesh, product);
      case ERASE -> {
        long id = choose(product, choice);
        if (world.call(
            mesh,
            "erase(\"" + name + "\").where(\"id = " + id + "\").because(\"a request\").commit()",
            () -> etl.erase(name).where("id = " + id).because("a request").commit())) {
          product.rows.remove(id);
          product.commits++;
        }
      }
      case INTERRUPTED_PUBLISH -> interrupted(mesh, product, newIds(1));
      case SLOW_PUBLISH -> slow(mesh, product, newIds(choice));
      default -> throw new IllegalStateException(step.kind().toString());
    }
  }

  static long choose(Product product, int choice) {
    List<Long> ids = List.copyOf(product.rows);
    return ids.isEmpty() ? 1 : ids.get(choice % ids.size());
  }

  private void unstage(DeletionStep.Kind kind, WalkedMesh mesh, Product product) {
    if (product.staged.isEmpty()) {
      return;
    }
    StagedRows staged = product.staged.remove(0);
    boolean promote = kind == DeletionStep.Kind.PROMOTE;
    if (world.call(
            mesh,
            "stagedPublishes(\"" + product.name + "\")" + (promote ? ".promote()" : ".discard()"),
            () -> {
              StagedPublish stagedPublish =
                  mesh.etl(product).stagedPublishes(product.name).stream()
                      .filter(each -> each.id().equals(staged.id()))
                      .findFirst()
                      .orElse(null);
              if (stagedPublish == null) {
                return; // it expired, or it was erased
              }
              if (promote) {
                stagedPublish.promote().commit();
                added(product, staged.rows());
              } else {
                stagedPublish.discard();
              }
            })
        && !promote) {
      product.commits++;
    }
  }

  /** The process ends before its commit: the files that it wrote stay. */
  private void interrupted(WalkedMesh mesh, Product product, List<Long> ids) throws IOException {
    world.look();
    SortedMap<Path, FileTree.State> before = FileTree.of(world.root);
    SortedMap<Path, byte[]> contents = new TreeMap<>();
    world.call(
        mesh,
        publishing(product, ids) + ".commit() // the process ends before the commit",
        () -> {
          try (Mesh process = mesh.process("trips", world.lake)) {
            process
                .clientAs(Principal.of(product.domain(), "etl"))
                .publish(product.name)
                .records(Item.all(ids))
                .onProgress(
                    (phase, done, total) -> {
                      if (phase.equals("commit")) {
                        contents.putAll(newFiles(before));
                        throw new IllegalStateException("the process ends");
                      }
                    })
                .commit();
          } catch (IllegalStateException e) {
            // As intended.
          }
        });
    for (var file : contents.entrySet()) {
      if (Files.notExists(file.getKey())) {
        Files.createDirectories(file.getKey().getParent());
        Files.write(file.getKey(), file.getValue());
      }
    }
    world.look();
  }

  private SortedMap<Path, byte[]> newFiles(SortedMap<Path, FileTree.State> before) {
    SortedMap<Path, byte[]> files = new TreeMap<>();
    for (Path file : FileTree.of(world.root).keySet()) {
      if (!before.containsKey(file) && file.toString().matches(".*\\.(parquet|avro)")) {
        try {
          files.put(file, Files.readAllBytes(file));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
    return files;
  }

  /** Another process maintains the mesh while a publish runs for over a day. */
  private void slow(WalkedMesh mesh, Product product, List<Long> ids) {
    boolean[] maintained = {false};
    Publish<?> publish = mesh.etl(product).publish(product.name).records(Item.all(ids));
    if (world.call(
        mesh,
        publishing(product, ids)
            + ".commit() // in 26 hours, while another process runs maintain().commit()",
        () -> {
          try (Mesh process = mesh.process("trips", world.lake)) {
            publish
                .timeout(Duration.ofDays(10))
                .onProgress(
                    (phase, done, total) -> {
                      if (phase.equals("commit") && !maintained[0]) {
                        maintained[0] = true;
                        world.look();
                        world.now = world.now.plus(Duration.ofHours(26));
                        process.maintain().commit();
                      }
                    })
                .commit();
          }
        })) {
      added(product, ids);
    }
  }

  private void rollOut(WalkedMesh mesh, Product product) {
    if (product.rolledOut || product.lakeFiles != null) {
      return;
    }
    String name = product.name;
    MeshClient etl = mesh.etl(product);
    if (world.call(
        mesh,
        "startRollout(\"" + name + "\") with backFill, activate, close",
        () -> {
          etl.startRollout(name).contract(Contract.of(ZonedItem.class)).because("zone").commit();
          product.rolledOut = true;
          etl.rollout(name).announce().commit();
          etl.rollout(name).backFill(Item.class, Item::next).commit();
          etl.rollout(name).activate().commit().close().commit();
        })) {
      product.commits++;
    }
  }

  private void retire(WalkedMesh mesh, Product product) {
    if (product.rolledOut && !product.purged) {
      world.now = world.now.plus(Duration.ofDays(60));
      if (world.call(
          mesh,
          "rollout(\"" + product.name + "\").retire().commit() // 60 days later",
          () -> mesh.etl(product).rollout(product.name).retire().commit())) {
        product.purged = true;
        product.commits++;
      }
    }
  }

  private void purge(WalkedMesh mesh, Product product) {
    if (product.purged) {
      world.now = world.now.plus(Duration.ofDays(60));
      if (world.call(
          mesh,
          "rollout(\"" + product.name + "\").purge().because(\"space\").commit() // 60 days later",
          () -> mesh.etl(product).rollout(product.name).purge().because("space").commit())) {
        product.commits++;
        forget(mesh, product);
      }
    }
  }

  /** Rows were deleted on purpose beside an older registry. */
  void forget(WalkedMesh mesh, Product product) {
    if (mesh == world.main && world.newest != null) {
      Product newer = world.newest.model().products.get(product.name);
      if (newer != null) {
        newer.unknown = true;
      }
    }
  }

  private void onboard(WalkedMesh mesh, int choice) throws IOException {
    String domain = DOMAINS.get(choice % DOMAINS.size());
    String name = domain + "/trips";
    if (mesh.model.products.containsKey(name)) {
      return;
    }
    register(mesh, domain, "");
    if (lakeContents().isEmpty()) {
      Files.write(world.lake.resolve("part-0.parquet"), world.lakeFiles.content(0));
    }
    if (world.call(
        mesh,
        "onboard(\"" + name + "\").contract(..).from(lake).commit()",
        () -> mesh.etl(domain).onboard(name).contract(Item.contract()).from(world.lake).commit())) {
      Product product = new Product(name, /* partitioned= */ false);
      product.lakeFiles = new TreeSet<>();
      mesh.model.products.put(name, product);
      registered(product);
    }
  }

  private void registered(Product product) throws IOException {
    TreeSet<Integer> contents = lakeContents();
    world.registrations++;
    if (product.lakeFiles != null) {
      contents.removeAll(product.lakeFiles);
      product.lakeFiles.addAll(contents);
      contents.forEach(content -> product.rows.addAll(LakeFiles.ids(content)));
      product.commits++;
    }
  }

  private TreeSet<Integer> lakeContents() throws IOException {
    TreeSet<Integer> contents = new TreeSet<>();
    try (Stream<Path> files = Files.list(world.lake)) {
      for (Path file : files.filter(Files::exists).toList()) { // a link may lead nowhere
        byte[] bytes = Files.readAllBytes(file);
        for (int index = 0; index < world.lakeFiles.count(); index++) {
          if (Arrays.equals(bytes, world.lakeFiles.content(index))) {
            contents.add(index);
          }
        }
      }
    }
    return contents;
  }

  void refresh(WalkedMesh mesh, Product product) throws IOException {
    if (product.lakeFiles != null
        && world.call(
            mesh,
            "onboard(\"" + product.name + "\").refresh().commit()",
            () -> mesh.etl(product).onboard(product.name).refresh().commit())) {
      registered(product);
    }
  }

  /** Another process calls the folder around the lake by another name. */
  private void onboardByOtherName(WalkedMesh mesh, Product product) throws IOException {
    if (product.lakeFiles != null
        && world.call(
            mesh,
            "onboard(\""
                + product.name
                + "\").from(lake).commit() // by a process with dataFolder(\"depot\", lakes)",
            () -> {
              try (Mesh process = mesh.process("depot", world.root.resolve("lakes"))) {
                process
                    .clientAs(Principal.of(product.domain(), "etl"))
                    .onboard(product.name)
                    .from(world.lake)
                    .commit();
              }
            })) {
      registered(product);
    }
  }
}
