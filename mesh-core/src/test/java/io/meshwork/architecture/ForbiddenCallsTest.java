package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Time, ids, chance, waiting and threads come from {@code MeshRuntime}, never from the JDK. */
class ForbiddenCallsTest {
  /** The package that creates them with the JDK. */
  private static final String RUNTIME = "io.meshwork.internal.runtime";

  /** The default of the settings, and the time of a signature, which a receiver compares. */
  private static final Set<String> ASK_THE_SYSTEM =
      Set.of("io.meshwork.MeshSettings", "io.meshwork.notice.Notifier");

  /** The reader, and the snapshot that it reads. */
  private static final Set<String> MANIFEST_READERS =
      Set.of(
          "io.meshwork.internal.table.Manifests", "io.meshwork.internal.metadata.SharedSnapshot");

  /** Other classes use {@code PathText}, whose error names the file and the way out. */
  private static final Set<String> PATHS_OF_TEXT =
      Set.of(
          "KeyPartitions",
          "ListedTables",
          "LocalPath",
          "MeshBackup",
          "NativeLibrary",
          "PathText",
          "SqliteLibrary");

  /** Who deletes files, each with what it may delete. Deletion asks for proof; add none lightly. */
  private static final Map<String, String> DELETING =
      Map.ofEntries(
          Map.entry("internal.delivery.LastUpdatedFile", "its own file, when it was overwritten"),
          Map.entry("internal.files.LocalFileIO", "what it is told, below the mesh's folder"),
          Map.entry("internal.files.LocalOutputStream", "the file that it did not complete"),
          Map.entry("internal.files.SystemCalls", "what LocalFileIO passes on"),
          Map.entry("internal.ingest.write.TemporaryRows", "its own temporary file"),
          Map.entry("internal.ingest.write.UncommittedFiles", "files of an attempt that failed"),
          Map.entry("internal.erasure.ErasureFiles", "files with erased rows, after a check"),
          Map.entry("internal.erasure.ErasureLeftovers", "leftovers with erased rows, proved"),
          Map.entry("internal.maintenance.FileRemoval", "what maintenance proved to be rubbish"),
          Map.entry("internal.rollout.retirement.RolloutPurge", "the tables that a person purges"),
          Map.entry("internal.table.AddedManifests", "manifests that it could not complete"),
          Map.entry("internal.table.PlaceMarker", "the marker of a place that it began"),
          Map.entry("internal.table.RecordingFileIO", "files that a failed attempt recorded"),
          Map.entry("internal.table.RetriedUpdate", "its own manifests that no try committed"),
          Map.entry("internal.table.RootedFileIO", "passes on what is in a place of the mesh"),
          Map.entry("internal.table.TableDraft", "old metadata that a commit replaced"),
          Map.entry("internal.uniqueness.KeyPartitions", "its own temporary file"),
          Map.entry("local.MeshBackup", "a copy of a registry that it makes again"),
          Map.entry("local.SqliteLibrary", "a library of a process that ended, and its own"));

  /** Who decides on access, or evaluates grants, each with the question. Others ask these. */
  private static final Map<String, String> DECIDING =
      Map.ofEntries(
          Map.entry("SessionFactory", "gives each session the policy of the mesh"),
          Map.entry(
              "internal.consume.MoveToCurrentVersion", "may a subscription go on in a version?"),
          Map.entry("internal.delivery.NotifiedSubscriber", "what may a notice tell?"),
          Map.entry("internal.explain.ProductRights", "the same, explained"),
          Map.entry("internal.grants.GrantBuilder", "may this be granted?"),
          Map.entry("internal.grants.RequestViews", "what does a request lack?"),
          Map.entry("internal.grants.TagChange", "may this be tagged?"),
          Map.entry("internal.lakeformation.evaluation.AccessEvaluator", "the rules themselves"),
          Map.entry("internal.links.LinkState", "what may be read through a link?"),
          Map.entry("internal.rights.AccessControl", "who may read what: the one decision"),
          Map.entry("internal.rights.CatalogAccessBuilder", "what mirrors show in a catalog"),
          Map.entry("internal.rights.ExpiredAccess", "until when could it be read?"),
          Map.entry("internal.rights.PolicySnapshot", "the state that is evaluated"),
          Map.entry("internal.rights.ReadAccessDiff", "what a plan gives and takes"),
          Map.entry("internal.rights.RecipientGrants", "what a recipient may pass on"),
          Map.entry("internal.majors.ReaderRights", "who loses access in a rollout"),
          Map.entry("internal.session.Authorizer", "requires what AccessPolicy decides"),
          Map.entry("internal.session.ClientSession", "has the Authorizer of its principal"),
          Map.entry("internal.consumers.ConsumerAccess", "what consumers read a product through"),
          Map.entry("internal.consumers.SubscriberReads", "may a subscriber read still?"),
          Map.entry(
              "internal.rollout.consumers.ConsumerTracks", "which consumers may read a version"));

