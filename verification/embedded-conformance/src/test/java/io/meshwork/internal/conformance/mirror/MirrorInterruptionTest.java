package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A run of mirrors that is interrupted, or meets others, is completed by the next one, from each
 * state of an object.
 */
class MirrorInterruptionTest extends MirrorEngineFixture {
  /** A crash of the process at a call. */
  private static final class ProcessCrash extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void anObjectThatChangesDuringARunIsComparedAgain() {
    service.want("a", 1);
    service.want("b", 1);
    run();
    service.want("a", 2);
    service.want("b", 2);
    service.want("c", 2);
    service.beforeCall =
        call -> {
          service.beforeCall = later -> {};
          service.put("a", 2);
          service.put("b", 9);
          service.put("c", 9);
        };

    Mirrors.Report report = run();

    assertThat(report.total(Work.ADOPTED)).isEqualTo(1);
    assertThat(codes(report))
        .containsExactlyInAnyOrder(FindingCode.MIRROR_CHANGED, FindingCode.MIRROR_FOREIGN);
    assertThat(service.objects)
        .containsEntry("b", InMemoryService.content(9))
        .containsEntry("c", InMemoryService.content(9));
  }

  /**
   * All states of one object: wanted, applied, interrupted, and found, each one of few contents.
   */
  @Test
  void eachStateOfAnObjectHasTheOutcomeOfTheThreeWayDifference() {
    List<Optional<Integer>> contents =
        List.of(Optional.empty(), Optional.of(1), Optional.of(2), Optional.of(3));
    for (Optional<Integer> applied : contents) {
      for (Optional<Integer> intended : contents) {
        for (Optional<Integer> actual : contents) {
          for (Optional<Integer> wanted : contents) {
            reachAndCompare(applied, intended, actual, wanted);
          }
        }
      }
    }
  }

  private int tables;

  private void reachAndCompare(
      Optional<Integer> applied,
      Optional<Integer> intended,
      Optional<Integer> actual,
      Optional<Integer> wanted) {
    String key = "x" + tables++;
    String state =
        "applied "
            + applied
            + ", intended "
            + intended
            + ", actual "
            + actual
            + ", wanted "
            + wanted;
    service.wanted.clear();
    applied.ifPresent(number -> service.want(key, number));
    run();
    service.wanted.remove(key);
    intended.ifPresent(number -> service.want(key, number));
    boolean interrupted = !applied.equals(intended);
    if (interrupted) {
      service.beforeCall =
          call -> {
            throw new ProcessCrash();
          };
      assertThatThrownBy(this::run).as(state).isInstanceOf(ProcessCrash.class);
      service.beforeCall = call -> {};
    }
    service.put(key, actual.orElse(null));
    service.wanted.remove(key);
    wanted.ifPresent(number -> service.want(key, number));
    service.calls.clear();

    Mirrors.Report report = run();

    boolean known = applied.isPresent() || interrupted;
    boolean ours = actual.equals(applied) || (interrupted && actual.equals(intended));
    String outcome = Optional.ofNullable(service.objects.get(key)).orElse("");
    String expected =
        actual.isEmpty() || (known && ours)
            ? wanted.map(InMemoryService::content).orElse("")
            : InMemoryService.content(actual.get());
    assertThat(outcome).as(state).isEqualTo(expected);
    boolean left = actual.isPresent() && !actual.equals(wanted) && !(known && ours);
    assertThat(codes(report))
        .as(state)
        .isEqualTo(
            left
                ? List.of(
                    applied.isPresent() ? FindingCode.MIRROR_CHANGED : FindingCode.MIRROR_FOREIGN)
                : List.of());
    assertThat(service.calls).as(state).hasSize(left || wanted.equals(actual) ? 0 : 1);
    service.put(key, null);
    service.wanted.clear();
    run();
  }

  /** Crashes before and after each call of a run; the next run completes it. */
  @Test
  void aRunThatIsInterruptedAtAnyCallIsCompletedByTheNext() {
    for (int call = 1; call <= 7; call++) {
      for (boolean before : List.of(true, false)) {
        service.batchSize = 1 + call % 3;
        String prefix = "p" + call + before;
        prepare(prefix);
        crashAt(call, before);
        assertThatThrownBy(this::run).isInstanceOf(ProcessCrash.class);
        service.beforeCall = each -> {};
        service.afterCall = each -> {};

        Mirrors.Report report = run();

        assertThat(report.remaining())
            .as(prefix)
            .extracting(Finding::where)
            .containsOnly(foreign());
        assertThat(ours()).as(prefix).isEqualTo(service.wanted);
        assertThat(service.objects).as(prefix).containsEntry("foreign", InMemoryService.content(5));
        service.calls.clear();
        assertThat(run().isEmpty()).as(prefix).isTrue();
        assertThat(service.calls).as(prefix).isEmpty();
      }
    }
  }

