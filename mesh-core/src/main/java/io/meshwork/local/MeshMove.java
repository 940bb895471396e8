package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Warehouse.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Moves a folder to another backend: copies it, ends writing to it, and completes the copy. */
final class MeshMove implements MoveMesh {
  private static final MeshAction ACTION = MeshAction.of(Verb.MOVE, "the mesh");

  /** The account of the library itself, in documents that no principal wrote. */
  private static final String LIBRARY = "mesh";

  private static final Duration LIMIT = Duration.ofHours(24);

  private final Path folder;
  private final Target target;
  private final OneCommit once = OneCommit.withoutKey(ACTION);
  private final Map<String, String> accounts = new TreeMap<>();
  private final Map<String, String> places = new TreeMap<>();
  private InstantSource clock = MeshRuntime.systemClock();

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
    if (accounts.containsValue(to) && !to.equals(accounts.get(from))) {
      throw ArgumentChecks.refused(
          "to", "is '" + to + "', the name of another account already", "Use another account.");
    }
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
  public MeshMove clock(InstantSource source) {
    clock = ArgumentChecks.required("clock", source);
    return this;
  }

  @Override
  public Plan<Result> plan() {
    return planned(this::commitAsPlanned);
  }

  @Override
  public Result commit() {
    return commitPlanned(null);
  }

  @Override
  public Result commitAsPlanned(String fingerprint) {
    return commitPlanned(ArgumentChecks.text("fingerprint", fingerprint));
  }

  private MovePlan planned(Function<String, Result> committing) {
    List<Finding> findings = new ArrayList<>();
    try (Mesh mesh = LocalMesh.existing(folder).clock(clock).open()) {
      findings.addAll(Finding.errors(mesh.doctor().findings()));
    }
    MeshFolder open = MeshFolder.openExisting(folder);
    try (Registry registry = open.registry()) {
      if (!MeshCopy.isCentral(registry)) {
        throw Failure.of(action())
            .because("its catalogs have registries of their own, and only a central mesh is moved")
            .state("Nothing was changed.")
            .fix("Define the products in a new mesh, and publish their data there.")
            .invalidRequest(ErrorCode.CONFIG_INVALID);
      }
      AccountNames names = new AccountNames(accounts);
      List<Step> steps = new ArrayList<>();
      Set<String> roots = new TreeSet<>();
      for (List<String> partitions : MeshCopy.partitions(registry).values()) {
        for (String partition : partitions) {
          List<Document> documents = DocumentCopy.read(registry, partition);
          steps.add(step("copy", partition, documents.size() + " documents"));
          documents.forEach(document -> inspect(document, names, roots, steps));
        }
      }
      accounts.forEach((from, to) -> steps.add(step("rename", from, "to " + to)));
      places.forEach((from, to) -> steps.add(step("move", from, "to " + to)));
      steps.add(step("end", "writing to " + folder, "the mesh is at " + target.root()));
      names.found().stream()
          .filter(account -> !account.equals(LIBRARY) && !target.isAccount(account))
          .forEach(account -> findings.add(unmapped(account)));
      accounts.entrySet().stream()
          .filter(each -> !each.getKey().equals(each.getValue()))
          .filter(each -> names.original().contains(each.getValue()))
          .forEach(each -> findings.add(taken(each.getKey(), each.getValue())));
      roots.stream()
          .filter(root -> !places.containsKey(root))
          .forEach(root -> findings.add(withoutPlace(root)));
      return new MovePlan(steps, findings, committing);
    }
  }

  private static void inspect(
      Document document, AccountNames names, Set<String> roots, List<Step> steps) {
    String sort = document.key().sort();
    if (DocumentCopy.isLog(sort)) {
      return;
    }
    ObjectNode json = DocumentJson.parse(document);
    if (sort.startsWith(RegistryKeys.DOMAINS)) {
      for (JsonNode place : json.path("places")) {
        roots.add(place.path("root").asText());
      }
    } else if (sort.startsWith(RegistryKeys.TABLES)) {
      steps.add(step("copy", document.key().toString(), "the table with its snapshots"));
    }
    names.key(document.key());
    names.apply(sort, json);
  }

  private static Step step(String verb, String subject, String detail) {
    return new Step(verb, subject, detail, "");
  }

  private Finding unmapped(String account) {
    return Finding.error(
        FindingCode.ACCOUNT_UNMAPPED,
        account,
        "Documents name this account, which does not exist in " + target.description() + ".",
        "Set its name there with account(\"" + account + "\", ..).");
  }

  private static Finding taken(String account, String name) {
    return Finding.error(
        FindingCode.ACCOUNT_NAME_TAKEN,
        account,
        "Its new name is " + name + ", which documents have as the name of another account.",
        "Use another account: two accounts cannot become one, nor exchange their names.");
  }

  private Finding withoutPlace(String root) {
    return Finding.error(
        FindingCode.PLACE_UNMAPPED,
        root,
        "A domain keeps data in this place, which has no new root.",
        "Set it with place(\"" + root + "\", ..).");
  }

