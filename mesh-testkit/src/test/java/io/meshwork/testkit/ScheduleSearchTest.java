package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleSearchTest {
  /** The calls of both processes in the order of a schedule, such as {@code aabba}. */
  private record Trace(String calls, int callsOfLastTurn) {
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
      return new Trace(calls + name(1 - running).repeat(left[1 - running]), left[running]);
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

  private static List<String> found(int ofA, int ofB) {
    ScheduleSearch search = new ScheduleSearch(15);
    List<String> found = new ArrayList<>();
    for (int[] serial : List.of(new int[0], new int[] {0})) {
      Trace trace = Trace.of(serial, ofA, ofB);
      search.add(serial, trace.callsOfLastTurn());
      found.add(trace.calls());
    }
    while (!search.isComplete()) {
      int[] schedule = search.next();
      Trace trace = Trace.of(schedule, ofA, ofB);
      search.add(schedule, trace.callsOfLastTurn());
      found.add(trace.calls());
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

  @Test
  void aSampleAlternatesBetweenOnePreemptionAndMore() {
    ScheduleSearch search = new ScheduleSearch(15);
    search.add(new int[0], 10);
    List<Integer> turns = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int[] schedule = search.next();
      turns.add(schedule.length);
      search.add(schedule, 10);
    }

    assertThat(turns.get(0)).isEqualTo(1);
    assertThat(turns.get(2)).isEqualTo(1);
    assertThat(turns.get(4)).isEqualTo(1);
    assertThat(List.of(turns.get(1), turns.get(3), turns.get(5)))
        .allMatch(length -> length == 2 || length == 3);
  }
}
