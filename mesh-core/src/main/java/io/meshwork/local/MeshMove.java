package io.meshwork.local;

import io.meshwork.Mesh;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Moves a folder to another backend: copies it, ends writing to it, and completes the copy. */
final class MeshMove implements MoveMesh {
  private static final MeshAction ACTION = MeshAction.of(Verb.MOVE, "the mesh");

  private static final Duration LIMIT = Duration.ofHours(24);

  private final Path folder;
  private final Target target;
  private final CommitGuard once = CommitGuard.withoutKey(ACTION);
  private final Map<String, String> accounts = new TreeMap<>();
  private final Map<String, String> places = new TreeMap<>();
  private final Map<String, String> catalogs = new TreeMap<>();
  private InstantSource clock = MeshRuntime.systemClock();
  private BytesMeter meter = BytesMeter.silent();

  MeshMove(Path folder, Target target) {
    this.folder = folder.toAbsolutePath().normalize();
    this.target = target;
  }

  @Override
  public MeshMove account(String from, String to) {
    ArgumentChecks.text("from", from);
    ArgumentChecks.text("to", to);
    if (!target.isAccount(to)) {
      throw ArgumentChecks.refused(
          "to",
          "is '" + to + "', which is not an account there",
          "Use the 12 digits of an account.");
    }
    requireFree(accounts, from, "to", to, "the name of another account already");
    accounts.put(from, to);
    return this;
  }

  @Override
  public MeshMove place(String from, String to) {
    String old = DataPlaces.canonical("from", from);
    String root = DataPlaces.canonical("to", to);
    DataPlaces.requireForm("to", root, target.root());
    if (root.equals(target.root())
        || (places.containsValue(root) && !root.equals(places.get(old)))) {
      throw ArgumentChecks.refused(
          "to",
          "is '" + root + "', which is the new root of the mesh or of another place",
          "Use another location for each place.");
    }
    places.put(old, root);
    return this;
  }

  @Override
  public MeshMove catalog(String name, String account) {
    NameGrammar.check("name", name);
    ArgumentChecks.text("account", account);
    if (!target.isAccountOfCatalog(account)) {
      throw ArgumentChecks.refused(
          "account",
          "is '" + account + "', which cannot have the registry of a catalog",
          "Use the 12 digits of an account other than the mesh's.");
    }
    String catalog = NameGrammar.storage(name);
    requireFree(catalogs, catalog, "account", account, "that of another catalog already");
    catalogs.put(catalog, account);
    return this;
  }

  @Override
  public MeshMove onProgress(Operation.Progress listener) {
    meter = BytesMeter.of(ArgumentChecks.required("listener", listener));
    return this;
  }

  private static void requireFree(
      Map<String, String> used, String key, String parameter, String account, String owner) {
    if (used.containsValue(account) && !account.equals(used.get(key))) {
      throw ArgumentChecks.refused(
          parameter, "is '" + account + "', " + owner, "Use another account.");
    }
  }

  @Override
  public MeshMove clock(InstantSource source) {
    clock = ArgumentChecks.required("clock", source);
    return this;
  }

  @Override
  public Plan<LocalMesh.Copy> plan() {
    return planned();
  }

  @Override
  public LocalMesh.Copy commit() {
    return commitPlanned(null);
  }

  @Override
  public LocalMesh.Copy commitAsPlanned(String fingerprint) {
    return commitPlanned(ArgumentChecks.text("fingerprint", fingerprint));
  }

  private ChangePlan<LocalMesh.Copy> planned() {
    List<Finding> findings = new ArrayList<>();
    try (Mesh mesh = LocalMesh.existing(folder).clock(clock).open()) {
      Finding.errors(mesh.doctor().findings()).stream()
          .map(RegisteredFiles::staying)
          .forEach(findings::add);
    }
    try (FolderRegistries original = FolderRegistries.open(folder)) {
      CatalogAccounts ofCatalogs = catalogAccounts();
      MoveInspection inspection = new MoveInspection(target, accounts);
      inspection.readDirectory(original.directory());
      for (String catalog : original.catalogs()) {
        inspection.readCatalog(
            original.catalog(catalog),
            catalog,
            ofCatalogs.find(original.directory(), catalog).orElse("-"));
      }
      inspection.rename(accounts);
      places.forEach((from, to) -> inspection.step("move", from, "to " + to));
      inspection.step("end", "writing to " + folder, "the mesh is at " + target.root());
      findings.addAll(inspection.findings(accounts, places));
      findings.addAll(ofCatalogs.findings(original.directory()));
      return ChangePlan.of(
          action().toString(), inspection.steps(), findings, "", this::commitAsPlanned);
    }
  }