  private static String foreign() {
    return "memory foreign in 222222222222";
  }

  private Map<String, String> ours() {
    Map<String, String> ours = new TreeMap<>(service.objects);
    ours.remove("foreign");
    return ours;
  }

  /** Prepares two objects to make, two to change, and three to remove. */
  private void prepare(String prefix) {
    service.put("foreign", 5);
    service.wanted.clear();
    for (String name : List.of("c", "d", "r", "r/one", "s")) {
      service.want(prefix + name, 1);
    }
    run();
    service.wanted.clear();
    for (String name : List.of("c", "d", "m", "m/one")) {
      service.want(prefix + name, 2);
    }
    service.calls.clear();
  }

  private void crashAt(int number, boolean before) {
    int[] count = {0};
    if (before) {
      service.beforeCall =
          call -> {
            if (++count[0] == number) {
              throw new ProcessCrash();
            }
          };
    } else {
      service.afterCall =
          call -> {
            if (++count[0] == number) {
              throw new ProcessCrash();
            }
          };
    }
  }

  @Test
  void whatSeveralInterruptedRunsLeftIsStillOfTheMesh() {
    service.want("a", 1);
    run();
    service.want("a", 2);
    crashAt(1, false);
    assertThatThrownBy(this::run).isInstanceOf(ProcessCrash.class);
    service.afterCall = call -> {};
    service.want("a", 3);
    crashAt(1, true);
    assertThatThrownBy(this::run).isInstanceOf(ProcessCrash.class);
    service.beforeCall = call -> {};
    assertThat(service.objects).containsEntry("a", InMemoryService.content(2));

    Mirrors.Report report = run();

    assertThat(report.remaining()).isEmpty();
    assertThat(report.total(Work.CHANGED)).isEqualTo(1);
    assertThat(service.objects).containsEntry("a", InMemoryService.content(3));
    upToDate();
  }

  /** Random changes of the mesh and of others, crashes, runs, and repairs. */
  @Test
  void whateverHappensOthersKeepTheirObjectsAndTheMeshGetsIts() {
    for (long seed = 1; seed <= 25; seed++) {
      Random random = new Random(seed);
      service.batchSize = 1 + random.nextInt(4);
      service.objects.clear();
      service.wanted.clear();
      repair();
      Set<String> foreign = new TreeSet<>();
      for (int step = 0; step < 30; step++) {
        String key = "k" + random.nextInt(4);
        switch (random.nextInt(6)) {
          case 0 -> service.want(key, random.nextInt(3));
          case 1 -> service.wanted.remove(key);
          case 2 -> {
            if (!service.objects.containsKey("f" + key)) {
              service.put("f" + key, 100 + step);
              foreign.add("f" + key);
            }
          }
          case 3 -> service.put(key, random.nextBoolean() ? null : 50 + step);
          case 4 -> {
            crashAt(1 + random.nextInt(3), random.nextBoolean());
            try {
              run();
            } catch (ProcessCrash expected) {
              assertThat(expected).hasMessage(null);
            }
            service.beforeCall = call -> {};
            service.afterCall = call -> {};
          }
          default -> run();
        }
      }
      Map<String, String> strangers = new TreeMap<>(service.objects);
      strangers.keySet().retainAll(foreign);

      repair();

      Set<String> refused = new TreeSet<>();
      mesh.mirrors()
          .verify()
          .problems()
          .forEach(finding -> refused.add(finding.where().split(" ", -1)[1]));
      Map<String, String> expected = new TreeMap<>(service.wanted);
      expected.keySet().removeAll(refused);
      assertThat(service.objects).as("seed " + seed).containsAllEntriesOf(strangers);
      assertThat(service.objects).as("seed " + seed).containsAllEntriesOf(expected);
      service.calls.clear();
      run();
      assertThat(service.calls).as("seed " + seed).isEmpty();
      foreign.forEach(key -> service.put(key, null));
    }
  }
}
