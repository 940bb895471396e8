package io.meshwork.walk;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A mesh with one product, its model, and the program that a walk wrote so far. */
final class RolloutWorld implements AutoCloseable {
  static final String PRODUCT = "shop/orders";

  /** Codes that blame the store, although nothing happened to it. */
  private static final Set<ErrorCode> OF_THE_STORE =
      EnumSet.of(
          ErrorCode.BACKEND_FAILED,
          ErrorCode.OUTCOME_UNKNOWN,
          ErrorCode.DATA_DAMAGED,
          ErrorCode.REGISTRY_CORRUPT,
          ErrorCode.STORAGE_UNWRITABLE,
          ErrorCode.PLACE_NOT_OWN,
          ErrorCode.CALLER_CODE_FAILED,
          ErrorCode.SOURCE_FAILED);

  /** Codes that a failed read may have. */
  private static final Set<ErrorCode> OF_A_FAILED_READ =
      EnumSet.of(ErrorCode.BACKEND_FAILED, ErrorCode.OUTCOME_UNKNOWN);

  final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  final RolloutModel model = new RolloutModel();
  final Map<Law, Long> checked = new EnumMap<>(Law.class);
  final Map<String, OpenedSubscription> subscriptions = new HashMap<>();
  final ShopProcess one;
  final ShopProcess two;
  private final @Nullable Path folder;
  private final List<String> program = new ArrayList<>();
  private @Nullable Fault fault;
  private long nextNumber = 1;
  private boolean called;
  private boolean changed;
  private boolean disturbed;
  private String refusal = "";

  /** Calls the mesh in a process. */
  interface Call {
    void run(ShopProcess process);
  }

  /**
   * Opens a mesh.
   *
   * @param onFiles true for one with SQLite in a temporary folder, false for one in memory
   */
  RolloutWorld(boolean onFiles) throws IOException {
    folder = onFiles ? Files.createTempDirectory("walk") : null;
    one = folder == null ? ShopProcess.inMemory(clock) : ShopProcess.in(folder, clock);
    two = one.another();
  }

  /**
   * What happens to the next call.
   *
   * @param fails true if it can fail because of it
   * @param code how a program arms it, with an at sign for the other process
   */
  record Fault(boolean fails, String code, Trigger trigger) {}

  /** Arms a fault. */
  interface Trigger {
    void arm(Faults faults, ShopProcess other);
  }

  long nextNumber() {
    return nextNumber++;
  }

  List<String> program() {
    return List.copyOf(program);
  }

  void line(String text) {
    program.add(text);
  }

  /** Starts a step, which has not called the mesh yet. */
  void startStep() {
    called = false;
    changed = false;
    disturbed = false;
  }

  /** Returns true if the step called the mesh. */
  boolean hasCalled() {
    return called;
  }

  /** Returns true if the mesh accepted a call of the step, or may have before it failed. */
  boolean hasChanged() {
    return changed || disturbed;
  }

  /** Returns true if something happened to the mesh during a call of the step. */
  boolean isDisturbed() {
    return disturbed;
  }

  /** Lets time pass. */
  void pass(Duration time) {
    clock.advance(time);
    line("clock.advance(Duration.parse(\"" + time + "\"));");
  }

  void fault(Fault next) {
    fault = next;
  }

  ShopProcess process(RolloutStep step) {
    return step.first() % 4 == 3 ? two : one;
  }

  void count(Law law) {
    checked.merge(law, 1L, Long::sum);
  }

  /** Requires what a law says. */
  void require(Law law, boolean holds, String sentence, String show) {
    count(law);
    if (!holds) {
      throw new BrokenLaw(law, sentence, show);
    }
  }

  /**
   * Calls the mesh, and again after a fault.
   *
   * @param text the call as a program writes it, with an at sign for the process
   * @return true if it was accepted
   */
  boolean call(RolloutStep step, String text, Call call) {
    return call(process(step), text, call);
  }

  /** Calls the mesh in a process. */
  boolean call(ShopProcess process, String text, Call call) {
    Fault met = fault;
    fault = null;
    called = true;
    if (met != null) {
      disturbed = true;
      ShopProcess peer = process == one ? two : one;
      line(process.name + ".faults." + met.code().replace("@", peer.name + ".") + ";");
      line(process.name + ".armed = true;");
      met.trigger().arm(process.faults(), peer);
    }
    line("attempt(" + process.name + ", () -> " + text.replace("@", process.name + ".") + ");");
    try {
      call.run(process);
      process.faults().clear();
      changed = true;
      count(Law.L8);
      return true;
    } catch (SimulatedCrash e) {
      line("// The process ended, and starts again.");
      process.restart();
      return again(process, text, call);
    } catch (MeshException e) {
      return refused(process, text, call, met, e);
    } catch (BrokenLaw e) {
      throw e;
    } catch (RuntimeException e) {
      throw bare(text, e);
    }
  }

  /**
   * Previews a call, makes it, and requires that both judge alike.
   *
   * @param text the operation as a program writes it, without its last call
   * @param preview returns true if the preview says that the call will be accepted
   * @return true if it was accepted
   */
  boolean callAsPreviewed(
      RolloutStep step, String text, Predicate<ShopProcess> preview, Call commit) {
    boolean[] expected = {false};
    boolean allowed =
        call(step, text + ".plan()", process -> expected[0] = preview.test(process)) && expected[0];
    boolean done = call(step, text + ".commit()", commit);
    require(
        Law.L7,
        allowed == done,
        "a preview is "
            + (done ? "refused" : "accepted")
            + ", and the commit is not: "
            + text.replace("@", ""),
        "");
    return done;
  }

  private static BrokenLaw bare(String text, RuntimeException e) {
    return new BrokenLaw(Law.L8, "a call ends with " + e.getClass().getName() + ": " + text, "");
  }

  private boolean refused(
      ShopProcess process, String text, Call call, @Nullable Fault met, MeshException e) {
    if (met == null || !met.fails() || !OF_THE_STORE.contains(e.errorCode())) {
      process.faults().clear();
      judge(e);
      return false;
    }
    require(
        Law.L8,
        OF_A_FAILED_READ.contains(e.errorCode()),
        "a read that failed is reported as " + e.errorCode() + ": " + e.getMessage(),
        "");
    process.faults().clear();
    return again(process, text, call);
  }

  private boolean again(ShopProcess process, String text, Call call) {
    try {
      call.run(process);
      count(Law.L8);
      return true;
    } catch (MeshException e) {
      judge(e);
      return false;
    } catch (BrokenLaw e) {
      throw e;
    } catch (RuntimeException e) {
      throw bare(text, e);
    }
  }

  /** Returns the message of the last refusal. */
  String refusal() {
    return refusal;
  }

  private void judge(MeshException e) {
    refusal = String.valueOf(e.getMessage());
    line("// refused: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
    require(
        Law.L8,
        !OF_THE_STORE.contains(e.errorCode())
            && !String.valueOf(e.getMessage()).contains("bug in Meshwork"),
        "a call is refused with " + e.errorCode() + ", and nothing failed: " + e.getMessage(),
        "");
  }

  @Override
  public void close() {
    one.close();
    two.close();
    if (folder != null) {
      FileTree.delete(folder);
    }
  }
}