  private LocalMesh.Copy commitPlanned(@Nullable String fingerprint) {
    once.begin();
    try {
      ChangePlan<LocalMesh.Copy> plan = planned();
      List<Finding> errors = plan.errors();
      if (!errors.isEmpty()) {
        throw Failure.of(action())
            .because(
                "the plan has these errors: "
                    + errors.stream()
                        .map(finding -> finding.code() + " " + finding.where())
                        .distinct()
                        .collect(Collectors.joining(", ")))
            .state("Nothing was changed.")
            .fix(
                "Set new accounts, places, and accounts of catalogs, and repair damage; plan() has"
                    + " the details.")
            .findings(errors)
            .invalidRequest(ErrorCode.CONFIG_INVALID);
      }
      plan.requireSame(fingerprint, action());
      try (MoveLock lock = MoveLock.acquire(folder, action());
          FolderRegistries original = FolderRegistries.open(folder)) {
        return move(original);
      }
    } finally {
      once.end();
      target.close();
    }
  }

  private LocalMesh.Copy move(FolderRegistries original) {
    MeshRoot mesh = MeshStores.mesh(original.directory()).orElseThrow();
    SqliteFence fence = new SqliteFence(target.root(), settings());
    original.otherFence(fence).ifPresent(this::refuseOtherMove);
    target.makeStores();
    MeshCopy copy;
    try (MeshStores to = newStores(original.directory())) {
      copy =
          new MeshCopy(
              original.stores(),
              to,
              new RegistryCopy.Settings(
                  new Relocation(LocalFileIO.ROOT, roots()), new AccountNames(accounts), runtime()),
              meter);
      Optional<MeshRoot> existing = to.mesh();
      existing.ifPresent(root -> requireThisMesh(root, mesh));
      for (String catalog : original.catalogs()) {
        requireCatalog(to.catalog(catalog), catalog, mesh);
      }
      if (existing.isEmpty() || !existing.get().root().equals(target.root())) {
        complete(original, fence, copy, mesh);
      }
    }
    return new LocalMesh.Copy(
        target.root(), copy.files().files(), copy.files().bytes(), damageOfTheCopy(original));
  }

  private void complete(
      FolderRegistries original, SqliteFence fence, MeshCopy copy, MeshRoot mesh) {
    boolean isContinued = original.isMoving();
    expectFiles();
    copy.findChanged(isContinued).ifPresent(this::refuseChanged);
    if (!isContinued) {
      copy.claimPlaces(mesh);
      copy.run();
      original.endWritingToDirectory(fence);
      requireAccounts(original);
    }
    original.endWriting(fence);
    // From here on, the original does not change; documents are changed after all are copied.
    if (isContinued) {
      copy.runUnrelocated();
    } else {
      copy.run();
    }
    copy.copyLastUpdates();
    copy.relocate(mesh, target.self(), true, catalogAccounts().places(original.directory()));
    meter.end();
  }