  private Result commitPlanned(@Nullable String fingerprint) {
    once.begin();
    try {
      MovePlan plan = planned(this::commitAsPlanned);
      if (!plan.findings().isEmpty()) {
        throw Failure.of(action())
            .because(
                "the plan has these errors: "
                    + plan.findings().stream()
                        .map(finding -> finding.code() + " " + finding.where())
                        .distinct()
                        .collect(Collectors.joining(", ")))
            .state("Nothing was changed.")
            .fix("Set new names of accounts and places, and repair damage; plan() has the details.")
            .findings(plan.findings())
            .invalidRequest(ErrorCode.CONFIG_INVALID);
      }
      if (fingerprint != null && !plan.fingerprint().equals(fingerprint)) {
        throw Failure.of(action())
            .because("the mesh or the settings changed after the plan was made")
            .fix("Make a new plan, and commit that one.")
            .lastingConflict(ErrorCode.CONFLICT);
      }
      MeshFolder open = MeshFolder.openExisting(folder);
      try (SqliteRegistry registry = open.registry()) {
        return move(registry);
      }
    } finally {
      once.end();
      target.close();
    }
  }

  private Result move(SqliteRegistry registry) {
    MeshRoot mesh = root(registry).orElseThrow();
    SqliteFence fence = new SqliteFence(target.root(), settings());
    requireSameTarget(registry, fence);
    target.makeStores();
    Ports to = target.open();
    MeshCopy copy =
        new MeshCopy(
            new Ports(registry, LocalFileIO.below(folder), LocalFileIO.ROOT),
            to,
            new Relocation(LocalFileIO.ROOT, roots()),
            new AccountNames(accounts),
            runtime());
    try (Registry copied = to.registry()) {
      Optional<MeshRoot> existing = root(copied);
      existing.ifPresent(other -> requireThisMesh(other, mesh));
      if (existing.isEmpty() || !existing.get().root().equals(target.root())) {
        complete(registry, fence, copy, mesh);
      }
    } finally {
      to.files().close();
    }
    return new Result(target.root(), copy.files().files(), copy.files().bytes(), damageOfTheCopy());
  }

  private void complete(SqliteRegistry registry, SqliteFence fence, MeshCopy copy, MeshRoot mesh) {
    if (registry.fence().isEmpty()) {
      if (copy.isRelocated()) {
        throw Failure.of(action())
            .because("it contains the rest of a move that was abandoned")
            .state("Nothing was changed.")
            .fix("Delete the new stores, then move the mesh again.")
            .invalidRequest(ErrorCode.CONFIG_INVALID);
      }
      copy.claimPlaces(mesh);
      copy.run();
      registry.endWriting(fence);
    }
    // From here on, the original does not change; documents are changed after all are copied.
    if (copy.isRelocated()) {
      copy.readOnly();
    } else {
      copy.run();
    }
    copy.copyLastUpdates();
    copy.relocate(mesh, target.self(), true);
  }

  private List<Finding> damageOfTheCopy() {
    Ports ports = target.open();
    try (Mesh moved =
        Mesh.over(ports.registry(), ports.files(), ports.root()).clock(clock).open()) {
      return Finding.errors(moved.doctorWithChecksums().findings());
    }
  }

  @Override
  public void abandon() {
    MeshFolder open = MeshFolder.openExisting(folder);
    try (SqliteRegistry registry = open.registry()) {
      if (registry.fence().isEmpty()) {
        return;
      }
      MeshRoot mesh = root(registry).orElseThrow();
      Ports to = target.open();
      try (Registry copied = to.registry()) {
        if (root(copied).filter(root -> root.equals(movedRoot(mesh))).isPresent()) {
          throw Failure.of(action())
              .because("the move was completed, and the mesh may be in use there")
              .state("The folder was not changed.")
              .fix("Back up the mesh to a new folder, which can be opened.")
              .invalidRequest(ErrorCode.CONFIG_INVALID);
        }
      } finally {
        to.files().close();
      }
      registry.allowWriting();
    } finally {
      target.close();
    }
  }

  private MeshRoot movedRoot(MeshRoot mesh) {
    return new MeshRoot(mesh.id(), target.root());
  }

  private void requireSameTarget(SqliteRegistry registry, SqliteFence fence) {
    registry
        .fence()
        .filter(existing -> !existing.equals(fence))
        .ifPresent(
            existing -> {
              boolean sameTarget = existing.target().equals(target.root());
              throw Failure.of(action())
                  .because(
                      sameTarget
                          ? "the move was begun with other accounts or places"
                          : "it was moved to " + existing.target() + " already")
                  .state("Nothing was changed.")
                  .fix(
                      sameTarget
                          ? "Continue with the same accounts and places, or abandon the move."
                          : "Use the mesh there.")
                  .invalidRequest(ErrorCode.CONFIG_INVALID);
            });
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

  private MeshAction action() {
    return ACTION.on("in " + folder + " to " + target.description());
  }

  private Map<String, String> roots() {
    Map<String, String> roots = new TreeMap<>(places);
    roots.put(LocalFileIO.ROOT, target.root());
    return roots;
  }

  private String settings() {
    return RegistryKeys.sha256(accounts + "\n" + places);
  }

  private MeshRuntime runtime() {
    return new MeshRuntime(clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, LIMIT);
  }

  private static Optional<MeshRoot> root(Registry registry) {
    return registry
        .read(MeshRoot.KEY)
        .map(
            document -> {
              ObjectNode json = DocumentJson.parse(document);
              return new MeshRoot(json.path("id").asText(), json.path("root").asText());
            });
  }
}
