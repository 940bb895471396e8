package io.meshwork.walk;

import io.meshwork.error.MeshException;
import io.meshwork.walk.DeletionWorld.CommittedRows;
import io.meshwork.walk.DeletionWorld.Undo;
import io.meshwork.walk.MeshModel.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Steps of people and of other programs, which change files and know nothing of the meshes. */
final class FileSteps {
  private static final Pattern OWN = Pattern.compile("(.*)(\\.parquet|\\.avro|\\.metadata\\.json)");

  private final DeletionWorld world;

  /** Files that only the newest registry knows. */
  private final Set<Path> newerFiles = new HashSet<>();

  FileSteps(DeletionWorld world) {
    this.world = world;
  }

  void run(DeletionStep step, WalkedMesh mesh) throws IOException {
    int choice = step.second();
    world.look();
    switch (step.kind()) {
      case RENAME_FOLDER -> rename(mesh, choice, folders(mesh, "region=.*|data"));
      case RENAME_FILE -> rename(mesh, choice, dataFiles(mesh));
      case LINK_FILE -> linkFile(mesh, choice);
      case LINK_DOMAIN -> linkDomain(mesh, choice);
      case FOREIGN_FILE -> foreignFile(mesh, choice);
      case COPY_OWN_FILE -> copyOwnFile(mesh, choice);
      case ADD_LAKE_FILE -> addLakeFile(choice);
      case RENAME_LAKE_FILE -> renameLakeFile(choice);
      case COPY_LAKE_FILE -> copyLakeFile(choice, /* link= */ false);
      case LINK_LAKE_FILE -> copyLakeFile(choice, /* link= */ true);
      case SWAP_DISKS -> swap();
      case SAVE_REGISTRY -> save();
      case OLDER_REGISTRY -> olderRegistry();
      default -> undo(choice);
    }
    world.look();
  }

  private List<Path> roots(WalkedMesh mesh) {
    return List.of(mesh.folder, mesh.disk);
  }