  private void expectFiles() {
    try {
      meter.expect(
          folder,
          List.of(folder.resolve("data"), folder.resolve("archive"), folder.resolve("blobs")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A catalog may have been added while the mesh was copied; from now on, none can. */
  private void requireAccounts(FolderRegistries original) {
    CatalogAccounts ofCatalogs = catalogAccounts();
    try {
      original.catalogs().forEach(name -> ofCatalogs.require(original.directory(), name));
    } catch (InvalidRequestException e) {
      original.allowWriting();
      throw e;
    }
  }

  private List<Finding> damageOfTheCopy(FolderRegistries original) {
    MeshStores moved = newStores(original.directory());
    try (Mesh mesh =
        Mesh.builder(moved.directory(), moved.files(), moved.root())
            .catalogs(moved::catalog)
            .clock(clock)
            .open()) {
      return CopyDamage.find(mesh);
    }
  }

  /** Returns the stores in the new place, with the accounts for the catalogs of a directory. */
  private MeshStores newStores(Registry directory) {
    CatalogAccounts ofCatalogs = catalogAccounts();
    return new MeshStores(
        target.open(),
        catalog -> target.openCatalog(catalog, ofCatalogs.require(directory, catalog)));
  }

  private CatalogAccounts catalogAccounts() {
    return new CatalogAccounts(target, catalogs, accounts);
  }

  @Override
  public void abandon() {
    try (FolderRegistries original = FolderRegistries.open(folder);
        MoveLock lock = MoveLock.acquire(folder, action())) {
      List<String> targets = original.targets();
      if (targets.isEmpty()) {
        return;
      }
      targets.stream()
          .filter(each -> !each.equals(target.root()))
          .findFirst()
          .ifPresent(this::refuseOtherTarget);
      MeshRoot mesh = MeshStores.mesh(original.directory()).orElseThrow();
      try (MeshStores to = newStores(original.directory())) {
        if (to.mesh().filter(root -> root.equals(movedRoot(mesh))).isPresent()) {
          throw Failure.of(action())
              .because("the move was completed, and the mesh may be in use there")
              .state("The folder was not changed.")
              .fix("Back up the mesh to a new folder, which can be opened.")
              .invalidRequest(ErrorCode.CONFIG_INVALID);
        }
      }
      original.allowWriting();
    } finally {
      target.close();
    }
  }

  private void refuseChanged(String registry) {
    throw Failure.of(action())
        .because(
            registry
                + " there has changes that the folder does not have: of a mesh that is in use, or"
                + " of a move that was abandoned")
        .state("Nothing was changed.")
        .fix("If no mesh is in use there, delete the new stores, then move the mesh again.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private MeshRoot movedRoot(MeshRoot mesh) {
    return new MeshRoot(mesh.id(), target.root());
  }

  private void refuseOtherTarget(String newTarget) {
    throw Failure.of(action())
        .because("the folder is moved to " + newTarget + ", and only that move can be abandoned")
        .state("The folder was not changed.")
        .fix("Abandon it with that target.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private void refuseOtherMove(SqliteFence existing) {
    boolean sameTarget = existing.target().equals(target.root());
    throw Failure.of(action())
        .because(
            sameTarget
                ? "the move was begun with other accounts, places, or accounts of catalogs"
                : "it was moved to " + existing.target() + " already")
        .state("Nothing was changed.")
        .fix(
            sameTarget
                ? "Continue with the same settings, or abandon the move."
                : "Use the mesh there.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private void requireThisMesh(MeshRoot existing, MeshRoot mesh) {
    boolean copied = existing.root().equals(mesh.root()) || existing.equals(movedRoot(mesh));
    if (!existing.id().equals(mesh.id()) || !copied) {
      throw Failure.of(action())
          .because("another mesh exists there, with the ID " + existing.id())
          .state("Nothing was changed.")
          .fix("Use another name; the move creates the stores that it needs.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private void requireCatalog(Registry registry, String catalog, MeshRoot mesh) {
    Optional<String> catalogThere = TopologyDocument.findCatalog(registry);
    boolean isOther =
        MeshStores.mesh(registry).filter(root -> !root.id().equals(mesh.id())).isPresent()
            || catalogThere.filter(name -> !name.equals(catalog)).isPresent();
    if (isOther) {
      throw Failure.of(action())
          .because(
              "the registry for the catalog '"
                  + catalog
                  + "' has another mesh"
                  + catalogThere.map(name -> ", or its catalog '" + name + "'").orElse(""))
          .state("Nothing was changed.")
          .fix("Use another account for this catalog, or another name for the mesh.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private MeshAction action() {
    return ACTION.on("in " + folder + " to " + target.description());
  }

  private Map<String, String> roots() {
    Map<String, String> roots = new TreeMap<>(places);
    roots.put(LocalFileIO.ROOT, target.root());
    return roots;
  }

  private String settings() {
    String text = accounts + "\n" + places;
    return Sha256.hex(catalogs.isEmpty() ? text : text + "\n" + catalogs);
  }

  private MeshRuntime runtime() {
    return new MeshRuntime(clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, LIMIT);
  }
}
