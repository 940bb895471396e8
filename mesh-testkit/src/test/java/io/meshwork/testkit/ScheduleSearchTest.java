package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.testkit.CallTurns.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleSearchTest {
  /** The calls of both processes in the order of a schedule, such as {@code aabba}. */
  private record Trace(String calls) {
    static Trace of(int[] schedule, int ofA, int ofB) {
      StringBuilder calls = new StringBuilder();
      int[] left = {ofA, ofB};
      int running = 0;
      for (int turn : schedule) {
        calls.append(name(running).repeat(turn));
        left[running] -= turn;
        running = 1 - running;
      }
      calls.append(name(running).repeat(left[running]));
      return new Trace(calls + name(1 - running).repeat(left[1 - running]));
    }

    private static String name(int process) {
      return process == 0 ? "a" : "b";
    }
  }

  /** All orders of so many calls. */
  private static List<String> orders(int ofA, int ofB) {
    List<String> orders = new ArrayList<>();
    if (ofA + ofB == 0) {
      orders.add("");
    }
    if (ofA > 0) {
      orders(ofA - 1, ofB).forEach(rest -> orders.add("a" + rest));
    }
    if (ofB > 0) {
      orders(ofA, ofB - 1).forEach(rest -> orders.add("b" + rest));
    }
    return orders;
  }

  /** How often a process that has more calls waits for the other. */
  private static int preemptions(String calls) {
    int preemptions = 0;
    for (int i = 1; i < calls.length(); i++) {
      char before = calls.charAt(i - 1);
      if (calls.charAt(i) != before && calls.indexOf(before, i) > 0) {
        preemptions++;
      }
    }
    return preemptions;
  }

  private static List<Step> steps(Trace trace) {
    return trace
        .calls()
        .chars()
        .mapToObj(call -> new Step(call == 'a' ? 0 : 1, new Accesses()))
        .toList();
  }

  private static List<String> found(int ofA, int ofB) {
    ScheduleSearch search = ScheduleSearch.full(15, 3);
    List<String> found = new ArrayList<>();
    ScheduleSearch.Runner runner =
        schedule -> {
          Trace trace = Trace.of(schedule, ofA, ofB);
          found.add(trace.calls());
          return steps(trace);
        };
    search.start(new int[0], runner);
    search.start(new int[] {0}, runner);
    while (!search.isComplete()) {
      search.next(runner);
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,4", "4,1", "2,2", "5,4", "4,5", "6,6"})
  void eachOrderWithAtMostThreePreemptionsIsFoundOnce(int ofA, int ofB) {
    List<String> expected =
        orders(ofA, ofB).stream().filter(calls -> preemptions(calls) <= 3).toList();

    assertThat(found(ofA, ofB)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(ScheduleSearch.estimate(ofA, ofB)).isEqualTo(expected.size());
  }

  private record Found(Set<String> outcomes, int schedules) {}

  private static Found found(RandomProgram program, ScheduleSearch search) {
    Set<String> outcomes = new HashSet<>();
    int[] schedules = {0};
    ScheduleSearch.Runner runner =
        schedule -> {
          RandomProgram.Result result = program.run(schedule);
          outcomes.add(result.outcome());
          schedules[0]++;
          return result.steps();
        };
    search.start(new int[0], runner);
    search.start(new int[] {0}, runner);
    while (!search.isComplete()) {
      search.next(runner);
    }
    return new Found(outcomes, schedules[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aReducedSearchFindsEachOutcomeOfGeneratedPrograms(int preemptions) {
    int schedules = 0;
    int reduced = 0;
    int races = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      RandomProgram program = RandomProgram.of(new Random(seed));
      Found all = found(program, ScheduleSearch.full(seed, preemptions));
      Found fewer = found(program, ScheduleSearch.reduced(seed, preemptions));
      assertThat(fewer.outcomes()).as("seed %d", seed).isEqualTo(all.outcomes());
      schedules += all.schedules();
      reduced += fewer.schedules();
      races += all.outcomes().size() > 2 ? 1 : 0;
    }

    assertThat(races)
        .as("programs with an outcome that no order without preemption has")
        .isGreaterThan(100);
    assertThat(reduced).as("of %d schedules", schedules).isLessThan(schedules * 3 / 4);
  }
}
