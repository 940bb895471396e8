package io.meshwork.aws;

import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A fault at the calls of one operation.
 *
 * @param call the service and operation, such as {@code glue:CreateTable}
 * @param kind what happens
 * @param number which of these calls of a run is concerned; 0 for all, so that the SDK gives up
 */
record MirrorFault(String call, Kind kind, int number) {
  /** Batches of which one entry can fail. */
  private static final Set<String> BATCHES =
      Set.of("lakeformation:BatchGrantPermissions", "lakeformation:BatchRevokePermissions");

  /** What happens to a call. */
  enum Kind {
    THROTTLE(FaultRule::throttle),
    FAIL_500(FaultRule::fail500),
    LOSE_REPLY(FaultRule::loseReply),
    HANG(FaultRule::hang),
    EXPIRE_TOKEN(FaultRule::expireToken),
    FAIL_ENTRY(FaultRule::failEntry),
    KILL_AFTER_FIRST(FaultRule::killCaller),
    KILL_AFTER_LAST(FaultRule::killCaller);

    private final Consumer<FaultRule> setter;

    Kind(Consumer<FaultRule> setter) {
      this.setter = setter;
    }
  }

  /** True if it ends the process. */
  boolean kills() {
    return kind == Kind.KILL_AFTER_FIRST || kind == Kind.KILL_AFTER_LAST;
  }

  void setOn(AwsEmulator aws) {
    String[] parts = call.split(":", 2);
    FaultRule rule = aws.on(parts[0], parts[1]);
    kind.setter.accept(number == 0 ? rule : rule.nth(number));
  }

  @Override
  public String toString() {
    return kind + " at " + call + (number == 0 ? "" : " " + number);
  }

  /**
   * Distributes a fault of each kind at each operation over walks, each of which has one fault at
   * most in each step.
   *
   * @param calls the calls of each step in a walk without faults
   * @return for each walk, the faults of its steps
   */
  static List<List<Optional<MirrorFault>>> walks(List<List<String>> calls) {
    List<List<MirrorFault>> ofSteps = new ArrayList<>();
    calls.forEach(step -> ofSteps.add(new ArrayList<>()));
    Set<String> operations = new TreeSet<>();
    calls.forEach(operations::addAll);
    operations.stream()
        .sorted(Comparator.comparing(operation -> stepsWith(operation, calls).size()))
        .forEach(operation -> distribute(operation, calls, ofSteps));
    int most = ofSteps.stream().mapToInt(List::size).max().orElse(0);
    List<List<Optional<MirrorFault>>> walks = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      int number = i;
      walks.add(
          ofSteps.stream()
              .map(step -> step.size() > number ? Optional.of(step.get(number)) : NONE)
              .toList());
    }
    return walks;
  }

  private static final Optional<MirrorFault> NONE = Optional.empty();

  private static List<Integer> stepsWith(String operation, List<List<String>> calls) {
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).contains(operation)) {
        steps.add(i);
      }
    }
    return steps;
  }

  /** Gives each kind of fault to the step with the fewest so far, of those that make the call. */
  private static void distribute(
      String operation, List<List<String>> calls, List<List<MirrorFault>> ofSteps) {
    List<Integer> steps = stepsWith(operation, calls);
    for (Kind kind : Kind.values()) {
      if (kind == Kind.FAIL_ENTRY && !BATCHES.contains(operation)) {
        continue;
      }
      steps.stream()
          .filter(
              step ->
                  kind != Kind.KILL_AFTER_LAST
                      || Collections.frequency(calls.get(step), operation) > 1)
          .min(Comparator.comparing(step -> ofSteps.get(step).size()))
          .ifPresent(
              step -> {
                int times = Collections.frequency(calls.get(step), operation);
                ofSteps
                    .get(step)
                    .add(new MirrorFault(operation, kind, numberOf(operation, kind, times)));
              });
    }
  }

  /** How many batches a run sends depends on the order of IDs, and is a few more or less. */
  private static int numberOf(String operation, Kind kind, int times) {
    return switch (kind) {
      case KILL_AFTER_FIRST -> 1;
      case KILL_AFTER_LAST -> BATCHES.contains(operation) ? Math.max(1, times - 3) : times;
      default -> 0;
    };
  }
}