  private List<Path> folders(WalkedMesh mesh, String pattern) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Path root : roots(mesh)) {
      for (Path folder : FileTree.folders(root, pattern)) {
        if (world.show(folder).matches(".*_v[0-9]+/.*") && !isMoved(folder)) {
          folders.add(folder);
        }
      }
    }
    return folders;
  }

  private List<Path> dataFiles(WalkedMesh mesh) {
    return FileTree.of(world.root).keySet().stream()
        .filter(file -> roots(mesh).stream().anyMatch(file::startsWith))
        .filter(file -> world.show(file).matches(".*_v[0-9]+(_quarantine)?/.*\\.parquet"))
        .filter(file -> !world.foreign.containsKey(file) && !Files.isSymbolicLink(file))
        .toList();
  }

  /** Returns true for what will be moved back with its folder. */
  private boolean isMoved(Path path) {
    return world.show(path).matches(".*(/attic|/kept| \\(1\\))(/.*)?");
  }

  private void need(WalkedMesh mesh, Path file) {
    for (Product product : mesh.model.products.values()) {
      List<Long> rows =
          product.rows.stream().filter(id -> FileTree.contains(file, Item.person(id))).toList();
      if (!rows.isEmpty() && product.lakeFiles == null && !product.rolledOut) {
        world.needed.put(file, new CommittedRows(mesh, product, rows));
      }
    }
  }

  private void rename(WalkedMesh mesh, int choice, List<Path> paths) throws IOException {
    if (paths.isEmpty()) {
      return;
    }
    Path path = paths.get(choice % paths.size());
    boolean file = Files.isRegularFile(path);
    Path moved =
        file
            ? Files.createDirectories(path.resolveSibling("../kept").normalize())
                .resolve(path.getFileName())
            : path.resolveSibling(path.getFileName() + " (1)");
    if (Files.exists(moved) || world.foreign.keySet().stream().anyMatch(f -> f.startsWith(path))) {
      return;
    }
    mesh.close();
    Files.move(path, moved);
    world.line("Files.move(" + world.show(path) + ", " + world.show(moved) + ");");
    FileTree.of(moved).keySet().forEach(each -> need(mesh, each));
    world.standing.add(
        new Undo(
            "rename",
            mesh,
            () -> {
              FileTree.merge(moved, path);
              world.needed.keySet().removeIf(each -> each.startsWith(moved));
            }));
  }

  private void linkFile(WalkedMesh mesh, int choice) throws IOException {
    List<Path> files = dataFiles(mesh);
    if (files.isEmpty()) {
      return;
    }
    Path file = files.get(choice % files.size());
    Path target = world.extraDisk.resolve(file.getFileName().toString());
    if (Files.exists(target)) {
      return;
    }
    Files.move(file, target);
    Files.createSymbolicLink(file, target);
    world.line("// " + world.show(file) + " is moved to another disk, and linked");
    world.standing.add(
        new Undo(
            "link",
            mesh,
            () -> {
              if (Files.isSymbolicLink(file)) {
                Files.delete(file);
                Files.move(target, file);
              }
            }));
  }

  /** Moves the folder of a domain, in one of the places that are in the mesh's folder. */
  private void linkDomain(WalkedMesh mesh, int choice) throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Path data : FileTree.folders(mesh.folder, "data")) {
      for (String domain : mesh.model.domains) {
        Path folder = data.resolve(domain);
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && !inside(folder)) {
          folders.add(folder);
        }
      }
    }
    if (folders.isEmpty()) {
      return;
    }
    Path folder = folders.get(choice % folders.size());
    Path target = mesh.folder.resolve("attic").resolve(folder.getFileName());
    if (Files.exists(target)) {
      return;
    }
    mesh.close();
    Files.createDirectories(target.getParent());
    Files.move(folder, target);
    Files.createSymbolicLink(folder, target);
    world.line("// " + world.show(folder) + " is moved to attic, and linked");
    world.standing.add(
        new Undo(
            "domain",
            mesh,
            () -> {
              Files.deleteIfExists(folder);
              FileTree.merge(target, folder);
            }));
  }

  /** Returns true if files that the walk knows by their paths are in a folder. */
  private boolean inside(Path folder) {
    return world.foreign.keySet().stream().anyMatch(file -> file.startsWith(folder))
        || world.needed.keySet().stream().anyMatch(file -> file.startsWith(folder))
        || world.standing.stream()
            .anyMatch(undo -> undo.mesh() == world.main || undo.mesh() == world.other);
  }

  private void foreignFile(WalkedMesh mesh, int choice) throws IOException {
    List<Path> folders = new ArrayList<>(folders(mesh, "region=.*|data|metadata"));
    folders.addAll(FileTree.folders(mesh.folder, "archive|.*_v[0-9]+"));
    folders.removeIf(this::isMoved);
    if (folders.isEmpty()) {
      return;
    }
    List<String> names =
        List.of(
            "notes.txt",
            "part-0.parquet",
            "snap-1.avro",
            "old.metadata.json",
            ".DS_Store",
            "0190b3a0-7c1e-7abc-8def-0123456789ab-0.parquet");
    Path file = folders.get(choice % folders.size()).resolve(names.get(choice / 64 % names.size()));
    if (Files.notExists(file)) {
      byte[] content = ("foreign " + choice).getBytes(StandardCharsets.UTF_8);
      putForeign(file, content, choice);
    }
  }

  private void putForeign(Path file, byte[] content, int choice) throws IOException {
    Files.write(file, content);
    Duration age = choice % 2 == 0 ? Duration.ofDays(20) : Duration.ZERO;
    FileTree.setTime(file, world.now.minus(age));
    world.foreign.put(file, content);
    world.line("// another program puts " + world.show(file) + ", modified " + age + " ago");
  }

  private void copyOwnFile(WalkedMesh mesh, int choice) throws IOException {
    List<Path> files =
        FileTree.of(world.root).keySet().stream()
            .filter(file -> roots(mesh).stream().anyMatch(file::startsWith))
            .filter(file -> !Files.isSymbolicLink(file) && !world.foreign.containsKey(file))
            .filter(file -> !isMoved(file))
            .filter(file -> OWN.matcher(file.getFileName().toString()).matches())
            .toList();
    if (files.isEmpty()) {
      return;
    }
    Path file = files.get(choice % files.size());
    Matcher name = OWN.matcher(file.getFileName().toString());
    if (name.matches()) {
      Path copy = copy(file, name, choice / 64 % 5);
      if (Files.notExists(copy)) {
        Files.createDirectories(copy.getParent());
        putForeign(copy, Files.readAllBytes(file), choice / 512);
      }
    }
  }

  /** As people and programs name copies. */
  private static Path copy(Path file, Matcher name, int variant) {
    return switch (variant) {
      case 0 -> file.resolveSibling(name.group() + ".bak");
      case 1 -> file.resolveSibling(name.group(1) + " (1)" + name.group(2));
      case 2 -> file.resolveSibling("Copy of " + name.group());
      case 3 -> file.resolveSibling("." + name.group() + ".Xq81bZ"); // rsync
      default -> file.resolveSibling("saved").resolve(name.group());
    };
  }

  private void addLakeFile(int choice) throws IOException {
    int content = choice % world.lakeFiles.count();
    Path file = world.lake.resolve("part-" + content + ".parquet");
    if (Files.notExists(file) && world.standing.stream().noneMatch(u -> u.what().equals("lake"))) {
      Files.write(file, world.lakeFiles.content(content));
      world.line("// the lake's program writes " + world.show(file));
    }
  }

  private List<Path> lakeFiles() {
    return FileTree.of(world.lake).keySet().stream().filter(f -> !Files.isSymbolicLink(f)).toList();
  }

  private void renameLakeFile(int choice) throws IOException {
    List<Path> files = lakeFiles();
    if (!files.isEmpty()) {
      Path file = files.get(choice % files.size());
      Path moved = file.resolveSibling("moved-" + file.getFileName());
      if (Files.notExists(moved)) {
        Files.move(file, moved);
        world.line("Files.move(" + world.show(file) + ", " + world.show(moved) + ");");
        int registrations = world.registrations;
        world.standing.add(
            new Undo(
                "lake",
                world.main,
                () -> {
                  if (Files.exists(moved)) {
                    giveBackName(moved, file, registrations);
                  }
                }));
      }
    }
  }

  /** A file that was registered since under its other name needs both. */
  private void giveBackName(Path moved, Path file, int registrations) throws IOException {
    if (world.registrations == registrations) {
      Files.move(moved, file, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.copy(moved, file, StandardCopyOption.REPLACE_EXISTING);
      world.copied = true;
    }
  }

  private void copyLakeFile(int choice, boolean link) throws IOException {
    List<Path> files = lakeFiles();
    if (!files.isEmpty()) {
      Path file = files.get(choice % files.size());
      Path copy = file.resolveSibling((link ? "link-" : "copy-") + file.getFileName());
      if (Files.notExists(copy, LinkOption.NOFOLLOW_LINKS)) {
        if (link) {
          Files.createSymbolicLink(copy, file.getFileName());
        } else {
          Files.copy(file, copy);
          world.copied = true;
        }
        world.line(
            "// "
                + world.show(file)
                + (link ? " is linked as " : " is copied to ")
                + world.show(copy));
        if (link) { // a copy may be registered
          world.standing.add(new Undo("lake", world.main, () -> Files.deleteIfExists(copy)));
        }
      }
    }
  }

  private void swap() throws IOException {
    for (WalkedMesh mesh : List.of(world.main, world.other)) {
      if (Files.notExists(mesh.disk.resolve("place.json"))) {
        world.keepOnDisk(mesh);
      }
      if (Files.notExists(mesh.disk.resolve("place.json"))) {
        return; // a disk without a marker may be anybody's
      }
    }
    world.main.close();
    world.other.close();
    world.swapped = !world.swapped;
    for (WalkedMesh mesh : List.of(world.main, world.other)) {
      Path link = mesh.folder.resolve("annex");
      Path disk =
          (world.swapped ? mesh == world.main : mesh == world.other)
              ? world.other.disk
              : world.main.disk;
      Files.delete(link);
      Files.createSymbolicLink(link, disk);
    }
    world.line(world.swapped ? "// the disks of main and other are swapped" : "// and back");
  }

  private void save() throws IOException {
    if (world.newest == null) {
      world.saved = world.main.save();
      world.line("byte[] older = Files.readAllBytes(main/registry/mesh.db);");
    }
  }

  private void olderRegistry() throws IOException {
    if (world.newest != null) {
      newestRegistry();
      return;
    }
    if (world.saved == null) {
      save();
      return;
    }
    Set<String> current = currentFiles(world.main);
    WalkedMesh.SavedRegistry older = world.saved;
    world.newest = world.main.save();
    world.main.restore(older);
    Set<String> restoredFiles = currentFiles(world.main);
    for (Path file : dataFiles(world.main)) {
      if (!current.contains(file.getFileName().toString())) {
        continue;
      }
      for (Product newer : world.newest.model().products.values()) {
        List<Long> rows =
            newer.rows.stream().filter(id -> FileTree.contains(file, Item.person(id))).toList();
        if (!rows.isEmpty()
            && !newer.rolledOut
            && newer.lakeFiles == null
            && !(restoredFiles.contains(file.getFileName().toString()) && isSame(older, newer))
            && world.needed.putIfAbsent(file, new CommittedRows(world.main, newer, rows)) == null) {
          newerFiles.add(file);
        }
      }
    }
    world.line("Files.write(main/registry/mesh.db, older); // the newest one is kept");
  }

  /** Returns true if an older registry lacks no commit of a product: it may change the product. */
  private static boolean isSame(WalkedMesh.SavedRegistry older, Product newer) {
    Product before = older.model().products.get(newer.name);
    return before != null && before.commits == newer.commits;
  }

  /** Returns the names of the files that the newest snapshots have. */
  private static Set<String> currentFiles(WalkedMesh mesh) {
    Set<String> names = new HashSet<>();
    for (Product product : mesh.model.products.values()) {
      try {
        for (String file : mesh.etl(product).read(product.name).files()) {
          names.add(file.substring(file.lastIndexOf('/') + 1));
        }
      } catch (MeshException e) {
        // No account can read it now.
      }
    }
    return names;
  }

  private void newestRegistry() throws IOException {
    WalkedMesh.SavedRegistry newest = world.newest;
    WalkedMesh.SavedRegistry older = world.saved;
    if (newest != null && older != null) {
      forgetReplaced(newest.model(), older.model());
      world.needed.keySet().removeAll(newerFiles);
      newerFiles.clear();
      world.main.restore(newest);
      world.newest = null;
      world.saved = null;
      world.line("Files.write(main/registry/mesh.db, newest);");
    }
  }

  /** Nothing tells that a registry is older for a product that it lacks no commit of. */
  private void forgetReplaced(MeshModel newest, MeshModel older) {
    for (Product before : older.products.values()) {
      Product newer = newest.products.get(before.name);
      Product now = world.main.model.products.get(before.name);
      if (newer != null
          && now != null
          && newer.commits == before.commits
          && now.commits != before.commits) {
        newer.unknown = true;
      }
    }
  }

  private void undo(int choice) throws IOException {
    if (!world.standing.isEmpty()) {
      Undo undo = world.standing.remove(world.standing.size() - 1);
      undo.mesh().close();
      undo.action().run();
      world.line("// undone: " + undo.what());
    } else if (world.newest != null && choice % 2 == 0) {
      newestRegistry();
    }
  }

  void undoAll() throws IOException {
    while (!world.standing.isEmpty()) {
      undo(1);
    }
    if (world.swapped) {
      swap();
    }
    newestRegistry();
  }
}
