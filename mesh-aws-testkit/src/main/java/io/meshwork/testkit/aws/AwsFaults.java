package io.meshwork.testkit.aws;

import java.util.ArrayList;
import java.util.List;

/** The faults of an emulator, and the calls that it received. Thread-safe. */
final class AwsFaults {
  /** What happens to a call. */
  enum Kind {
    NONE,
    THROTTLE,
    FAIL_500,
    CONFLICT,
    LOSE_REPLY,
    HANG,
    EXPIRE_TOKEN,
    FAIL_ENTRY,
    /** The caller is killed once the call took effect. */
    KILL_CALLER,
    /** The caller was killed before: the call is not sent. */
    KILLED
  }

  private final List<Call> calls = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  /**
   * A call.
   *
   * @param caller the ARN of the role, or of the user
   * @param name the service and operation
   */
  private record Call(String caller, String name) {}

  /** True from the call that killed its caller until the next reset. */
  private boolean isCallerKilled;

  /**
   * Sets a fault.
   *
   * @param call the service and operation, such as {@code s3:PutObject}; {@code s3:*} matches every
   *     operation
   * @param number which matching call from now on fails, from 1; 0 for each
   */
  synchronized void add(String call, int number, Kind kind) {
    rules.add(new Rule(call, number, kind));
  }

  /**
   * Records a call and returns its fault: the one that was set first, if several match. What a
   * killed caller still sends is not recorded.
   *
   * @param isOfService true for a call that a service makes for the caller; such calls continue
   *     after the caller was killed
   */
  synchronized Kind next(String caller, String service, String operation, boolean isOfService) {
    if (isCallerKilled && !isOfService) {
      return Kind.KILLED;
    }
    calls.add(new Call(caller, service + ":" + operation));
    Kind kind = Kind.NONE;
    for (Rule rule : rules) {
      if (rule.matches(service, operation) && rule.isDue() && kind == Kind.NONE) {
        kind = rule.kind;
      }
    }
    isCallerKilled |= kind == Kind.KILL_CALLER;
    return kind;
  }

  synchronized List<String> calls() {
    return calls.stream().map(Call::name).toList();
  }

  synchronized List<String> callsOf(String caller) {
    return calls.stream().filter(call -> call.caller().equals(caller)).map(Call::name).toList();
  }

  synchronized void reset() {
    calls.clear();
    rules.clear();
    isCallerKilled = false;
  }

  private static final class Rule {
    private final String call;
    private final int number;
    private final Kind kind;
    private int matched;

    Rule(String call, int number, Kind kind) {
      this.call = call;
      this.number = number;
      this.kind = kind;
    }

    boolean matches(String service, String operation) {
      return call.equals(service + ":" + operation) || call.equals(service + ":*");
    }

    /** Counts a matching call. */
    boolean isDue() {
      matched++;
      return number == 0 || matched == number;
    }
  }
}
