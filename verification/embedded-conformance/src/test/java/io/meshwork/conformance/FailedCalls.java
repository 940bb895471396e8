package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.MeshPlace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Fails each call that an operation makes to the registry and to the files once, without effect,
 * and judges what the operation reports: whether the code, the sentences, and {@code retryable} are
 * true. Nothing is damaged, and the next call succeeds.
 */
final class FailedCalls {
  private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

  private static final Set<Port> READS =
      EnumSet.of(Port.REGISTRY_READ, Port.REGISTRY_LIST, Port.FILE_READ, Port.FILE_LIST);

  private static final Set<Port> COMMITS = EnumSet.of(Port.REGISTRY_COMMIT, Port.REGISTRY_RESOLVE);

  /** Documents that say nothing of a change: who wrote files, and what was not committed. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "[^ ]*(/@reads .*| (attempt|writers|fence|cursor|usage)/.*| clock)|_mesh (format|head|log/.*)");

  private static final Pattern NOTHING = Pattern.compile("Nothing was [a-z]+\\.");

  private static final Pattern DAMAGE = Pattern.compile("missing|damaged|corrupt|backup");

  private final CrashCase operation;
  private final List<String> untrue = Collections.synchronizedList(new ArrayList<>());
  private int[] calls = {};

  private FailedCalls(CrashCase operation) {
    this.operation = operation;
  }

  /** Runs the operation once for each call. */
  static FailedCalls of(CrashCase operation) {
    FailedCalls failed = new FailedCalls(operation);
    try (MeshPlace prepared = operation.at(MeshPlace.inMemory(), false)) {
      try (Mesh mesh = open(prepared, Duration.ZERO, 1, Faults.seeded(1), new ArrayList<>())) {
        operation.setUp().accept(mesh);
      }
      List<String> calls;
      try (MeshPlace place = prepared.copy().orElseThrow()) {
        calls = failed.record(place);
      }
      failed.calls = IntStream.range(0, calls.size()).filter(call -> isEnd(calls, call)).toArray();
      IntStream.of(failed.calls).parallel().forEach(call -> failed.fail(prepared, call + 1));
    }
    return failed;
  }

  /** Returns the calls without a failure: the port and the subject of each. */
  private List<String> record(MeshPlace place) {
    Faults faults = Faults.seeded(1);
    try (Mesh mesh = open(place, operation.passing(), 2, faults, new ArrayList<>())) {
      int before = faults.calls();
      operation.act().accept(mesh);
      return faults.trace().lines().skip(before).map(line -> line.split(" ", 2)[1]).toList();
    }
  }

  /** Of successive calls for one file or document, the first and the last fail. */
  private static boolean isEnd(List<String> calls, int call) {
    String now = calls.get(call);
    return call == 0
        || call == calls.size() - 1
        || !now.equals(calls.get(call - 1))
        || !now.equals(calls.get(call + 1));
  }

  /** The number of calls that failed. */
  int calls() {
    return calls.length;
  }

  /** What was reported and is not true. */
  List<String> untrue() {
    return untrue;
  }

  private static Mesh open(
      MeshPlace place, Duration passed, long process, Faults faults, List<Registry> registries) {
    ManualClock clock = ManualClock.at(START);
    if (!passed.isZero()) {
      clock.advance(passed);
    }
    return place
        .open()
        .clock(clock)
        .testing()
        .sleeper(clock::advance)
        .testing()
        .idSeed(process)
        .testing()
        .wrapRegistry(
            real -> {
              registries.add(real);
              return faults.registry(real);
            })
        .testing()
        .wrapFiles(faults::files)
        .notifier("notifier", faults.notifier(notice -> {}))
        .open();
  }

  private void fail(MeshPlace prepared, int call) {
    Faults faults = Faults.seeded(1);
    List<Registry> registries = new ArrayList<>();
    try (MeshPlace place = prepared.copy().orElseThrow();
        Mesh mesh = open(place, operation.passing(), 2, faults, registries)) {
      Map<String, String> before = documents(registries.get(0));
      faults.onAny().nth(call).failBefore();
      try {
        operation.act().accept(mesh);
      } catch (RuntimeException | AssertionError e) {
        judge(failed(faults), e, before, documents(registries.get(0)));
      }
    }
  }

  /** Returns the number, the port, and the subject of the call that failed. */
  private static String failed(Faults faults) {
    return faults.trace().lines().filter(line -> line.contains(" -> ")).findFirst().orElseThrow();
  }

  private static Map<String, String> documents(Registry registry) {
    Map<String, String> documents = new TreeMap<>();
    for (String partition : registry.partitions()) {
      String cursor = null;
      do {
        Registry.Page page = registry.list(partition, "", cursor);
        for (Document document : page.documents()) {
          String key = partition + " " + document.key().sort();
          if (!BESIDE.matcher(key).matches()) {
            documents.put(key, document.json());
          }
        }
        cursor = page.nextCursor();
      } while (cursor != null);
    }
    return documents;
  }

  private void judge(
      String met, Throwable failure, Map<String, String> before, Map<String, String> after) {
    List<String> faults = new ArrayList<>();
    if (failure instanceof MeshException reported) {
      faults.addAll(faultsOf(Port.valueOf(met.split(" ", 4)[1]), met.split(" ", 4)[2], reported));
      if (operation.isOneCall()
          && NOTHING.matcher(reported.state()).matches()
          && !before.equals(after)) {
        faults.add("it changed " + changed(before, after));
      }
    } else {
      faults.add("it has no code");
    }
    faults.forEach(fault -> untrue.add(met + ": " + fault + ": " + failure));
  }

  private static List<String> faultsOf(Port port, String subject, MeshException reported) {
    boolean read = READS.contains(port);
    if (reported.errorCode() == ErrorCode.SOURCE_UNREADABLE && subject.startsWith(LakeFiles.ROOT)) {
      return List.of(); // the caller's own file
    }
    Set<ErrorCode> codes = EnumSet.of(ErrorCode.BACKEND_FAILED);
    if (COMMITS.contains(port)) {
      codes.add(ErrorCode.OUTCOME_UNKNOWN);
    } else if (!read) {
      codes.add(ErrorCode.STORAGE_UNWRITABLE);
    }
    List<String> faults = new ArrayList<>();
    if (!codes.contains(reported.errorCode())) {
      faults.add("its code is none of " + codes);
    }
    if (read && !reported.retryable()) {
      faults.add("a retry would succeed");
    }
    if (DAMAGE.matcher(reported.reason() + reported.fix()).find()) {
      faults.add("nothing is damaged");
    }
    if (reported.fix().isEmpty()) {
      faults.add("it does not say what to do");
    }
    return faults;
  }

  private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    keys.removeIf(key -> before.getOrDefault(key, "").equals(after.getOrDefault(key, "")));
    return keys;
  }
}