  private record Forbidden(String why, Predicate<CodeUnitAccessTarget> call) {}

  private static final List<Forbidden> FORBIDDEN =
      List.of(
          new Forbidden("time comes from MeshRuntime.clock()", ForbiddenCallsTest::asksWallClock),
          new Forbidden("ids come from MeshRuntime.ids()", call("java.util.UUID", "randomUUID")),
          new Forbidden("chance comes from a seed or MeshRuntime", ForbiddenCallsTest::isUnseeded),
          new Forbidden("waiting is MeshRuntime.sleeper()", ForbiddenCallsTest::sleeps),
          new Forbidden("threads come from MeshRuntime.executor()", ForbiddenCallsTest::usesPool));

  @Test
  void nothingAsksTheJdkForTimeIdsChanceSleepOrThreads() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      if (!type.getPackageName().equals(RUNTIME)) {
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          for (JavaCodeUnitAccess<?> access : accesses(unit)) {
            if (ASK_THE_SYSTEM.contains(type.getName())
                && call("java.time.InstantSource", "system").test(access.getTarget())) {
              continue;
            }
            reasonAgainst(access.getTarget())
                .ifPresent(why -> faults.add(access.getDescription() + ": " + why));
          }
        }
      }
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void manifestsAreReadByOneReader() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      if (!MANIFEST_READERS.contains(type.getName())) {
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          accesses(unit).stream()
              .filter(access -> readsManifests(access.getTarget()))
              .forEach(access -> faults.add(access.getDescription()));
        }
      }
    }

    assertThat(faults).as("reads of manifests whose failures have other meanings").isEmpty();
  }

  @Test
  void theOldDateClassesAreNotUsed() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      type.getDirectDependenciesFromSelf().stream()
          .filter(
              dependency ->
                  Set.of("java.util.Date", "java.util.Calendar", "java.util.GregorianCalendar")
                      .contains(dependency.getTargetClass().getName()))
          .forEach(dependency -> faults.add(dependency.getDescription()));
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void noTextDependsOnTheLocaleOfTheMachine() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        accesses(unit).stream()
            .filter(access -> takesDefaultLocale(access.getTarget()))
            .forEach(access -> faults.add(access.getDescription()));
      }
    }

    assertThat(faults).as("formats, and changes of case, without a Locale").isEmpty();
  }

  private static boolean takesDefaultLocale(CodeUnitAccessTarget target) {
    boolean takesLocale =
        target.getRawParameterTypes().stream()
            .anyMatch(type -> type.getName().equals("java.util.Locale"));
    return target.getOwner().getName().equals("java.lang.String")
        && Set.of("format", "formatted", "toLowerCase", "toUpperCase").contains(target.getName())
        && !takesLocale;
  }

  @Test
  void pathsAreMadeOfTextInNamedClasses() {
    Set<String> types = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        if (accesses(unit).stream().anyMatch(access -> makesPath(access.getTarget()))) {
          types.add(type.getSimpleName());
        }
      }
    }

    assertThat(types).isSubsetOf(PATHS_OF_TEXT);
  }

  private static boolean makesPath(CodeUnitAccessTarget target) {
    return (call("java.nio.file.Path", "of").test(target)
            && target.getRawParameterTypes().get(0).getName().equals("java.lang.String"))
        || call("java.nio.file.Paths", "get").test(target)
        || call("java.io.File", "<init>").test(target);
  }

  @Test
  void onlyNamedClassesDelete() {
    assertThat(callers(ForbiddenCallsTest::deletes)).isEqualTo(DELETING.keySet());
  }

  @Test
  void onlyNamedClassesDecideOnAccess() {
    assertThat(callers(ForbiddenCallsTest::decides)).isEqualTo(DECIDING.keySet());
  }

  /** The top-level classes with a call. */
  private static Set<String> callers(Predicate<CodeUnitAccessTarget> call) {
    Set<String> callers = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        if (accesses(unit).stream().anyMatch(access -> call.test(access.getTarget()))) {
          String name = type.getName().replace(PackageOrder.ROOT + ".", "");
          callers.add(name.replaceFirst("\\$.*", ""));
        }
      }
    }
    return callers;
  }

  private static boolean deletes(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    String name = target.getName();
    return (name.startsWith("delete")
            && (owner.equals("java.nio.file.Files")
                || owner.equals("java.io.File")
                || owner.startsWith("org.apache.iceberg.io.")
                || target.getOwner().isAssignableTo("org.apache.iceberg.io.FileIO")))
        || (name.equals("delete") && owner.endsWith(".DiskCalls"))
        || (owner.equals("org.apache.iceberg.CatalogUtil")
            && (name.startsWith("drop") || name.startsWith("delete")));
  }

  private static boolean decides(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    return owner.equals(PackageOrder.ROOT + ".internal.lakeformation.evaluation.AccessEvaluator")
        || owner.equals(PackageOrder.ROOT + ".internal.rights.AccessPolicy")
        || (owner.equals(PackageOrder.ROOT + ".internal.session.Authorizer")
            && target.getName().equals("<init>"));
  }

  private static Set<JavaCodeUnitAccess<?>> accesses(JavaCodeUnit unit) {
    Set<JavaCodeUnitAccess<?>> accesses = new HashSet<>();
    accesses.addAll(unit.getMethodCallsFromSelf());
    accesses.addAll(unit.getMethodReferencesFromSelf());
    accesses.addAll(unit.getConstructorCallsFromSelf());
    accesses.addAll(unit.getConstructorReferencesFromSelf());
    return accesses;
  }

  private static Optional<String> reasonAgainst(CodeUnitAccessTarget target) {
    return FORBIDDEN.stream()
        .filter(forbidden -> forbidden.call().test(target))
        .map(Forbidden::why)
        .findFirst();
  }

  private static Predicate<CodeUnitAccessTarget> call(String owner, String name) {
    return target -> target.getOwner().getName().equals(owner) && target.getName().equals(name);
  }

  private static boolean readsManifests(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    return (owner.equals("org.apache.iceberg.ManifestFiles") && !target.getName().equals("write"))
        || owner.equals("org.apache.iceberg.SnapshotChanges")
        || (owner.equals("org.apache.iceberg.Snapshot")
            && (target.getName().endsWith("Manifests") || target.getName().endsWith("Files")));
  }

  private static boolean asksWallClock(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    String name = target.getName();
    boolean takesClock =
        target.getRawParameterTypes().stream()
            .anyMatch(type -> type.getName().equals("java.time.Clock"));
    // System.nanoTime measures a span and tells no time, so it stays allowed.
    return call("java.lang.System", "currentTimeMillis").test(target)
        || (owner.startsWith("java.time.") && name.equals("now") && !takesClock)
        || (owner.equals("java.time.Clock") && (name.startsWith("system") || isTick(target)))
        || (owner.equals("java.time.InstantSource") && name.equals("system"));
  }

  private static boolean isTick(CodeUnitAccessTarget target) {
    return Set.of("tickMillis", "tickSeconds", "tickMinutes").contains(target.getName());
  }

  private static boolean isUnseeded(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    boolean made = target.getName().equals("<init>") && target.getRawParameterTypes().isEmpty();
    return (made && Set.of("java.util.Random", "java.util.SplittableRandom").contains(owner))
        || owner.equals("java.security.SecureRandom")
        || owner.equals("java.util.concurrent.ThreadLocalRandom")
        || call("java.lang.Math", "random").test(target);
  }

  private static boolean sleeps(CodeUnitAccessTarget target) {
    return call("java.lang.Thread", "sleep").test(target)
        || call("java.util.concurrent.TimeUnit", "sleep").test(target)
        || (target.getOwner().getName().equals("java.util.concurrent.locks.LockSupport")
            && target.getName().startsWith("park"));
  }

  private static boolean usesPool(CodeUnitAccessTarget target) {
    String name = target.getName();
    boolean future =
        target.getOwner().getName().equals("java.util.concurrent.CompletableFuture")
            && name.endsWith("Async");
    boolean takesExecutor =
        target.getRawParameterTypes().stream()
            .anyMatch(type -> type.getName().equals("java.util.concurrent.Executor"));
    return call("java.util.concurrent.ForkJoinPool", "commonPool").test(target)
        || name.equals("parallelStream")
        || (name.equals("parallel") && target.getOwner().getName().startsWith("java.util.stream."))
        || (future && !takesExecutor);
  }
}
