package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.publish.Erase;
import io.meshwork.walk.MeshModel.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Steps that maintain, examine, copy, and erase at once. */
final class UpkeepSteps {
  private final DeletionWorld world;

  UpkeepSteps(DeletionWorld world) {
    this.world = world;
  }

  void run(DeletionStep step, WalkedMesh mesh) throws IOException {
    switch (step.kind()) {
      case MAINTAIN -> maintain(mesh, step.second());
      case DOCTOR -> doctor(mesh, step.second() % 2 == 0);
      case REPAIR -> world.call(mesh, "repair().commit()", () -> mesh.mesh().repair().commit());
      case BACK_UP -> backUp(mesh);
      case COPY_MESH -> copy(mesh);
      default -> eraseNow(mesh, step);
    }
  }

  private void maintain(WalkedMesh mesh, int choice) {
    if (choice / 6 % 2 == 0) {
      world.jump(Duration.ofHours(30));
    }
    boolean all = choice % 3 == 0;
    world.call(
        mesh,
        "maintain()" + (all ? ".trustClock().expectLeftovers(..)" : "") + ".commit()",
        () -> {
          Maintain maintain = mesh.mesh().maintain();
          if (all) {
            maintain.trustClock().expectLeftovers(1L << 40);
          }
          if (choice % 2 == 0) {
            maintain.commit();
            return;
          }
          Plan<Maintain.Report> plan = maintain.plan();
          Maintain again = mesh.mesh().maintain();
          if (all) {
            again.trustClock().expectLeftovers(1L << 40);
          }
          Maintain.Report report = again.commit();
          if (plan.isEmpty() && report.total(Maintain.Report.Work.FILES_REMOVED) > 0) {
            throw new Violation("PLAN_IS_WRONG", "the plan is empty, and " + report);
          }
        });
  }

  private void doctor(WalkedMesh mesh, boolean checksums) {
    world.call(
        mesh,
        checksums ? "doctorWithChecksums()" : "doctor()",
        () -> {
          Mesh open = mesh.mesh();
          requireTrue(mesh, (checksums ? open.doctorWithChecksums() : open.doctor()).findings());
        });
  }

  /** Nothing that is the only copy of rows is called a leftover, and what is newer is noticed. */
  private void requireTrue(WalkedMesh mesh, List<Finding> findings) {
    for (Finding finding : findings) {
      if (!finding.code().toString().equals("LEFTOVER_FILES")) {
        continue;
      }
      for (String sample : finding.samples()) {
        String name = sample.substring(sample.lastIndexOf('/') + 1);
        world.needed.forEach(
            (file, rows) -> {
              if (rows.mesh() == mesh
                  && file.getFileName().toString().equals(name)
                  && Files.exists(file)
                  && (world.newest != null || !world.readable(mesh, rows.product()))
                  && rows.rows().stream().anyMatch(rows.product().rows::contains)) {
                throw new Violation("CALLS_ONLY_COPY_LEFTOVER", finding.toString());
              }
            });
      }
    }
    if (mesh == world.main && world.newest != null) {
      world.newest.model().products.values().stream()
          .filter(newer -> !newer.unknown && newer.lakeFiles == null && !newer.rolledOut)
          .filter(
              newer -> {
                Product older = mesh.model.products.get(newer.name);
                return older != null && older.commits < newer.commits;
              })
          .findFirst()
          .ifPresent(
              newer -> {
                if (findings.stream().allMatch(f -> f.severity() == Finding.Severity.NOTE)) {
                  throw new Violation(
                      "OLDER_REGISTRY_UNNOTICED", newer.name + ", doctor has " + findings);
                }
              });
    }
  }

  /** What a backup lacks, the doctor knew. */
  void backUp(WalkedMesh mesh) throws IOException {
    Path target = world.root.resolve("backup");
    boolean healthy = mesh.mesh().doctor().problems().isEmpty();
    List<LocalMesh.Copy> copies = new ArrayList<>();
    world.call(
        mesh,
        "backUp(target)",
        () -> {
          mesh.mesh();
          copies.add(LocalMesh.backUp(mesh.folder, target));
        });
    if (!copies.isEmpty()) {
      boolean lake = mesh.model.products.values().stream().anyMatch(p -> p.lakeFiles != null);
      List<Finding> damage =
          copies.get(0).damage().stream()
              .filter(f -> !lake || !f.code().toString().equals("FILE_MISSING"))
              .toList();
      boolean allKnown = mesh.model.products.values().stream().noneMatch(p -> p.unknown);
      if (!damage.isEmpty() && allKnown && (healthy || !world.stands(mesh))) {
        throw new Violation("BACKUP_DAMAGED", "doctor has nothing to say, and " + damage);
      }
      requireSame(mesh, target, damage.isEmpty());
    }
    if (Files.exists(target)) {
      FileTree.delete(target);
    }
    world.look();
  }

  private void requireSame(WalkedMesh mesh, Path target, boolean undamaged) {
    if (!undamaged) {
      return;
    }
    try (Mesh copy = LocalMesh.builder(target).clock(() -> world.now).open()) {
      for (Product product : mesh.model.products.values()) {
        List<String> refusals = new ArrayList<>();
        Optional<List<Long>> ids =
            WalkedMesh.ids(copy.clientAs(Principal.of(product.domain(), "etl")), product, refusals);
        if (product.lakeFiles == null
            && !product.unknown
            && world.readable(mesh, product)
            && !ids.equals(Optional.of(List.copyOf(product.rows)))) {
          throw new Violation("BACKUP_LACKS_ROWS", product.name + ": " + ids + refusals);
        }
      }
    }
  }

  /** A copy of the folder shares the disk. Maintained once, it deletes nothing of the original. */
  private void copy(WalkedMesh mesh) throws IOException {
    if (world.stands(mesh)) {
      return;
    }
    mesh.close();
    Path copied = world.root.resolve("copy");
    FileTree.copy(mesh.folder, copied);
    world.line("// cp -a " + mesh.name + " copy, with the link to the disk");
    for (Product product : mesh.model.products.values()) {
      if (!product.rolledOut && product.lakeFiles == null) {
        new ProductSteps(world).publishOne(mesh, product);
      }
    }
    world.now = world.now.plus(Duration.ofHours(30));
    world.call(
        mesh,
        "maintain().commit() // in the copy, 30 hours later",
        () -> {
          try (Mesh copy =
              LocalMesh.builder(copied, Map.of("trips", world.lake))
                  .clock(() -> world.now)
                  .open()) {
            copy.maintain().commit();
          }
        });
    FileTree.delete(copied);
    world.look();
  }

  private void eraseNow(WalkedMesh mesh, DeletionStep step) {
    List<Product> all =
        mesh.model.products.values().stream().filter(product -> !product.rolledOut).toList();
    if (all.isEmpty()) {
      return;
    }
    Product product = all.get(step.first() / 5 % all.size());
    List<Long> waiting = new ArrayList<>(product.quarantined.keySet());
    product.staged.forEach(staged -> waiting.addAll(staged.rows()));
    long id =
        waiting.isEmpty() || step.second() % 2 == 0
            ? ProductSteps.choose(product, step.second())
            : waiting.get(step.second() / 2 % waiting.size());
    List<Erase.Proof> proofs = new ArrayList<>();
    boolean done =
        world.call(
            mesh,
            "erase(\"" + product.name + "\").where(\"id = " + id + "\").withProof().commit()",
            () -> {
              Erase erase = mesh.etl(product).erase(product.name);
              erase.where("id = " + id).because("a request");
              proofs.add(
                  erase
                      .idempotencyKey("k" + id + "-" + world.nextId++)
                      .withProof()
                      .ignoreReaders()
                      .commit());
            });
    if (!done) {
      if (world.newest != null) { // part of it may be done
        new ProductSteps(world).forget(mesh, product);
      }
      return;
    }
    boolean had =
        product.rows.remove(id)
            | product.quarantined.remove(id) != null
            | product.staged.removeIf(staged -> staged.rows().contains(id));
    product.commits++;
    new ProductSteps(world).forget(mesh, product);
    if (had) {
      requireErased(mesh, product, id, proofs.get(0));
    }
  }

  private void requireErased(WalkedMesh mesh, Product product, long id, Erase.Proof proof) {
    String person = Item.person(id);
    boolean shared =
        mesh.model.products.values().stream()
            .anyMatch(p -> p.rows.contains(id) || (p != product && p.lakeFiles != null));
    String table = "/" + product.name.replace('-', '_') + "_v";
    for (Path file : FileTree.of(world.root).keySet()) {
      String name = file.getFileName().toString();
      boolean reached =
          file.startsWith(mesh.folder)
              || file.startsWith(mesh.disk)
              || file.startsWith(world.extraDisk)
              || file.startsWith(world.lake);
      if (reached
          && (!shared || world.show(file).contains(table))
          && name.matches(".*\\.(parquet|avro)")
          && FileTree.contains(file, person)
          && proof.outOfReach().stream().noneMatch(text -> names(text, file, name))) {
        throw new Violation(
            "ERASED_ROW_STAYS",
            world.show(file) + " has row " + id + "; out of reach are " + proof.outOfReach());
      }
    }
  }

  /** A sentence may name the file, or count the files of a table or lake. */
  private boolean names(String text, Path file, String name) {
    if (text.contains(name) || (file.startsWith(world.lake) && text.contains("root:trips"))) {
      return true;
    }
    return Stream.of(world.show(file).split("/"))
        .anyMatch(folder -> folder.matches(".*_v[0-9]+") && text.contains(folder));
  }
}
